import { mint, NOW, revoke, template, update } from '../../test/support/madeFacts.js';
import type { Fact } from '../events/fact.js';
import { Aggregator } from './aggregator.js';

function distribution(facts: readonly Fact[], now = NOW) {
  const aggregator = new Aggregator();
  aggregator.apply(facts.map((fact) => ({ fact, weight: 1 })));
  return aggregator.distribution(now);
}

/** `count` mints of one template. */
const mints = (templateId: string, count: number, at = '2026-02-14', to = 'ALICE'): Fact[] =>
  Array.from({ length: count }, (_, n) => mint(`${templateId}-${at}-${to}-${n}`, { template: templateId, at, to }));

describe('badges held', () => {
  it('are empty when nothing happened', () => {
    expect(distribution([])).toEqual({
      byCategory: [],
      byLevel: [],
      topBadges: [],
      trendingBadges: [],
      mostAwardedByCategory: {},
      badgesByIssuer: [],
    });
  });

  it('leave revoked ones out and follow the latest update on the chain', () => {
    const facts = [
      mint('1', { level: 1, category: 'art' }),
      update('1', 3, 'sport', { height: 2_000_000 }),
      update('1', 2, 'music', { height: 1_000_000 }),
      mint('2', { level: 1, category: 'art' }),
      revoke('2'),
      mint('3', { level: 1, category: 'art' }),
      mint('4', { level: 1, category: 'art' }),
    ];
    const { byCategory, byLevel } = distribution(facts);
    expect(byCategory).toEqual([
      { category: 'art', count: 2, percentage: 66.67 },
      { category: 'sport', count: 1, percentage: 33.33 },
    ]);
    expect(byLevel).toEqual([
      { level: 1, count: 2, percentage: 66.67 },
      { level: 3, count: 1, percentage: 33.33 },
    ]);
  });

  it('of a batch mint follow its template, until an update says otherwise', () => {
    const facts = [template('1', { category: 'art', level: 5 }), mint('1'), mint('2'), update('2', 9, 'sport')];
    expect(distribution(facts).byCategory.map(({ category }) => category)).toEqual(['art', 'sport']);
    expect(distribution(facts).byLevel.map(({ level }) => level)).toEqual([5, 9]);
  });

  it('take an update that came before the mint', () => {
    const { byCategory } = distribution([update('1', 2, 'sport'), mint('1', { category: 'art' })]);
    expect(byCategory).toEqual([{ category: 'sport', count: 1, percentage: 100 }]);
  });

  it('are ordered by count, then by number', () => {
    const facts = [9, 10, 100].flatMap((level) => [mint(`a${level}`, { level, category: `${level}` })]);
    expect(distribution(facts).byLevel.map(({ level }) => level)).toEqual([9, 10, 100]);
    expect(distribution(facts).byCategory.map(({ category }) => category)).toEqual(['9', '10', '100']);
  });

  it('have the rest of many categories in the place of its count, and no rest of levels', () => {
    const facts = Array.from({ length: 150 }, (_, n) => mint(`${n}`, { category: `${n}`, level: n }));
    const { byCategory, byLevel } = distribution(facts);
    expect(byCategory).toHaveLength(100);
    expect(byCategory[0]).toEqual({ category: 'other', count: 51, percentage: 34 });
    expect(byLevel).toHaveLength(100);
    expect(byLevel.at(-1)).toEqual({ level: 99, count: 1, percentage: 0.67 });
  });
});

