import {
  daysOfMonth,
  daysOfWeek,
  isoDate,
  monthName,
  monthOf,
  MS_PER_DAY,
  MS_PER_HOUR,
  rangeBefore,
  weekName,
  weekOf,
  type DayRange,
} from '../analyzers/calendar.js';
import type { QueryComparison, QueryFilters, QueryGroup, QueryInterval, QueryMetric } from '../contract/index.js';

/** A question to the query call, checked and complete, and the calendar of its answer. */
export interface Question {
  readonly metric: QueryMetric;
  readonly range: DayRange;
  readonly interval: QueryInterval;
  readonly groupBy: QueryGroup;
  /** Groups shown, at most. */
  readonly limit: number;
  readonly filters: QueryFilters;
  readonly compare: QueryComparison;
}

/** One bucket: its days, cut at the ends of the range, and what it is called. Of an hour, the day that it is in. */
export interface Bucket extends DayRange {
  readonly label: string;
}

/** The buckets of a range, oldest first. */
export function bucketsOf(interval: QueryInterval, range: DayRange): Bucket[] {
  const within = (days: DayRange, label: string): Bucket => ({
    from: Math.max(days.from, range.from),
    to: Math.min(days.to, range.to),
    label,
  });
  switch (interval) {
    case 'hour':
      return numbers(range.from * HOURS, range.to * HOURS + HOURS - 1).map((hour) => {
        const day = Math.floor(hour / HOURS);
        return { from: day, to: day, label: new Date(hour * MS_PER_HOUR).toISOString() };
      });
    case 'day':
      return numbers(range.from, range.to).map((day) => within({ from: day, to: day }, isoDate(day)));
    case 'week':
      return numbers(weekOf(range.from), weekOf(range.to)).map((week) => within(daysOfWeek(week), weekName(week)));
    case 'month':
      return numbers(monthOf(range.from), monthOf(range.to)).map((month) =>
        within(daysOfMonth(month), monthName(month)),
      );
    case 'total':
      return [within(range, `${isoDate(range.from)}/${isoDate(range.to)}`)];
  }
}

/** The days that an answer is of, and those that it is compared with, if any. */
export function rangesOf({ range, compare }: Pick<Question, 'range' | 'compare'>): readonly DayRange[] {
  const before = comparedRange(compare, range);
  return before === undefined ? [range] : [range, before];
}

/** As many days just before, or the same dates of the year before. */
function comparedRange(compare: QueryComparison, range: DayRange): DayRange | undefined {
  switch (compare) {
    case 'none':
      return undefined;
    case 'previous':
      return rangeBefore(range);
    case 'year':
      return { from: yearBefore(range.from), to: yearBefore(range.to) };
  }
}

/** The same date a year before; 28 February for the 29th. */
function yearBefore(day: number): number {
  const month = daysOfMonth(monthOf(day) - 12);
  return Math.min(month.from + (day - daysOfMonth(monthOf(day)).from), month.to);
}

const HOURS = MS_PER_DAY / MS_PER_HOUR;

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
