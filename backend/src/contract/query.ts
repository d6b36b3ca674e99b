import { Type, type Static } from '@sinclair/typebox';
import { Count, Day, Nullable, Rate, Seq, Timestamp } from './primitives.js';

/**
 * `GET /api/analytics/query`: any metric over any days, by interval and by group, filtered and compared. What each metric
 * counts and which dimensions it has is told in `docs/query.md`.
 */

/** What a metric can be grouped and filtered by. */
export const QUERY_DIMENSIONS = [
  'category',
  'level',
  'badge',
  'issuer',
  'community',
  'user',
  'weekday',
  'hour',
] as const;
export type QueryDimension = (typeof QUERY_DIMENSIONS)[number];

const BADGE = ['category', 'level', 'badge', 'issuer', 'community', 'user'] as const;
const TIME = ['weekday', 'hour'] as const;

interface MetricShape {
  /** `flow`: what happened in an interval. `standing`: what there was at its end. */
  readonly kind: 'flow' | 'standing';
  readonly dimensions: readonly QueryDimension[];
}

/** Every metric with its dimensions, in the order in which they are offered. */
export const QUERY_METRICS = {
  badgesIssued: { kind: 'flow', dimensions: [...BADGE, ...TIME] },
  badgesRevoked: { kind: 'flow', dimensions: [...BADGE, ...TIME] },
  activeUsers: { kind: 'flow', dimensions: [...BADGE, ...TIME] },
  activeIssuers: { kind: 'flow', dimensions: [...BADGE, ...TIME] },
  newUsers: { kind: 'flow', dimensions: ['user', ...TIME] },
  newCommunities: { kind: 'flow', dimensions: ['community', 'user', ...TIME] },
  newMembers: { kind: 'flow', dimensions: ['community', 'user', ...TIME] },
  totalBadgesIssued: { kind: 'standing', dimensions: BADGE },
  activeBadges: { kind: 'standing', dimensions: BADGE },
  totalUsers: { kind: 'standing', dimensions: ['user'] },
  totalCommunities: { kind: 'standing', dimensions: ['community', 'user'] },
  totalMembers: { kind: 'standing', dimensions: ['community', 'user'] },
} as const satisfies Record<string, MetricShape>;
export type QueryMetric = keyof typeof QUERY_METRICS;
export const QUERY_METRIC_NAMES = Object.keys(QUERY_METRICS) as QueryMetric[];

export const QUERY_INTERVALS = ['hour', 'day', 'week', 'month', 'total'] as const;
export type QueryInterval = (typeof QUERY_INTERVALS)[number];
/** Days of an answer by the hour. */
export const MAX_HOURLY_DAYS = 31;
export const QUERY_COMPARISONS = ['none', 'previous', 'year'] as const;
export type QueryComparison = (typeof QUERY_COMPARISONS)[number];

const oneOf = <T extends string>(names: readonly T[]) => names.map((name) => Type.Literal(name));
export const QueryMetricName = Type.Union(oneOf(QUERY_METRIC_NAMES));
export const QueryIntervalName = Type.Union(oneOf(QUERY_INTERVALS));
const QUERY_GROUPS = ['none', ...QUERY_DIMENSIONS] as const;
export const QueryGroup = Type.Union(oneOf(QUERY_GROUPS));
export type QueryGroup = Static<typeof QueryGroup>;
export const QueryComparisonName = Type.Union(oneOf(QUERY_COMPARISONS));

/** Values of one filter. */
const MAX_FILTER_VALUES = 20;

const texts = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: MAX_FILTER_VALUES, description }),
  );
const integers = (minimum: number, maximum: number, description: string) =>
  Type.Optional(Type.Array(Type.Integer({ minimum, maximum }), { maxItems: MAX_FILTER_VALUES, description }));

/** Filters as they are asked for: of several values any may match, all filters must. */
export const FilterQuery = Type.Object({
  category: texts('Only badges of this category; of several values any may match'),
  level: integers(0, Number.MAX_SAFE_INTEGER, 'Only badges of this level'),
  badge: texts('Only badges of this template'),
  issuer: texts('Only badges of this issuer'),
  community: texts('Only what belongs to this community'),
  user: texts('Only this recipient, creator or member'),
  weekday: integers(1, 7, 'Only what happened on this day of the week, 1 Monday to 7 Sunday (UTC)'),
  hour: integers(0, 23, 'Only what happened in this hour of the day (UTC)'),
});
export type FilterQuery = Static<typeof FilterQuery>;

/** The filters that were applied. */
export const QueryFilters = Type.Object({
  category: Type.Optional(Type.Array(Type.String())),
  level: Type.Optional(Type.Array(Type.Integer())),
  badge: Type.Optional(Type.Array(Type.String({ description: 'Template id' }))),
  issuer: Type.Optional(Type.Array(Type.String())),
  community: Type.Optional(Type.Array(Type.String())),
  user: Type.Optional(Type.Array(Type.String({ description: 'Recipient, creator or member: whom the metric counts' }))),
  weekday: Type.Optional(Type.Array(Type.Integer({ description: '1 Monday to 7 Sunday, UTC' }))),
  hour: Type.Optional(Type.Array(Type.Integer({ description: '0 to 23, UTC' }))),
});
export type QueryFilters = Static<typeof QueryFilters>;

const Values = Type.Array(Count, { description: 'One value a bucket' });
const Total = Type.Integer({
  minimum: 0,
  description: 'Of the whole range; distinct where the metric is, so not always the sum. Standing metrics: at its end',
});

export const QuerySeries = Type.Object({
  key: Nullable(Type.String({ description: 'Id of the group; null: badges that belong to no community' })),
  name: Type.String(),
  total: Total,
  values: Values,
  previous: Type.Optional(
    Type.Object({ total: Total, values: Values, change: Nullable(Rate) }, { description: 'When compared' }),
  ),
});
export type QuerySeries = Static<typeof QuerySeries>;

export const QueryAnswer = Type.Object({
  timestamp: Timestamp,
  seq: Seq,
  metric: QueryMetricName,
  kind: Type.Union([Type.Literal('flow'), Type.Literal('standing')], {
    description: 'flow: what happened in a bucket. standing: what there was at its end',
  }),
  from: Day,
  to: Day,
  interval: QueryIntervalName,
  groupBy: QueryGroup,
  compare: QueryComparisonName,
  filters: QueryFilters,
  buckets: Type.Array(Type.String(), {
    description:
      '`2026-02-14T09:00:00.000Z`, `2026-02-14`, `2026-W07`, `2026-02` or, for total, `2026-02-01/2026-02-14`; ' +
      'the first and the last are cut at `from` and `to`',
  }),
  total: Total,
  values: Values,
  previous: Nullable(
    Type.Object({
      from: Day,
      to: Day,
      buckets: Type.Array(Type.String()),
      total: Total,
      values: Values,
      change: Nullable(Rate),
    }),
  ),
  groups: Type.Integer({ minimum: 0, description: 'Groups with something to count, also those not shown' }),
  series: Type.Array(QuerySeries, { description: 'The largest groups by total; empty when not grouped' }),
  other: Nullable(QuerySeries),
});
export type QueryAnswer = Static<typeof QueryAnswer>;
