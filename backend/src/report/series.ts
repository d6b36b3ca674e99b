import { daysOfMonth, monthOf, parseDate, weekOf, type DayRange } from '../analyzers/calendar.js';
import type { DayCount } from '../contract/index.js';
import { bucketsOf } from '../query/question.js';

/** Day series made fit for a chart. Pure. */
export interface Point {
  /** Day that it begins on, since the epoch. */
  readonly day: number;
  readonly value: number;
}

/** Columns that a page's width shows apart. */
const MAX_COLUMNS = 62;
const DAYS_PER_WEEK = 7;

export type Step = 'day' | 'week' | 'month';

/** The finest step at which so many days fit into a chart. */
export function stepFor(days: number): Step {
  if (days <= MAX_COLUMNS) return 'day';
  return days <= MAX_COLUMNS * DAYS_PER_WEEK ? 'week' : 'month';
}

export const pointsOf = (series: readonly DayCount[]): Point[] =>
  series.map(({ date, count }) => ({ day: parseDate(date) ?? 0, value: count }));

/** The values of an answer, one a bucket. */
export const bucketPoints = (step: Step, range: DayRange, values: readonly number[]): Point[] =>
  bucketsOf(step, range).map(({ from }, index) => ({ day: from, value: values[index] ?? 0 }));

/** Sums of what can be added up over days: issues and first sights, not people who may be active on several days. */
export function summedBy(step: Step, points: readonly Point[]): Point[] {
  if (step === 'day') return [...points];
  const sums = new Map<number, number>();
  for (const { day, value } of points) {
    const start = step === 'week' ? weekOf(day) * DAYS_PER_WEEK - 3 : daysOfMonth(monthOf(day)).from;
    sums.set(start, (sums.get(start) ?? 0) + value);
  }
  return [...sums].map(([day, value]) => ({ day, value }));
}

/** Round marks of an axis from 0 to at least `max`, some four of them. */
export function ticksFor(max: number): number[] {
  const rough = Math.max(1, max) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  return Array.from({ length: Math.ceil(Math.max(1, max) / step) + 1 }, (_, index) => index * step);
}
