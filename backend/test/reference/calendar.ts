/**
 * Calendar arithmetic of the reference, on text: a day is `2026-02-09`, a week `2026-W07`, a month `2026-02`, all UTC.
 * Days compare as text. Slow and plain on purpose: a Date is made for every step.
 */
export interface DayRange {
  /** First day. */
  readonly from: string;
  /** Last day, included. */
  readonly to: string;
}

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const hourOf = (ms: number): number => new Date(ms).getUTCHours();

export const monthOf = (day: string): string => day.slice(0, 7);

export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);

export function plusDays(day: string, days: number): string {
  const date = new Date(startOfDay(day));
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function plusMonths(month: string, months: number): string {
  const date = new Date(`${month}-01T00:00:00.000Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** Monday of the week that holds the day. */
export function mondayOf(day: string): string {
  const daysSinceSunday = new Date(startOfDay(day)).getUTCDay();
  return plusDays(day, daysSinceSunday === 0 ? -6 : 1 - daysSinceSunday);
}

/** ISO 8601: a week belongs to the year of its Thursday, and is numbered by how many Thursdays that year has had. */
export function weekOf(day: string): string {
  const thursday = plusDays(mondayOf(day), 3);
  const year = thursday.slice(0, 4);
  const daysBefore = (startOfDay(thursday) - startOfDay(`${year}-01-01`)) / 86_400_000;
  return `${year}-W${String(Math.floor(daysBefore / 7) + 1).padStart(2, '0')}`;
}

/** Every day of the range, oldest first. */
export function daysOf(range: DayRange): string[] {
  const days: string[] = [];
  for (let day = range.from; day <= range.to; day = plusDays(day, 1)) days.push(day);
  return days;
}

/** The last `count` weeks, the one that holds `day` last. */
export function lastWeeks(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => weekOf(plusDays(day, -7 * (count - 1 - index))));
}

/** The last `count` months, the one that holds `day` last. */
export function lastMonths(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => plusMonths(monthOf(day), index - (count - 1)));
}

/** The last `count` days, `day` included. */
export const lastDays = (day: string, count: number): DayRange => ({ from: plusDays(day, 1 - count), to: day });

export const within = (range: DayRange, day: string): boolean => range.from <= day && day <= range.to;
