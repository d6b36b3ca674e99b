import { mint, NOW, revoke, template, update } from '../../test/support/madeFacts.js';
import type { Fact } from '../events/fact.js';
import { Aggregator } from './aggregator.js';
import { dayOf, lastDays } from './calendar.js';

const day = (date: string): number => dayOf(Date.parse(date));

function issuance(facts: readonly Fact[], now = NOW, range = lastDays(30, now)) {
  const aggregator = new Aggregator();
  aggregator.apply(facts.map((fact) => ({ fact, weight: 1 })));
  return aggregator.issuance(range, now);
}

describe('badges issued and revoked', () => {
  it('are zeros in full length when nothing happened', () => {
    const empty = issuance([]);
    expect(empty).toMatchObject({ totalBadgesIssued: 0, totalBadgesRevoked: 0, activeBadges: 0 });
    expect(empty).toMatchObject({ byCategory: {}, byLevel: {}, byIssuer: {}, topBadges: [] });
    expect(empty.dailyIssuance).toHaveLength(30);
    expect(empty.weeklyIssuance).toHaveLength(12);
    expect(empty.monthlyIssuance).toHaveLength(12);
    expect(empty.dailyIssuance.every(({ count }) => count === 0)).toBe(true);
  });

  it.each([
    ['a revocation', [mint('1'), revoke('1')]],
    ['two revocations of one badge', [mint('1'), revoke('1'), revoke('1')]],
    ['a revocation that comes before the mint', [revoke('1'), mint('1')]],
  ])('count %s once', (_, facts) => {
    expect(issuance(facts)).toMatchObject({ totalBadgesIssued: 1, totalBadgesRevoked: 1, activeBadges: 0 });
  });

  it('do not count a revocation or an update of a badge that nobody minted', () => {
    const facts = [revoke('1'), update('2', 3, 'art')];
    expect(issuance(facts)).toMatchObject({ totalBadgesIssued: 0, totalBadgesRevoked: 0, activeBadges: 0 });
  });

  it('count the first mint of an id on the chain, and nothing of the others', () => {
    const late = mint('1', { to: 'BOB', by: 'OTHER', category: 'sport', level: 2, height: 9, at: '2026-02-01' });
    const first = mint('1', { by: 'ISSUER', category: 'art', level: 1, height: 8, at: '2026-02-03' });
    const { byCategory, byIssuer, byLevel, dailyIssuance } = issuance([late, first]);
    expect({ byCategory, byIssuer, byLevel }).toEqual({
      byCategory: { art: 1 },
      byIssuer: { ISSUER: 1 },
      byLevel: { 1: 1 },
    });
    expect(dailyIssuance.filter(({ count }) => count > 0)).toEqual([{ date: '2026-02-03', count: 1 }]);
  });
});

describe('issuance by level and category', () => {
  it('is as at the mint, whatever was updated since', () => {
    const { byCategory, byLevel } = issuance([mint('1', { level: 2, category: 'art' }), update('1', 5, 'sport')]);
    expect([byCategory, byLevel]).toEqual([{ art: 1 }, { 2: 1 }]);
  });

  it.each([
    ['of a batch mint comes from the template', [template('1', { category: 'art', level: 4 }), mint('1')], 'art', 4],
    ['comes from a template that is created late', [mint('1'), template('1', { category: 'art', level: 4 })], 'art', 4],
    ['is unknown and 0 without template', [mint('1')], 'unknown', 0],
    ['takes only what the mint does not say', [template('1', { level: 4 }), mint('1', { category: '' })], '', 4],
    [
      'comes from the first of two creations of one template',
      [mint('1'), template('1', { category: 'late', height: 8 }), template('1', { category: 'first', height: 7 })],
      'first',
      1,
    ],
  ])('%s', (_, facts, category, level) => {
    const { byCategory, byLevel } = issuance(facts);
    expect([byCategory, byLevel]).toEqual([{ [category]: 1 }, { [level]: 1 }]);
  });

  it('shows the 99 largest of more than 100 keys, and the rest with a real `other` under `other`', () => {
    const facts = Array.from({ length: 101 }, (_, n) => mint(`${n}`, { category: `c${n}`, level: n }));
    const more = [mint('a', { category: 'c100', level: 7 }), mint('b', { category: 'other', level: 7 })];
    const { byCategory, byLevel } = issuance([...facts, ...more]);
    expect(Object.keys(byCategory)).toHaveLength(100);
    expect(byCategory).toMatchObject({ c100: 2, c0: 1, other: 3 });
    // Of 102 keys three are left over: `c98`, `c99`, and `other` itself, the last ones by code unit.
    expect(byCategory).not.toHaveProperty('c99');
    expect([byLevel['7'], byLevel['98'], byLevel['99'], byLevel['other']]).toEqual([3, 1, undefined, 2]);
  });

  it('shows 100 keys as they are', () => {
    const facts = Array.from({ length: 100 }, (_, n) => mint(`${n}`, { category: `c${n}` }));
    expect(issuance(facts).byCategory).not.toHaveProperty('other');
  });
});

describe('issuance over time', () => {
  it('puts midnight into the new day and the millisecond before into the old one', () => {
    const facts = [mint('1', { at: '2026-02-13T23:59:59.999Z' }), mint('2', { at: '2026-02-14T00:00:00.000Z' })];
    expect(
      issuance(facts)
        .dailyIssuance.slice(-2)
        .map(({ count }) => count),
    ).toEqual([1, 1]);
    expect(issuance(facts)).toMatchObject({ badgesIssuedToday: 1, badgesIssuedThisWeek: 2, badgesIssuedThisMonth: 2 });
  });

  it('counts this week from Monday and this month from the first, to their ends', () => {
    const dates = ['2026-01-31', '2026-02-01', '2026-02-08', '2026-02-09', '2026-02-15', '2026-02-16', '2026-03-01'];
    const facts = dates.map((at, n) => mint(`${n}`, { at }));
    expect(issuance(facts)).toMatchObject({ badgesIssuedToday: 0, badgesIssuedThisWeek: 2, badgesIssuedThisMonth: 5 });
  });

  it('names week 53 by the year of its Thursday', () => {
    const now = Date.parse('2027-01-02T12:00:00Z');
    const { weeklyIssuance, monthlyIssuance } = issuance([mint('1', { at: '2026-12-28' })], now);
    expect(weeklyIssuance.slice(-2)).toEqual([
      { week: '2026-W52', count: 0 },
      { week: '2026-W53', count: 1 },
    ]);
    expect(monthlyIssuance.slice(-2)).toEqual([
      { month: '2026-12', count: 1 },
      { month: '2027-01', count: 0 },
    ]);
    expect(monthlyIssuance[0]?.month).toBe('2026-02');
  });

  it('gives the days of the range that is asked for, wherever it lies', () => {
    const range = { from: day('2026-02-28'), to: day('2026-03-01') };
    const { dailyIssuance } = issuance([mint('1', { at: '2026-03-01T05:00:00Z' })], NOW, range);
    expect(dailyIssuance).toEqual([
      { date: '2026-02-28', count: 0 },
      { date: '2026-03-01', count: 1 },
    ]);
  });
});
