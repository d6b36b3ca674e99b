import { dayOf, mondayOf, plusDays, startOfDay } from './calendar.js';
import { mostActiveCommunities } from './community.js';
import { topBadges } from './distribution.js';
import type { Fact } from './facts.js';
import { reference } from './metrics.js';
import { average, distinct } from './numbers.js';
import { badgesIn, communitiesIn, usersIn } from './state.js';

export type Period = 'hourly' | 'daily' | 'weekly';

const HOUR = 3_600_000;

/** First and last millisecond of the period that holds the moment. */
export function periodAt(period: Period, ms: number): { start: number; end: number } {
  const day = dayOf(ms);
  if (period === 'hourly') return { start: ms - (ms % HOUR), end: ms - (ms % HOUR) + HOUR - 1 };
  const first = period === 'daily' ? day : mondayOf(day);
  return { start: startOfDay(first), end: startOfDay(plusDays(first, period === 'daily' ? 1 : 7)) - 1 };
}

/**
 * The snapshot of the period that holds `startMs`, as it was at `asOf` (its end or the moment it was taken, whichever is
 * first): the metrics over the facts up to `asOf`, with `asOf` for now. Without `seq` and `takenAt`, which no fact says.
 */
export function snapshot(facts: readonly Fact[], period: Period, startMs: number, takenAtMs: number) {
  const { start, end } = periodAt(period, startMs);
  const asOf = Math.min(end, takenAtMs);
  const known = facts.filter((fact) => fact.atMs <= asOf);
  const { issuance, users, distribution, metrics } = reference(known, asOf);
  const inPeriod = badgesIn(known).filter(({ atMs }) => atMs >= start);
  return {
    timestamp: new Date(start).toISOString(),
    period,
    metrics: {
      totalBadgesIssued: metrics.totalBadgesIssued,
      badgesIssuedThisPeriod: inPeriod.length,
      totalUsers: metrics.totalUsers,
      newUsersThisPeriod: usersIn(known).filter(({ firstSeenMs }) => firstSeenMs >= start).length,
      activeUsersThisPeriod: distinct(inPeriod.map(({ recipient }) => recipient)).length,
      retentionRate: users.retentionRate,
      totalCommunities: metrics.totalCommunities,
      newCommunitiesThisPeriod: communitiesIn(known).filter(({ atMs }) => atMs >= start).length,
      averageBadgesPerUser: metrics.averageBadgesPerUser,
      engagementRate: metrics.engagementRate,
      averageBadgesPerCommunity: average(metrics.totalBadgesIssued, metrics.totalCommunities),
    },
    distribution: {
      badgesByCategory: distribution.byCategory,
      badgesByLevel: distribution.byLevel,
      topBadges: topBadges(known, asOf, 10),
      topCommunities: mostActiveCommunities(known, 10),
    },
    trends: {
      dailyIssuance: issuance.dailyIssuance,
      dailyNewUsers: users.dailyNewUsers,
      dailyActiveUsers: users.dailyActiveUsers,
    },
  };
}
