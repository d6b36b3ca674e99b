/**
 * Numbers and times as a reader sees them: digits, separators and months of the reader's own locale, times always UTC.
 * Formatters are built once; `Intl` constructors cost more than everything else a render does.
 */
import { dayStart, DAY_MS, type DayRange, type IsoDay } from './dates';

const utc = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const signedPercent = new Intl.NumberFormat(undefined, {
  style: 'percent',
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const day = utc({ day: 'numeric', month: 'short' });
const dayAndYear = utc({ day: 'numeric', month: 'short', year: 'numeric' });
const month = utc({ month: 'short', year: 'numeric' });
const shortMonth = utc({ month: 'short' });
const moment = utc({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const weekdayAndDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'always', style: 'narrow' });

/** A count, whole. */
export const formatCount = (value: number): string => whole.format(value);
/** A rate or an average, at most two decimals. */
export const formatDecimal = (value: number): string => decimal.format(value);
/** A percentage as the API gives it (12.4 means 12.4 %). */
export const formatPercent = (value: number): string => percent.format(value / 100);
export const formatWholePercent = (value: number): string => wholePercent.format(value / 100);
/** A change in %, its sign always written. */
export const formatChange = (value: number): string =>
  // A hyphen is no minus: it is half as wide and breaks lines.
  signedPercent.format(value / 100).replace('-', '−');

export const formatDay = (date: IsoDay): string => day.format(dayStart(date));
export const formatFullDay = (date: IsoDay): string => dayAndYear.format(dayStart(date));
/** A range of days in the shortest form the locale has, e.g. "1 – 30 Nov 2026". */
export const formatRange = ({ from, to }: DayRange): string => dayAndYear.formatRange(dayStart(from), dayStart(to));
/** A month given as `YYYY-MM`. */
export const formatMonth = (isoMonth: string): string => month.format(dayStart(`${isoMonth}-01`));
export const formatShortMonth = (isoMonth: string): string => shortMonth.format(dayStart(`${isoMonth}-01`));
/** A moment to the second, UTC and saying so. */
export const formatMoment = (iso: string): string => `${moment.format(Date.parse(iso))} UTC`;
/** A day of the calendar widget, which thinks in local dates (see `toCalendar`). */
export const formatCalendarDay = (date: Date): string => weekdayAndDay.format(date);
/** An hour of the day, 0–23. */
export const formatHour = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** How long ago a moment was, in its largest whole unit. A clock that runs ahead of ours reads as "now". */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(iso)) / 1000));
  if (seconds < 1) return 'now';
  if (seconds < 60) return ago.format(-seconds, 'second');
  if (seconds < 3600) return ago.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return ago.format(-Math.floor(seconds / 3600), 'hour');
  return ago.format(-Math.floor((seconds * 1000) / DAY_MS), 'day');
}

/** A principal or hash short enough for a line: its first five and last four characters. */
export const shorten = (id: string): string => (id.length <= 12 ? id : `${id.slice(0, 5)}…${id.slice(-4)}`);

/** "1 block", "2 blocks": English plurals of the regular kind. */
export const countOf = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A category as the contract prints it (`open-source`) as a title ("Open source"). */
export function formatCategory(category: string): string {
  const words = category.replaceAll(/[-_]+/g, ' ').trim();
  return words === '' ? category : words.charAt(0).toUpperCase() + words.slice(1);
}
