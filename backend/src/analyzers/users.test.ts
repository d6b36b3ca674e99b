import { community, joined, member, mint, NOW, revoke, transfer } from '../../test/support/madeFacts.js';
import type { Fact } from '../events/fact.js';
import { Aggregator } from './aggregator.js';
import { dayOf, lastDays } from './calendar.js';

function users(facts: readonly Fact[], now = NOW) {
  const aggregator = new Aggregator();
  aggregator.apply(facts.map((fact) => ({ fact, weight: 1 })));
  return aggregator.users(lastDays(3, now), now);
}

describe('users', () => {
  it('are zeros in full length when nothing happened', () => {
    const empty = users([]);
    expect(empty).toMatchObject({
      totalUsers: 0,
      activeUsersThisMonth: 0,
      retentionRate: 0,
      averageBadgesPerUser: 0,
      userEngagement: { usersWithBadges: 0, usersWithMultipleBadges: 0, usersWithNoBadges: 0 },
      peakHour: 0,
      weeklyGrowth: null,
      monthlyGrowth: null,
    });
    expect(empty.hourlyIssuance).toEqual(new Array(24).fill(0));
    expect(empty.retentionCohorts.map(({ retained }) => retained.length)).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect([empty.dailyNewUsers.length, empty.weeklyNewUsers.length, empty.monthlyNewUsers.length]).toEqual([
      3, 12, 12,
    ]);
  });

  it('are recipients, creators, members, new owners and who joined; not issuers, nor who lost a contest', () => {
    const facts = [
      mint('1', { to: 'RECIPIENT', by: 'ISSUER', height: 1 }),
      mint('1', { to: 'SECOND RECIPIENT', height: 2 }),
      community('1', 'CREATOR', { height: 1 }),
      community('1', 'SECOND CREATOR', { height: 2 }),
      member('7', 'MEMBER'),
      transfer('8', 'NEW OWNER'),
      joined('JOINED'),
      joined('RECIPIENT'),
    ];
    expect(users(facts).totalUsers).toBe(5);
  });

  it('are first seen with their earliest fact of any kind', () => {
    const facts = [
      mint('1', { to: 'ANN', at: '2026-02-14' }),
      joined('ANN', { at: '2026-02-12' }),
      member('1', 'ANN', { at: '2026-02-13' }),
    ];
    expect(users(facts).dailyNewUsers.map(({ count }) => count)).toEqual([1, 0, 0]);
  });

  it('grow against the full week and month before', () => {
    const facts = ['2026-01-31', '2026-02-02', '2026-02-08', '2026-02-09'].map((at) => joined(`of ${at}`, { at }));
    expect(users(facts)).toMatchObject({ weeklyGrowth: -50, monthlyGrowth: 200 });
  });

  it('with one badge, with more and with none are told apart; revoked badges count', () => {
    const facts = [
      ...[mint('1', { to: 'ANN' }), mint('2', { to: 'ANN' }), revoke('1'), revoke('2')],
      ...[mint('3', { to: 'BEN' }), joined('CAT')],
    ];
    expect(users(facts)).toMatchObject({
      userEngagement: { usersWithBadges: 2, usersWithMultipleBadges: 1, usersWithNoBadges: 1 },
      averageBadgesPerUser: 1,
    });
  });
});

