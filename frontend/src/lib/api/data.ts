/**
 * What the overview shows, shaped from the answers of the service. Pure: nothing is computed here that the service
 * computes, numbers are only put where their chart looks for them.
 */
import type {
  ActiveCommunity,
  ActivityPage,
  Aggregated,
  CategoryShare,
  CoreMetrics,
  DayCount,
  HeadlineItem,
  HeadlineMetric,
  IssuanceMetrics,
  LevelShare,
  RetentionCohort,
  TopBadge,
  TrendingBadge,
  UserMetrics,
} from '@passportx/analytics-backend/contract';
import type { DayRange, IsoDay } from '../dates';

/** What happened on one day. */
export interface DayFigures {
  readonly date: IsoDay;
  readonly issued: number;
  readonly activeUsers: number;
  readonly newUsers: number;
}

export interface TimePoint extends DayFigures {
  /** The day that stands at the same place in the period before. */
  readonly before: DayFigures;
}

/** Columns of a calendar series: `2026-W07` or `2026-02`, oldest first. */
export interface PeriodCount {
  readonly period: string;
  readonly count: number;
}

export interface AnalyticsData {
  readonly range: DayRange;
  /** Log position that every number includes. */
  readonly seq: number;
  readonly metrics: CoreMetrics;
  readonly headline: readonly HeadlineItem[];
  /** The day series behind a headline number; revocations have none. */
  readonly sparklines: Partial<Record<HeadlineMetric, readonly number[]>>;
  readonly badges: { readonly held: number; readonly revoked: number; readonly issuedToday: number };
  readonly timeSeries: readonly TimePoint[];
  readonly badgeDistribution: {
    readonly byCategory: readonly CategoryShare[];
    readonly byLevel: readonly LevelShare[];
  };
  readonly topBadges: readonly TopBadge[];
  readonly trendingBadges: readonly TrendingBadge[];
  readonly communities: {
    readonly total: number;
    readonly active: number;
    readonly members: number;
    readonly averageMembers: number;
    readonly mostActive: readonly ActiveCommunity[];
  };
  readonly engagementMetrics: UserMetrics['userEngagement'] &
    Pick<
      UserMetrics,
      'activeUsersToday' | 'activeUsersThisWeek' | 'activeUsersThisMonth' | 'retentionRate' | 'averageBadgesPerUser'
    > & {
      readonly engagementRate: number;
      readonly totalUsers: number;
    };
  readonly retentionCohorts: readonly RetentionCohort[];
  /** Badges issued in the last 30 days, by hour of the day. */
  readonly hourlyIssuance: readonly number[];
  readonly growthMetrics: Pick<
    UserMetrics,
    'weeklyGrowth' | 'monthlyGrowth' | 'newUsersToday' | 'newUsersThisWeek' | 'newUsersThisMonth'
  > & {
    readonly weeklyNewUsers: readonly PeriodCount[];
    readonly monthlyNewUsers: readonly PeriodCount[];
    readonly monthlyIssuance: readonly PeriodCount[];
    readonly issuedThisMonth: number;
  };
  /** Newest first; it grows as the viewer loads more. */
  readonly recentActivities: ActivityPage;
}

export interface Answers {
  readonly range: DayRange;
  readonly aggregated: Aggregated;
  readonly issuanceBefore: Pick<IssuanceMetrics, 'dailyIssuance'>;
  readonly usersBefore: Pick<UserMetrics, 'dailyActiveUsers' | 'dailyNewUsers'>;
  readonly activity: ActivityPage;
}

const counts = (series: readonly DayCount[]): number[] => series.map(({ count }) => count);

function dayFigures(
  issued: readonly DayCount[],
  active: readonly DayCount[],
  joined: readonly DayCount[],
): DayFigures[] {
  return issued.map(({ date, count }, index) => ({
    date,
    issued: count,
    activeUsers: active[index]?.count ?? 0,
    newUsers: joined[index]?.count ?? 0,
  }));
}

/** Pairs each day with the day at the same place of the period before, which has as many days. */
export function toTimeSeries({ aggregated, issuanceBefore, usersBefore }: Answers): TimePoint[] {
  const { issuance, users } = aggregated;
  const before = dayFigures(issuanceBefore.dailyIssuance, usersBefore.dailyActiveUsers, usersBefore.dailyNewUsers);
  return dayFigures(issuance.dailyIssuance, users.dailyActiveUsers, users.dailyNewUsers).map((day, index) => ({
    ...day,
    before: before[index] ?? { date: day.date, issued: 0, activeUsers: 0, newUsers: 0 },
  }));
}

export function toAnalyticsData(answers: Answers): AnalyticsData {
  const { seq, issuance, community, users, distribution, metrics, headline } = answers.aggregated;
  return {
    range: answers.range,
    seq,
    metrics,
    headline,
    sparklines: {
      badgesIssued: counts(issuance.dailyIssuance),
      newUsers: counts(users.dailyNewUsers),
      activeUsers: counts(users.dailyActiveUsers),
      newCommunities: counts(community.growthTrend),
      newMembers: counts(community.memberGrowthTrend),
    },
    badges: {
      held: issuance.activeBadges,
      revoked: issuance.totalBadgesRevoked,
      issuedToday: issuance.badgesIssuedToday,
    },
    timeSeries: toTimeSeries(answers),
    badgeDistribution: { byCategory: distribution.byCategory, byLevel: distribution.byLevel },
    topBadges: distribution.topBadges,
    trendingBadges: distribution.trendingBadges,
    communities: {
      total: community.totalCommunities,
      active: community.activeCommunities,
      members: community.totalMembers,
      averageMembers: community.averageMembersPerCommunity,
      mostActive: community.mostActiveCommunities,
    },
    engagementMetrics: {
      ...users.userEngagement,
      activeUsersToday: users.activeUsersToday,
      activeUsersThisWeek: users.activeUsersThisWeek,
      activeUsersThisMonth: users.activeUsersThisMonth,
      retentionRate: users.retentionRate,
      averageBadgesPerUser: users.averageBadgesPerUser,
      engagementRate: metrics.engagementRate,
      totalUsers: users.totalUsers,
    },
    retentionCohorts: users.retentionCohorts,
    hourlyIssuance: users.hourlyIssuance,
    growthMetrics: {
      weeklyGrowth: users.weeklyGrowth,
      monthlyGrowth: users.monthlyGrowth,
      newUsersToday: users.newUsersToday,
      newUsersThisWeek: users.newUsersThisWeek,
      newUsersThisMonth: users.newUsersThisMonth,
      weeklyNewUsers: users.weeklyNewUsers.map(({ week, count }) => ({ period: week, count })),
      monthlyNewUsers: users.monthlyNewUsers.map(({ month, count }) => ({ period: month, count })),
      monthlyIssuance: issuance.monthlyIssuance.map(({ month, count }) => ({ period: month, count })),
      issuedThisMonth: issuance.badgesIssuedThisMonth,
    },
    recentActivities: answers.activity,
  };
}

/** Nothing was ever counted: a service that waits for its first block. */
export function isBrandNew({ metrics, recentActivities }: AnalyticsData): boolean {
  return (
    metrics.totalBadgesIssued === 0 &&
    metrics.totalUsers === 0 &&
    metrics.totalCommunities === 0 &&
    recentActivities.items.length === 0
  );
}
