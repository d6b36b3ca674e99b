import type { DayCount } from '../contract/index.js';
import { daysOfMonth, daysOfWeek, isoDate, monthName, monthOf, weekName, weekOf, type DayRange } from './calendar.js';
import type { Counter } from './columns/counter.js';

/** Time series out of counts by day: oldest first, zeros included. */
const SERIES_LENGTH = 12;

export function daily(byDay: Counter, { from, to }: DayRange): DayCount[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    date: isoDate(from + index),
    count: byDay.get(from + index),
  }));
}

/** The last 12 weeks, that of `today` last. */
export function weekly(byDay: Counter, today: number): { week: string; count: number }[] {
  return upTo(weekOf(today)).map((week) => ({ week: weekName(week), count: byDay.sum(daysOfWeek(week)) }));
}

/** The last 12 months, that of `today` last. */
export function monthly(byDay: Counter, today: number): { month: string; count: number }[] {
  return upTo(monthOf(today)).map((month) => ({ month: monthName(month), count: byDay.sum(daysOfMonth(month)) }));
}

/** The last 12 of numbered periods, oldest first. */
export function upTo(current: number): number[] {
  return Array.from({ length: SERIES_LENGTH }, (_, index) => current - SERIES_LENGTH + 1 + index);
}

/** Counts of the whole day, week and month that contain `today`. */
export function thisPeriod(byDay: Counter, today: number): { today: number; week: number; month: number } {
  return {
    today: byDay.get(today),
    week: byDay.sum(daysOfWeek(weekOf(today))),
    month: byDay.sum(daysOfMonth(monthOf(today))),
  };
}
