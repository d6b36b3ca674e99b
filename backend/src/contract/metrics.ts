import { Type, type Static } from '@sinclair/typebox';
import { Count, DayCount, Nullable, Rate, Seq, Timestamp } from './primitives.js';

/** The live metrics, each defined in `docs/metrics.md`. Lists are sorted by count descending, then id ascending. */

export const CountRecord = Type.Record(Type.String(), Count, {
  description:
    'At most 100 keys, those with the most; the rest is summed under `other`. The largest first, but for keys that are whole numbers, which JSON objects have before the others',
});

export const TopBadge = Type.Object({
  badgeId: Type.String({ description: 'Template id' }),
  badgeName: Type.String(),
  category: Type.String(),
  issuedCount: Count,
  recipientCount: Count,
  issuanceRate: Rate,
});
export type TopBadge = Static<typeof TopBadge>;

export const IssuanceMetrics = Type.Object({
  totalBadgesIssued: Count,
  totalBadgesRevoked: Count,
  activeBadges: Count,
  badgesIssuedToday: Count,
  badgesIssuedThisWeek: Count,
  badgesIssuedThisMonth: Count,
  dailyIssuance: Type.Array(DayCount),
  weeklyIssuance: Type.Array(Type.Object({ week: Type.String({ pattern: '^\\d{4}-W\\d{2}$' }), count: Count })),
  monthlyIssuance: Type.Array(Type.Object({ month: Type.String({ pattern: '^\\d{4}-\\d{2}$' }), count: Count })),
  byCategory: CountRecord,
  byLevel: CountRecord,
  byIssuer: Type.Record(Type.String(), Count, { description: 'The 20 largest issuers' }),
  topBadges: Type.Array(TopBadge),
});
export type IssuanceMetrics = Static<typeof IssuanceMetrics>;

export const ActiveCommunity = Type.Object({
  communityId: Type.String(),
  name: Type.String(),
  owner: Type.String(),
  active: Type.Boolean(),
  members: Count,
  badgesIssued: Count,
});
export type ActiveCommunity = Static<typeof ActiveCommunity>;

export const CommunityMetrics = Type.Object({
  totalCommunities: Count,
  activeCommunities: Count,
  newCommunitiesToday: Count,
  newCommunitiesThisWeek: Count,
  newCommunitiesThisMonth: Count,
  totalMembers: Count,
  averageMembersPerCommunity: Rate,
  mostActiveCommunities: Type.Array(ActiveCommunity),
  growthTrend: Type.Array(DayCount),
  memberGrowthTrend: Type.Array(DayCount),
});
export type CommunityMetrics = Static<typeof CommunityMetrics>;

export const RetentionCohort = Type.Object({
  cohort: Type.String({ pattern: '^\\d{4}-\\d{2}$', description: 'Month of first sight' }),
  size: Count,
  retained: Type.Array(Count, { description: 'Users of the cohort that received a badge k months later' }),
});
export type RetentionCohort = Static<typeof RetentionCohort>;

export const UserMetrics = Type.Object({
  totalUsers: Count,
  newUsersToday: Count,
  newUsersThisWeek: Count,
  newUsersThisMonth: Count,
  dailyNewUsers: Type.Array(DayCount),
  weeklyNewUsers: Type.Array(Type.Object({ week: Type.String(), count: Count })),
  monthlyNewUsers: Type.Array(Type.Object({ month: Type.String(), count: Count })),
  activeUsersToday: Count,
  activeUsersThisWeek: Count,
  activeUsersThisMonth: Count,
  dailyActiveUsers: Type.Array(DayCount),
  retentionRate: Rate,
  retentionCohorts: Type.Array(RetentionCohort),
  averageBadgesPerUser: Rate,
  userEngagement: Type.Object({
    usersWithBadges: Count,
    usersWithMultipleBadges: Count,
    usersWithNoBadges: Count,
  }),
  peakHour: Type.Integer({ minimum: 0, maximum: 23, description: 'UTC hour with most issues in the last 30 days' }),
  hourlyIssuance: Type.Array(Count, {
    minItems: 24,
    maxItems: 24,
    description: 'Badges issued in the last 30 days by UTC hour of day, what `peakHour` is the maximum of',
  }),
  weeklyGrowth: Nullable(Rate),
  monthlyGrowth: Nullable(Rate),
});
export type UserMetrics = Static<typeof UserMetrics>;

export const TrendingBadge = Type.Object({
  badgeId: Type.String(),
  badgeName: Type.String(),
  issuanceLast7Days: Count,
  issuanceLast30Days: Count,
  growth: Rate,
});
export type TrendingBadge = Static<typeof TrendingBadge>;

export const CategoryShare = Type.Object({ category: Type.String(), count: Count, percentage: Rate });
export type CategoryShare = Static<typeof CategoryShare>;
export const LevelShare = Type.Object({ level: Type.Integer(), count: Count, percentage: Rate });
export type LevelShare = Static<typeof LevelShare>;

export const DistributionMetrics = Type.Object({
  byCategory: Type.Array(CategoryShare),
  byLevel: Type.Array(LevelShare),
  topBadges: Type.Array(TopBadge),
  trendingBadges: Type.Array(TrendingBadge),
  mostAwardedByCategory: Type.Record(
    Type.String(),
    Type.Array(Type.Object({ badgeId: Type.String(), badgeName: Type.String(), issuedCount: Count })),
    { description: 'Five templates of each category; the categories with most badges issued, 100 at most' },
  ),
  badgesByIssuer: Type.Array(Type.Object({ issuer: Type.String(), uniqueBadges: Count, totalIssued: Count })),
});
export type DistributionMetrics = Static<typeof DistributionMetrics>;

export const CoreMetrics = Type.Object({
  totalBadgesIssued: Count,
  totalUsers: Count,
  totalCommunities: Count,
  averageBadgesPerUser: Rate,
  engagementRate: Rate,
});
export type CoreMetrics = Static<typeof CoreMetrics>;

export const HEADLINE_METRICS = [
  'badgesIssued',
  'badgesRevoked',
  'newUsers',
  'activeUsers',
  'newCommunities',
  'newMembers',
] as const;
export type HeadlineMetric = (typeof HEADLINE_METRICS)[number];

export const HeadlineItem = Type.Object({
  metric: Type.Union(HEADLINE_METRICS.map((metric) => Type.Literal(metric))),
  value: Count,
  previous: Count,
  change: Nullable(Rate),
});
export type HeadlineItem = Static<typeof HeadlineItem>;

export const CacheStatistics = Type.Object({
  hits: Count,
  misses: Count,
  hitRate: Type.Number({ minimum: 0, maximum: 1, description: 'Share of reads answered from the cache, 0 to 1' }),
});
export type CacheStatistics = Static<typeof CacheStatistics>;

const stamp = { timestamp: Timestamp, seq: Seq };
export const Aggregated = Type.Object({
  ...stamp,
  issuance: IssuanceMetrics,
  community: CommunityMetrics,
  users: UserMetrics,
  distribution: DistributionMetrics,
  metrics: CoreMetrics,
  headline: Type.Array(HeadlineItem),
  cache: CacheStatistics,
});
export type Aggregated = Static<typeof Aggregated>;

export const IssuanceAnswer = Type.Intersect([Type.Object(stamp), IssuanceMetrics]);
export const CommunityAnswer = Type.Intersect([Type.Object(stamp), CommunityMetrics]);
export const UsersAnswer = Type.Intersect([Type.Object(stamp), UserMetrics]);
export const DistributionAnswer = Type.Intersect([Type.Object(stamp), DistributionMetrics]);
