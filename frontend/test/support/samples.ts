/** Answers of the service in the shapes of the contract, small enough to reason about in a test. */
import type { ActivityItem, Aggregated, BatchUpdate, DayCount } from '@passportx/analytics-backend/contract';
import { addDays, lengthOf, type DayRange } from '../../src/lib/dates';

export const RANGE: DayRange = { from: '2026-11-01', to: '2026-11-30' };

/** One count a day: 1, 2, 3, … times `factor`. */
export const days = (range: DayRange, factor = 1): DayCount[] =>
  Array.from({ length: lengthOf(range) }, (_, index) => ({
    date: addDays(range.from, index),
    count: (index + 1) * factor,
  }));

export function activity(id: string, more: Partial<ActivityItem> = {}): ActivityItem {
  return {
    id,
    type: 'badge_issued',
    at: '2026-11-30T12:00:00.000Z',
    actor: 'ST1ISSUER00000000000000000000000000000',
    subject: 'ST2RECIPIENT000000000000000000000000000',
    badgeId: '1',
    badgeName: 'Clarity Graduate',
    height: 10,
    txId: `0x${id}`,
    retracted: false,
    ...more,
  };
}

export function aggregated(range: DayRange, seq = 100, issued = 40): Aggregated {
  return {
    timestamp: '2026-11-30T12:00:00.000Z',
    seq,
    issuance: {
      totalBadgesIssued: issued,
      totalBadgesRevoked: 2,
      activeBadges: issued - 2,
      badgesIssuedToday: 3,
      badgesIssuedThisWeek: 5,
      badgesIssuedThisMonth: 20,
      dailyIssuance: days(range),
      weeklyIssuance: [{ week: '2026-W48', count: 5 }],
      monthlyIssuance: [{ month: '2026-11', count: 20 }],
      byCategory: { skill: issued },
      byLevel: { 1: issued },
      byIssuer: {},
      topBadges: [],
    },
    community: {
      totalCommunities: 2,
      activeCommunities: 1,
      newCommunitiesToday: 0,
      newCommunitiesThisWeek: 1,
      newCommunitiesThisMonth: 1,
      totalMembers: 7,
      averageMembersPerCommunity: 3.5,
      mostActiveCommunities: [],
      growthTrend: days(range, 0),
      memberGrowthTrend: days(range, 2),
    },
    users: {
      totalUsers: 10,
      newUsersToday: 1,
      newUsersThisWeek: 2,
      newUsersThisMonth: 4,
      dailyNewUsers: days(range, 3),
      weeklyNewUsers: [{ week: '2026-W48', count: 2 }],
      monthlyNewUsers: [{ month: '2026-11', count: 4 }],
      activeUsersToday: 2,
      activeUsersThisWeek: 3,
      activeUsersThisMonth: 6,
      dailyActiveUsers: days(range, 2),
      retentionRate: 50,
      retentionCohorts: [{ cohort: '2026-11', size: 4, retained: [3] }],
      averageBadgesPerUser: 4,
      userEngagement: { usersWithBadges: 8, usersWithMultipleBadges: 5, usersWithNoBadges: 2 },
      peakHour: 15,
      hourlyIssuance: Array.from({ length: 24 }, (_, hour) => (hour === 15 ? 9 : 1)),
      weeklyGrowth: 12.5,
      monthlyGrowth: null,
    },
    distribution: {
      byCategory: [{ category: 'skill', count: issued - 2, percentage: 100 }],
      byLevel: [{ level: 1, count: issued - 2, percentage: 100 }],
      topBadges: [],
      trendingBadges: [],
      mostAwardedByCategory: {},
      badgesByIssuer: [],
    },
    metrics: {
      totalBadgesIssued: issued,
      totalUsers: 10,
      totalCommunities: 2,
      averageBadgesPerUser: 4,
      engagementRate: 80,
    },
    headline: [{ metric: 'badgesIssued', value: 465, previous: 400, change: 16.25 }],
    cache: { hits: 0, misses: 0, hitRate: 0 },
  };
}

export function batchUpdate(seq: number, more: Partial<BatchUpdate> = {}): BatchUpdate {
  return {
    seq,
    at: '2026-11-30T12:00:05.000Z',
    batch: { size: 1, reason: 'time', durationMs: 2, types: { badge_issued: 1 } },
    changed: ['issuance'],
    metrics: {
      totalBadgesIssued: 41,
      totalUsers: 10,
      totalCommunities: 2,
      averageBadgesPerUser: 4.1,
      engagementRate: 80,
    },
    headline: [{ metric: 'badgesIssued', value: 466, previous: 400, change: 16.5 }],
    activity: [],
    ...more,
  };
}
