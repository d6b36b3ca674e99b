/** The query call: any metric over any days, by interval and group, filtered and compared. */
import type {
  QueryAnswer,
  QueryComparison,
  QueryGroup,
  QueryInterval,
  QueryMetric,
} from '@passportx/analytics-backend/contract';
import type { ChartData, ChartSeries, Hue } from '../chart/option';
import { huesOf } from '../chart/hues';
import { begunAt } from '../buckets';
import type { DayRange } from '../dates';
import type { Filters } from '../view';

export interface Ask {
  readonly metric: QueryMetric;
  readonly range: DayRange;
  readonly interval?: QueryInterval;
  readonly groupBy?: QueryGroup;
  readonly compare?: QueryComparison;
  readonly filters?: Filters;
  /** Groups told one by one; the rest comes as `other`. */
  readonly limit?: number;
}

export function queryPath({ metric, range, interval = 'total', groupBy, compare, filters = {}, limit }: Ask): string {
  const query = new URLSearchParams({ metric, from: range.from, to: range.to, interval });
  if (groupBy !== undefined && groupBy !== 'none') query.set('groupBy', groupBy);
  if (compare !== undefined && compare !== 'none') query.set('compare', compare);
  if (limit !== undefined) query.set('limit', String(limit));
  for (const [name, value] of Object.entries(filters)) query.set(name, value);
  return `/api/analytics/query?${query}`;
}

/** Answers of equal buckets as lines of one chart. */
export function toLines(
  lines: readonly { readonly answer: QueryAnswer; readonly name: string; readonly hue: Hue }[],
  nowMs: number,
): ChartData {
  const [first] = lines;
  const interval = first === undefined || first.answer.interval === 'total' ? 'day' : first.answer.interval;
  const { count, open } = begunAt(nowMs, first?.answer.buckets ?? [], interval);
  return {
    interval,
    buckets: first?.answer.buckets.slice(0, count) ?? [],
    bucketsBefore: first?.answer.previous?.buckets,
    series: lines.map(({ answer, name, hue }) => ({
      id: answer.metric,
      name,
      hue,
      values: answer.values.slice(0, count),
      before: answer.previous?.values,
    })),
    shape: 'lines',
    open,
  };
}

/** Parts told one by one; more colours than these cannot be told apart. */
export const PARTS = 5;

/** Key of the badges that belong to no community. */
export const NO_GROUP = 'none';

/** The groups of an answer as a stack; what is not told one by one stands on top, in slate. */
export function toStack(
  answer: QueryAnswer,
  nameOf: (key: string | null, name: string) => string,
  nowMs: number,
): ChartData {
  const interval = answer.interval === 'total' ? 'day' : answer.interval;
  const { count, open } = begunAt(nowMs, answer.buckets, interval);
  const keys = answer.series.map(({ key }) => key ?? NO_GROUP);
  const hues = answer.groupBy === 'none' ? [] : huesOf(answer.groupBy, keys, answer.other !== null);
  const series = answer.series.map(({ key, name, values }, index): ChartSeries => ({
    id: key ?? NO_GROUP,
    name: nameOf(key, name),
    hue: hues[index] ?? 'slate',
    values: values.slice(0, count),
  }));
  const others = answer.groups - series.length;
  const other: ChartSeries[] = answer.other
    ? [
        {
          id: 'other',
          name: others > 1 ? `${others} others` : 'Other',
          hue: 'slate',
          values: answer.other.values.slice(0, count),
        },
      ]
    : [];
  return {
    interval,
    buckets: answer.buckets.slice(0, count),
    series: [...series, ...other],
    shape: 'stack',
    open,
  };
}
