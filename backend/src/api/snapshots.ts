import { Type } from '@sinclair/typebox';
import { AnalyticsSnapshot, PeriodName, SNAPSHOT_METRICS, Trend } from '../contract/index.js';
import { SMALL_BODY } from './body.js';
import { openRangeOf, OpenRangeQuery, rangeOf, RangeQuery } from './range.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

/** Snapshots of past periods, the trend of one of their numbers, and taking one of the open period now. */
const MetricName = Type.Union(SNAPSHOT_METRICS.map((metric) => Type.Literal(metric)));
/** A year of hours is what one answer holds without a pause of the service. */
const MAX_TREND_DAYS = 366;
const DefaultPeriod = Type.Union([...PeriodName.anyOf], { default: 'daily' });

export function snapshotRoutes(
  { snapshots, clock }: Pick<Services, 'snapshots' | 'clock'>,
  disabled: string | undefined,
): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/analytics/snapshots',
      access: 'viewer',
      tag: 'snapshots',
      summary: 'Snapshots of the periods that start in these days, newest first',
      query: Type.Object({
        period: DefaultPeriod,
        limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
        ...OpenRangeQuery,
      }),
      outcomes: { 200: { description: 'At most `limit`', schema: Type.Array(AnalyticsSnapshot) } },
      disabled,
      handle: async ({ query }) =>
        json(200, await snapshots.list({ period: query.period, limit: query.limit, range: openRangeOf(query) })),
    }),
    route({
      method: 'get',
      path: '/api/analytics/trends/:metric',
      access: 'viewer',
      tag: 'snapshots',
      summary: 'One number of the snapshots over time, oldest first',
      params: Type.Object({ metric: MetricName }),
      query: Type.Object({
        days: Type.Integer({
          minimum: 1,
          maximum: 365,
          default: 30,
          description: 'Days that end with `to`, where no `from` is given',
        }),
        from: Type.Optional(
          Type.String({ format: 'date', description: `First day (UTC), at most ${MAX_TREND_DAYS} with the last` }),
        ),
        to: RangeQuery.properties.to,
        period: DefaultPeriod,
      }),
      outcomes: { 200: { description: 'One value a period', schema: Trend } },
      disabled,
      handle: async ({ params, query }) => {
        const range = rangeOf(query, clock(), { days: query.days, most: MAX_TREND_DAYS });
        return json(200, await snapshots.trend({ ...params, period: query.period, range }));
      },
    }),
    route({
      method: 'post',
      path: '/api/analytics/snapshot',
      access: 'admin',
      writes: 'again',
      tag: 'snapshots',
      summary: 'Take the snapshot of the open period now',
      body: { schema: Type.Object({ period: PeriodName }), limit: SMALL_BODY },
      outcomes: {
        200: { description: 'It replaced an earlier one of this period', schema: AnalyticsSnapshot },
        201: { description: 'It is the first of this period', schema: AnalyticsSnapshot },
      },
      disabled,
      handle: async ({ body }) => {
        const { snapshot, replaced } = await snapshots.take(body.period, clock());
        return json(replaced ? 200 : 201, snapshot);
      },
    }),
  ];
}
