/** Names of the buckets of a series (`2026-02-14`, `2026-W07`, `2026-02`, an hour), and which interval suits a range. */
import type { QueryInterval } from '@passportx/analytics-backend/contract';
import { addDays, dayStart, isDay, isoDay, lengthOf, type DayRange, type IsoDay } from './dates';
import { formatDay, formatHour, formatMonth, formatShortMonth, formatWeekday } from './format';

export type SeriesInterval = Exclude<QueryInterval, 'total'>;

const hourOf = (bucket: string): string => formatHour(Number(bucket.slice(11, 13)));

/** A bucket in full, for tooltips and tables. */
export function formatBucket(bucket: string, interval: SeriesInterval): string {
  switch (interval) {
    case 'hour':
      return `${formatDay(bucket.slice(0, 10))}, ${hourOf(bucket)} UTC`;
    case 'day':
      return formatWeekday(bucket);
    case 'week':
      return `Week ${bucket}`;
    case 'month':
      return formatMonth(bucket);
  }
}

/** A bucket as short as an axis needs. */
export function formatTick(bucket: string, interval: SeriesInterval): string {
  switch (interval) {
    case 'hour':
      return hourOf(bucket);
    case 'day':
      return formatDay(bucket);
    case 'week':
      return bucket.slice(5);
    case 'month':
      return formatShortMonth(bucket);
  }
}

/** Lengths of a bucket, and the days of a range, least and most, of which they give a line something to tell. */
export const INTERVALS = [
  { id: 'hour', label: 'Hours', most: 14, least: 1 },
  { id: 'day', label: 'Days', most: 400, least: 2 },
  { id: 'week', label: 'Weeks', most: 3_660, least: 14 },
  { id: 'month', label: 'Months', most: 3_660, least: 59 },
] as const satisfies readonly { id: SeriesInterval; label: string; most: number; least: number }[];

/** The length that was chosen, as long as it is one of the range's; else what suits it best. */
export function intervalOf(range: DayRange, chosen: SeriesInterval | undefined): SeriesInterval {
  const days = lengthOf(range);
  return (
    INTERVALS.find(({ id, least, most }) => id === chosen && days >= least && days <= most)?.id ?? intervalFor(range)
  );
}

/** The interval whose points a line can still tell apart: hours for a day or two, days for a third of a year, then weeks. */
export function intervalFor(range: DayRange): SeriesInterval {
  const days = lengthOf(range);
  if (days <= 2) return 'hour';
  return days <= 120 ? 'day' : 'week';
}

/** The ISO week of a UTC day, `2026-W07`. */
export function isoWeek(day: IsoDay): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  // The week belongs to the year of its Thursday.
  const thursday = addDays(day, 3 - weekday);
  const first = `${thursday.slice(0, 4)}-01-01`;
  const number = Math.floor((lengthOf({ from: first, to: thursday }) - 1) / 7) + 1;
  return `${thursday.slice(0, 4)}-W${String(number).padStart(2, '0')}`;
}

/** First day of an ISO week, `2026-W07`. */
export function weekStart(week: string): string {
  // 4 January is always in the first week.
  const fourth = `${week.slice(0, 4)}-01-04`;
  const weekday = (new Date(dayStart(fourth)).getUTCDay() + 6) % 7;
  return addDays(fourth, 7 * (Number(week.slice(6)) - 1) - weekday);
}

/** The days of a bucket; null when it is none that a day is the least part of. */
export function bucketDays(bucket: string, interval: Exclude<SeriesInterval, 'hour'>): DayRange | null {
  switch (interval) {
    case 'day':
      return isDay(bucket) ? { from: bucket, to: bucket } : null;
    case 'week': {
      if (!/^\d{4}-W\d{2}$/.test(bucket)) return null;
      const from = weekStart(bucket);
      return isoWeek(from) === bucket ? { from, to: addDays(from, 6) } : null;
    }
    case 'month': {
      const from = `${bucket}-01`;
      if (!isDay(from)) return null;
      return { from, to: isoDay(Date.UTC(Number(bucket.slice(0, 4)), Number(bucket.slice(5, 7)), 0)) };
    }
  }
}

/** The bucket that contains a moment in ms since the epoch: the one that is not over yet. */
export function bucketOf(ms: number, interval: SeriesInterval): string {
  const day = isoDay(ms);
  switch (interval) {
    case 'hour':
      return `${new Date(ms).toISOString().slice(0, 13)}:00:00.000Z`;
    case 'day':
      return day;
    case 'week':
      return isoWeek(day);
    case 'month':
      return day.slice(0, 7);
  }
}

/** The buckets that have begun: how many, and whether the last of them is not over. Those of later hours are no zeros, they are not yet. */
export function begunAt(
  nowMs: number,
  buckets: readonly string[],
  interval: SeriesInterval,
): { readonly count: number; readonly open: boolean } {
  const place = buckets.indexOf(bucketOf(nowMs, interval));
  return place === -1 ? { count: buckets.length, open: false } : { count: place + 1, open: true };
}

/** The values of the buckets that are over: what is not would only look like a fall in a line that cannot say so. */
export function valuesOver(
  nowMs: number,
  { buckets, values }: { readonly buckets: readonly string[]; readonly values: readonly number[] },
  interval: SeriesInterval,
): readonly number[] {
  const { count, open } = begunAt(nowMs, buckets, interval);
  return values.slice(0, open ? count - 1 : count);
}