describe('templates', () => {
  it('are ranked by issues, revoked ones included, with distinct recipients and issues a day', () => {
    const facts = [
      template('7', { name: 'First steps', category: 'art' }),
      ...mints('7', 2, '2026-02-14', 'ALICE'),
      ...mints('7', 1, '2026-01-16', 'BOB'),
      ...mints('7', 1, '2026-01-15', 'CAROL'),
      revoke('7-2026-02-14-ALICE-0'),
      ...mints('12', 4),
    ];
    expect(distribution(facts).topBadges).toEqual([
      { badgeId: '7', badgeName: 'First steps', category: 'art', issuedCount: 4, recipientCount: 3, issuanceRate: 0.1 },
      {
        badgeId: '12',
        badgeName: 'Badge 12',
        category: 'unknown',
        issuedCount: 4,
        recipientCount: 1,
        issuanceRate: 0.13,
      },
    ]);
  });

  it('that nobody was issued are in no list', () => {
    const { topBadges, trendingBadges, mostAwardedByCategory } = distribution([template('1')]);
    expect([topBadges, trendingBadges, mostAwardedByCategory]).toEqual([[], [], {}]);
  });

  it('trend by the last 7 days against the last 30, today included', () => {
    const facts = [
      ...mints('1', 3, '2026-02-08'),
      ...mints('1', 4, '2026-02-07'),
      ...mints('2', 1, '2026-01-16'),
      ...mints('3', 9, '2026-01-15'),
      ...mints('4', 9, '2026-02-15'),
    ];
    const named = (badgeId: string) => ({ badgeId, badgeName: `Badge ${badgeId}` });
    expect(distribution(facts).trendingBadges).toEqual([
      { ...named('1'), issuanceLast7Days: 3, issuanceLast30Days: 7, growth: 83.67 },
      { ...named('2'), issuanceLast7Days: 0, issuanceLast30Days: 1, growth: -100 },
      { ...named('3'), issuanceLast7Days: 0, issuanceLast30Days: 0, growth: 0 },
      { ...named('4'), issuanceLast7Days: 0, issuanceLast30Days: 0, growth: 0 },
    ]);
  });

  it('trend as of the day that is asked for, also when that day goes back', () => {
    const aggregator = new Aggregator();
    const add = (facts: readonly Fact[]) => aggregator.apply(facts.map((fact) => ({ fact, weight: 1 })));
    const last7 = (now: string) => aggregator.distribution(Date.parse(now)).trendingBadges[0]?.issuanceLast7Days;
    add(mints('1', 2, '2026-02-07'));
    expect([last7('2026-02-13'), last7('2026-02-14'), last7('2026-02-06'), last7('2026-02-13')]).toEqual([2, 0, 0, 2]);
    add(mints('1', 1, '2026-02-13'));
    expect([last7('2026-02-13'), last7('2026-02-14')]).toEqual([3, 1]);
  });

  it('are listed 15, 10 and 5 a category, ties by id', () => {
    const ids = Array.from({ length: 20 }, (_, n) => `${n + 1}`);
    const { topBadges, trendingBadges, mostAwardedByCategory } = distribution(
      ids.toReversed().flatMap((id) => mints(id, 1)),
    );
    expect(topBadges.map(({ badgeId }) => badgeId)).toEqual(ids.slice(0, 15));
    expect(trendingBadges.map(({ badgeId }) => badgeId)).toEqual(ids.slice(0, 10));
    expect(mostAwardedByCategory['unknown']?.map(({ badgeId }) => badgeId)).toEqual(ids.slice(0, 5));
  });

  it('are grouped by the category of the template, not of the mint, and at most 100 of these', () => {
    const categories = Array.from({ length: 101 }, (_, n) => `c${n}`);
    const facts = categories.flatMap((category) => [
      template(category, { category }),
      mint(`badge of ${category}`, { template: category, category: 'as printed' }),
    ]);
    const { mostAwardedByCategory } = distribution([...facts, ...mints('c99', 1)]);
    expect(Object.keys(mostAwardedByCategory)).toHaveLength(100);
    expect(mostAwardedByCategory).not.toHaveProperty('c98');
    expect(mostAwardedByCategory['c99']).toEqual([{ badgeId: 'c99', badgeName: 'Template c99', issuedCount: 2 }]);
  });
});

describe('issuers', () => {
  it('are the 20 with most issues, with their distinct templates', () => {
    const facts = Array.from({ length: 21 }, (_, n) => mint(`${n}`, { by: `ISSUER ${n}` }));
    const more = [mint('a', { by: 'ISSUER 20', template: '2' }), mint('b', { by: 'ISSUER 20', template: '2' })];
    const { badgesByIssuer } = distribution([...facts, ...more]);
    expect(badgesByIssuer).toHaveLength(20);
    expect(badgesByIssuer[0]).toEqual({ issuer: 'ISSUER 20', uniqueBadges: 2, totalIssued: 3 });
    expect(badgesByIssuer.at(-1)?.issuer).toBe('ISSUER 8');
  });
});