describe('active users', () => {
  it('are distinct in the day, the week and the month', () => {
    const dates = ['2026-02-01', '2026-02-09', '2026-02-10', '2026-02-14', '2026-02-14'];
    const facts = [
      ...dates.map((at, n) => mint(`${n}`, { to: 'ANN', at })),
      mint('b', { to: 'BEN', at: '2026-02-02' }),
    ];
    expect(users(facts)).toMatchObject({ activeUsersToday: 1, activeUsersThisWeek: 1, activeUsersThisMonth: 2 });
    expect(users(facts).dailyActiveUsers.map(({ count }) => count)).toEqual([0, 0, 1]);
  });

  it('of any range are as many as a set would hold, for ranges of days and of years', () => {
    const aggregator = new Aggregator();
    const mints = Array.from({ length: 400 }, (_, n) => ({
      user: `U${(n * 7) % 23}`,
      day: dayOf(NOW) - ((n * 37) % 900),
    }));
    aggregator.apply(
      mints.map(({ user, day }, n) => ({
        fact: mint(`${n}`, { to: user, at: new Date(day * 86_400_000).toISOString() }),
        weight: 1,
      })),
    );
    for (const length of [1, 2, 30, 400, 3_000]) {
      const range = lastDays(length, NOW);
      const recipients = mints.filter(({ day }) => day >= range.from).map(({ user }) => user);
      const active = aggregator.headline(range).find(({ metric }) => metric === 'activeUsers');
      expect(active?.value).toBe(new Set(recipients).size);
    }
  });
});

describe('peak hour', () => {
  it('is the earliest of the hours with most issues in the last 30 days', () => {
    const at = ['2026-02-14T09:59:59Z', '2026-01-16T09:00:00Z', '2026-02-01T21:30:00Z', '2026-02-02T21:00:00Z'];
    const old = ['2026-01-15T03:00:00Z', '2026-01-15T03:10:00Z', '2026-01-15T03:20:00Z', '2026-02-15T03:20:00Z'];
    const { peakHour, hourlyIssuance } = users([...at, ...old].map((time, n) => mint(`${n}`, { at: time })));
    expect([peakHour, hourlyIssuance[9], hourlyIssuance[21], hourlyIssuance[3]]).toEqual([9, 2, 2, 0]);
  });
});

describe('retention', () => {
  const firstSeen = (who: string, at: string): Fact => joined(who, { at });
  const badge = (who: string, at: string): Fact => mint(`${who} ${at}`, { to: who, at });

  it('is of users first seen 31 to 60 days ago, with a badge in the last 30', () => {
    const facts = [
      ...[firstSeen('60 ago', '2025-12-16'), badge('60 ago', '2026-01-16')],
      ...[firstSeen('31 ago', '2026-01-14'), badge('31 ago', '2026-02-14')],
      ...[firstSeen('too late', '2026-01-14'), badge('too late', '2026-01-15')],
      ...[firstSeen('61 ago', '2025-12-15'), badge('61 ago', '2026-02-01')],
      ...[firstSeen('30 ago', '2026-01-15'), badge('30 ago', '2026-02-01')],
    ];
    expect(users(facts).retentionRate).toBe(66.67);
  });

  it('also sees users whose latest badge lies after today, while the clock is behind', () => {
    const facts = [
      ...[firstSeen('returned', '2026-01-10'), badge('returned', '2026-02-10'), badge('returned', '2026-02-15')],
      ...[firstSeen('only later', '2026-01-10'), badge('only later', '2026-02-15')],
    ];
    expect(users(facts).retentionRate).toBe(50);
    expect(users(facts, NOW + 86_400_000).retentionRate).toBe(100);
  });

  it('of cohorts counts each user once a month, from the month of first sight to this one', () => {
    const facts = [
      ...[
        badge('ANN', '2025-11-30'),
        badge('ANN', '2025-12-01'),
        badge('ANN', '2025-12-31'),
        badge('ANN', '2026-02-01'),
      ],
      ...[firstSeen('BEN', '2025-11-01'), badge('BEN', '2025-12-15')],
      badge('OLD', '2025-02-28'),
    ];
    const cohorts = users(facts).retentionCohorts;
    expect(cohorts).toHaveLength(12);
    expect(cohorts[0]).toEqual({ cohort: '2025-03', size: 0, retained: new Array(12).fill(0) });
    expect(cohorts[8]).toEqual({ cohort: '2025-11', size: 2, retained: [1, 2, 0, 1] });
  });
});
