import { Type, type Static } from '@sinclair/typebox';
import { ActiveCommunity, CategoryShare, LevelShare, TopBadge } from './metrics.js';
import { Count, Day, DayCount, Rate, Seq, Timestamp } from './primitives.js';

export const PERIODS = ['hourly', 'daily', 'weekly'] as const;
export type Period = (typeof PERIODS)[number];
export const PeriodName = Type.Union(PERIODS.map((period) => Type.Literal(period)));

/** The numbers of a snapshot, as of the period's end; each is a metric that `/trends/:metric` follows. */
export const SnapshotMetrics = Type.Object({
  totalBadgesIssued: Count,
  badgesIssuedThisPeriod: Count,
  totalUsers: Count,
  newUsersThisPeriod: Count,
  activeUsersThisPeriod: Count,
  retentionRate: Rate,
  totalCommunities: Count,
  newCommunitiesThisPeriod: Count,
  averageBadgesPerUser: Rate,
  engagementRate: Rate,
  averageBadgesPerCommunity: Rate,
});
export type SnapshotMetrics = Static<typeof SnapshotMetrics>;
export type SnapshotMetric = keyof SnapshotMetrics;
export const SNAPSHOT_METRICS = Object.keys(SnapshotMetrics.properties) as SnapshotMetric[];

export const AnalyticsSnapshot = Type.Object({
  timestamp: Type.String({ format: 'date-time', description: 'Start of the period, UTC' }),
  period: PeriodName,
  seq: Seq,
  takenAt: Timestamp,
  metrics: SnapshotMetrics,
  distribution: Type.Object({
    badgesByCategory: Type.Array(CategoryShare),
    badgesByLevel: Type.Array(LevelShare),
    topBadges: Type.Array(TopBadge),
    topCommunities: Type.Array(ActiveCommunity),
  }),
  trends: Type.Object({
    dailyIssuance: Type.Array(DayCount),
    dailyNewUsers: Type.Array(DayCount),
    dailyActiveUsers: Type.Array(DayCount),
  }),
});
export type AnalyticsSnapshot = Static<typeof AnalyticsSnapshot>;

export const Trend = Type.Object({
  metric: Type.String(),
  period: PeriodName,
  trend: Type.Array(
    Type.Object({
      date: Type.Union([Day, Timestamp], { description: 'The day; the hour for hourly' }),
      value: Type.Number(),
    }),
  ),
});
export type Trend = Static<typeof Trend>;
