import { MS_PER_DAY, MS_PER_HOUR } from '../analyzers/calendar.js';
import type { Period } from '../contract/snapshots.js';

/** Hours, days and ISO weeks, all UTC: every period of a name is as long as any other, and none moves with a time zone. */
export const PERIOD_MS: Readonly<Record<Period, number>> = {
  hourly: MS_PER_HOUR,
  daily: MS_PER_DAY,
  weekly: 7 * MS_PER_DAY,
};

/** 1970-01-05, a Monday at midnight: a start of an hour, of a day and of a week. */
const MONDAY_MS = 4 * MS_PER_DAY;

/** First ms of the period that contains `ms`. */
export const startOf = (period: Period, ms: number): number =>
  MONDAY_MS + Math.floor((ms - MONDAY_MS) / PERIOD_MS[period]) * PERIOD_MS[period];

/** First ms after the period that contains `ms`. */
export const endOf = (period: Period, ms: number): number => startOf(period, ms) + PERIOD_MS[period];
