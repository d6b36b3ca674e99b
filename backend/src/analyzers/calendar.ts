/**
 * UTC calendar arithmetic over whole numbers, pure (what is kept changes no answer) and total: a day is days since 1970-01-01, a week is weeks since the
 * Monday 1969-12-29, a month is year × 12 + month (0–11), an hour is hours since the epoch. No local time anywhere.
 */
export const MS_PER_HOUR = 3_600_000;
export const MS_PER_DAY = 86_400_000;

/** Days since the epoch, both included. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** Days since the epoch, both included; undefined: as far as there is anything. */
export interface OpenRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export function dayOf(ms: number): number {
  return Math.floor(ms / MS_PER_DAY);
}

export function hourOf(ms: number): number {
  return Math.floor(ms / MS_PER_HOUR);
}

/** The first millisecond of the day. */
export function startOfDay(day: number): number {
  return day * MS_PER_DAY;
}

/** The ISO week that the day is in. 1970-01-01 was a Thursday, so Mondays are at −3, 4, 11, … */
export function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}

/** Monday to Sunday. */
export function daysOfWeek(week: number): DayRange {
  return { from: week * 7 - 3, to: week * 7 + 3 };
}

/** The month that the day is in, by Howard Hinnant's `civil_from_days`: eras of 400 years that begin on 1 March. */
export function monthOf(day: number): number {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // Months since March 0000; two more make them months since January 0000.
  return (era * 400 + yearOfEra) * 12 + Math.floor((5 * dayOfYear + 2) / 153) + 2;
}

/** First to last day of the month. */
export function daysOfMonth(month: number): DayRange {
  return { from: firstDayOfMonth(month), to: firstDayOfMonth(month + 1) - 1 };
}

function firstDayOfMonth(month: number): number {
  const year = Math.floor(month / 12);
  return Date.UTC(year, month - year * 12, 1) / MS_PER_DAY;
}

/** Dates that were asked for: every series names the same few days anew. */
const dates = new Map<number, string>();
/** More days than any series has. */
const MAX_DATES = 10_000;

/** `2026-02-14`. */
export function isoDate(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  if (dates.size === MAX_DATES) dates.clear();
  const date = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

/** `2026-W07`: the year is that of the week's Thursday (ISO 8601), so 2027-01-01 is in `2026-W53`. */
export function weekName(week: number): string {
  const thursday = week * 7;
  const year = Math.floor(monthOf(thursday) / 12);
  const number = Math.floor((thursday - firstDayOfMonth(year * 12)) / 7) + 1;
  return `${String(year).padStart(4, '0')}-W${String(number).padStart(2, '0')}`;
}

/** `2026-02`. */
export function monthName(month: number): string {
  const year = Math.floor(month / 12);
  return `${String(year).padStart(4, '0')}-${String(month - year * 12 + 1).padStart(2, '0')}`;
}

/** The day that `YYYY-MM-DD` names, or undefined if there is no such date. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / MS_PER_DAY;
  return Number.isNaN(day) || isoDate(day) !== text ? undefined : day;
}

/** The `count` days that end today, today included. */
export function lastDays(count: number, nowMs: number): DayRange {
  const today = dayOf(nowMs);
  return { from: today - count + 1, to: today };
}

/** The same number of days just before. */
export function rangeBefore({ from, to }: DayRange): DayRange {
  return { from: from - (to - from + 1), to: from - 1 };
}
