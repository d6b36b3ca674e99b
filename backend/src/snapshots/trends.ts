import { dayOf, isoDate, type DayRange } from '../analyzers/calendar.js';
import type { Period, SnapshotMetric, Trend } from '../contract/snapshots.js';
import type { SnapshotStore } from './store.js';

/** What a trend is asked for. */
export interface TrendQuery {
  readonly metric: SnapshotMetric;
  readonly period: Period;
  /** UTC days that the periods start in. */
  readonly range: DayRange;
}

/**
 * One number of the stored snapshots, oldest first. Days and weeks are named by their (first) day, hours by their start.
 * A period without a snapshot, as the open one before it is asked for, has no point.
 */
export async function trendOf(store: SnapshotStore, query: TrendQuery): Promise<Trend> {
  const { metric, period, range } = query;
  const trend: Trend['trend'] = [];
  for await (const { timestamp, metrics } of store.within(period, range)) {
    const date = period === 'hourly' ? timestamp : isoDate(dayOf(Date.parse(timestamp)));
    trend.push({ date, value: metrics[metric] });
  }
  return { metric, period, trend };
}
