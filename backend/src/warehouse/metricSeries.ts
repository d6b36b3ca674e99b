import { monthOf, MS_PER_DAY, startOfDay, weekOf, type DayRange } from '../analyzers/calendar.js';
import {
  QUERY_DIMENSIONS,
  QUERY_METRICS,
  type QueryDimension,
  type QueryFilters,
  type QueryGroup,
  type QueryInterval,
  type QueryMetric,
} from '../contract/index.js';
import { MEASURES, type Measure } from './measures.js';
import { placeholders, queryRows } from './query.js';
import type { Connection, Value } from './readModel.js';
import { idOrder } from './spans.js';

/**
 * A metric by bucket and by group, for one or two ranges at once, over the current tables. Distinct counts are exact for
 * each bucket, each group, the rest of the groups, and all together; none of them is a sum of others.
 */
export interface SeriesQuery {
  readonly metric: QueryMetric;
  /** The range, and the one that it is compared with, if any; which groups are the largest is told by the first. */
  readonly ranges: readonly DayRange[];
  readonly interval: QueryInterval;
  readonly groupBy: QueryGroup;
  /** Groups told one by one; the rest together. */
  readonly limit: number;
  readonly filters: QueryFilters;
}

/** A count. Of a standing metric: by how much it changed in the bucket; the first has all that was before. */
export interface SeriesRow {
  /** Index of the range. */
  readonly period: number;
  /** Place of the group from 1, 0 for the rest together, null for all. */
  readonly place: number | null;
  /** Id of the group; null for the rest, for all, and for what is in no group. */
  readonly key: string | null;
  /** Index of the bucket, null for the whole range. */
  readonly ix: number | null;
  readonly n: number;
  /** Groups in the first range, also those not told one by one. */
  readonly groups: number;
}

export function metricSeries(connection: Connection, query: SeriesQuery): Promise<SeriesRow[]> {
  const measure = MEASURES[query.metric];
  const values: Value[] = [];
  const base = baseOf(query, measure, values);
  const standing = QUERY_METRICS[query.metric].kind === 'standing';
  const count = measure.distinct === undefined ? 'sum(counted)' : 'count(DISTINCT counted)';
  return queryRows<SeriesRow>(
    connection,
    `WITH base AS (${base}),
    item AS MATERIALIZED (${itemsOf(query, measure, standing)}),
    totals AS (SELECT key, ${count} AS n FROM item WHERE period = 0 GROUP BY key HAVING ${count} > 0),
    ranked AS (SELECT key, row_number() OVER (ORDER BY n DESC, key IS NULL, ${idOrder('key')}) AS place FROM totals),
    top AS (SELECT * FROM ranked WHERE place <= ${query.groupBy === 'none' ? 0 : query.limit}),
    placed AS (
      SELECT item.*, coalesce(place, 0) AS place FROM item LEFT JOIN top ON item.key IS NOT DISTINCT FROM top.key)
    SELECT period, placed.place, any_value(top.key) AS key, ix, ${count} AS n, (SELECT count(*) FROM ranked) AS groups
    FROM placed LEFT JOIN top ON top.place = placed.place
    GROUP BY GROUPING SETS ((period, placed.place, ix), (period, placed.place), (period, ix), (period))`,
    values,
  );
}

/** Rows of `key`, `at_ms` and what else is needed, of what passes the filters. */
function baseOf({ groupBy, filters }: SeriesQuery, measure: Measure, values: Value[]): string {
  const filtered = QUERY_DIMENSIONS.filter((dimension) => filters[dimension] !== undefined);
  const needs: QueryDimension[] = groupBy === 'none' ? filtered : [...filtered, groupBy];
  const conditions = filtered.map((dimension) => {
    const wanted = (filters[dimension] ?? []).map(String);
    values.push(...wanted);
    return `${columnOf(measure, dimension)} IN (${placeholders(wanted)})`;
  });
  return `SELECT ${groupBy === 'none' ? 'NULL::VARCHAR' : columnOf(measure, groupBy)} AS key, ${measure.atMs} AS at_ms,
      ${measure.endMs ?? 'NULL::BIGINT'} AS end_ms, ${measure.distinct ?? 'NULL::VARCHAR'} AS counted
    FROM ${measure.from(needs)} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}`;
}

function columnOf({ columns }: Measure, dimension: QueryDimension): string {
  const column = columns[dimension];
  if (column === undefined) throw new Error(`the metric has no ${dimension}`);
  return column;
}

/** Rows of `period`, `key`, `ix`, `counted`: each to be added up, or each distinct one. */
function itemsOf({ ranges, interval }: SeriesQuery, measure: Measure, standing: boolean): string {
  const counted = standing ? 'sum(n)' : measure.distinct === undefined ? 'count(*)' : 'counted';
  const steps = `(
    SELECT key, at_ms, 1 AS n FROM base WHERE end_ms IS NULL OR end_ms > at_ms
    UNION ALL SELECT key, end_ms, -1 FROM base WHERE end_ms > at_ms)`;
  return ranges
    .map((range, period) => {
      const [fromMs, endMs] = [startOfDay(range.from), startOfDay(range.to + 1)];
      const atMs = standing ? `greatest(at_ms, ${fromMs})` : 'at_ms';
      return `SELECT ${period} AS period, key, ${bucketIndex(interval, range, atMs)} AS ix, ${counted} AS counted
        FROM ${standing ? steps : 'base'} WHERE at_ms < ${endMs} ${standing ? '' : `AND at_ms >= ${fromMs}`} GROUP BY ALL`;
    })
    .join(' UNION ALL ');
}

/** SQL for the index of the bucket that a moment of the range is in. */
function bucketIndex(interval: QueryInterval, { from }: DayRange, atMs: string): string {
  switch (interval) {
    case 'hour':
      return `${atMs} // 3600000 - ${from * 24}`;
    case 'day':
      return `${atMs} // ${MS_PER_DAY} - ${from}`;
    case 'week':
      return `(${atMs} // ${MS_PER_DAY} + 3) // 7 - ${weekOf(from)}`;
    case 'month': {
      const moment = `make_timestamp(${atMs} * 1000)`;
      return `year(${moment}) * 12 + month(${moment}) - 1 - ${monthOf(from)}`;
    }
    case 'total':
      return '0';
  }
}
