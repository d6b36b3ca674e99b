/**
 * Days as the API speaks of them: `YYYY-MM-DD` strings, always UTC. Pure arithmetic; nothing here reads a clock or the
 * time zone of the machine.
 */

export const DAY_MS = 86_400_000;

/** A UTC day, `YYYY-MM-DD`. */
export type IsoDay = string;
/** Days from `from` to `to`, both included. */
export interface DayRange {
  readonly from: IsoDay;
  readonly to: IsoDay;
}

/** The UTC day that contains a moment given in ms since the epoch. */
export const isoDay = (ms: number): IsoDay => new Date(ms).toISOString().slice(0, 10);

/** The first moment of a UTC day, in ms since the epoch; NaN when the text is no day of the calendar. */
export function dayStart(day: IsoDay): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return NaN;
  const ms = Date.parse(`${day}T00:00:00Z`);
  // Date.parse refuses month 13 but some engines roll 31 February over: only a day that reads back the same is one.
  return Number.isNaN(ms) || isoDay(ms) !== day ? NaN : ms;
}

export const isDay = (text: string): boolean => !Number.isNaN(dayStart(text));
export const addDays = (day: IsoDay, count: number): IsoDay => isoDay(dayStart(day) + count * DAY_MS);

/** How many days a range has, its ends included. */
export const lengthOf = ({ from, to }: DayRange): number => Math.round((dayStart(to) - dayStart(from)) / DAY_MS) + 1;

/** The days that are in both; null where none is. */
export function overlap(a: DayRange, b: DayRange): DayRange | null {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to < b.to ? a.to : b.to;
  return from <= to ? { from, to } : null;
}

/** The same number of days just before a range: what the API compares the headline with. */
export function rangeBefore(range: DayRange): DayRange {
  return { from: addDays(range.from, -lengthOf(range)), to: addDays(range.from, -1) };
}

/** A UTC day as a local `Date` of the same calendar day, which is how the calendar widget thinks. */
export function toCalendar(day: IsoDay): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date);
}

/** The inverse of {@link toCalendar}. */
export const fromCalendar = (date: Date): IsoDay =>
  isoDay(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()));
