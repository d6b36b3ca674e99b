/**
 * Numbers and times as a reader sees them: digits, separators and months of the reader's own locale, times always UTC.
 * Formatters are built once; `Intl` constructors cost more than everything else a render does.
 */
import { dayStart, DAY_MS, type DayRange, type IsoDay } from './dates';

interface Format {
  /** A BCP 47 tag; undefined: the browser's. */
  readonly locale: string | undefined;
  /** Time zone of moments; undefined: the machine's. Days are UTC always. */
  readonly zone: 'UTC' | undefined;
}

function formattersOf({ locale, zone }: Format) {
  const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
  const percent = { style: 'percent', maximumFractionDigits: 1 } as const;
  const zoned = zone === undefined ? { timeZoneName: 'short' as const } : { timeZone: zone };
  return {
    whole: number({ maximumFractionDigits: 0 }),
    compact: number({ notation: 'compact', maximumFractionDigits: 1 }),
    decimal: number({ maximumFractionDigits: 2 }),
    average: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    percent: number(percent),
    change: number({ ...percent, minimumFractionDigits: 1 }),
    wholePercent: number({ ...percent, maximumFractionDigits: 0 }),
    signedChange: number({ ...percent, minimumFractionDigits: 1, signDisplay: 'exceptZero' }),
    signedWholePercent: number({ ...percent, maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
    signed: number({ maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
    day: utc({ day: 'numeric', month: 'short' }),
    dayAndYear: utc({ day: 'numeric', month: 'short', year: 'numeric' }),
    weekday: utc({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
    month: utc({ month: 'short', year: 'numeric' }),
    shortMonth: utc({ month: 'short' }),
    moment: new Intl.DateTimeFormat(locale, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...zoned,
    }),
    calendar: new Intl.DateTimeFormat(locale, { dateStyle: 'full' }),
    duration: (unit: 'second' | 'minute' | 'hour' | 'day') => number({ style: 'unit', unit, unitDisplay: 'short' }),
    ago: new Intl.RelativeTimeFormat(locale, { numeric: 'always', style: 'narrow' }),
    zone,
  };
}

let f = formattersOf({ locale: undefined, zone: 'UTC' });
/** Chooses language and clock of everything below; what is already on screen must be drawn again. */
export function setFormat(format: Format): void {
  f = formattersOf(format);
}

/** A count, whole. */
export const formatCount = (value: number): string => f.whole.format(value);
/** A rate or an average, at most two decimals. */
export const formatDecimal = (value: number): string => f.decimal.format(value);
/** An average below others: always two decimals, so that they line up. */
export const formatAverage = (value: number): string => f.average.format(value);
/** A percentage as the API gives it (12.4 means 12.4 %). */
export const formatPercent = (value: number): string => f.percent.format(value / 100);
/** Whole, but never 0 % for what is something, nor 100 % for what is not all. */
export function formatWholePercent(value: number): string {
  if (value > 0 && value < 0.5) return `<${f.wholePercent.format(0.01)}`;
  if (value < 100 && value >= 99.5) return `>${f.wholePercent.format(0.99)}`;
  return f.wholePercent.format(value / 100);
}
/** From here on, in %, a tenth says nothing any more. */
const LARGE_CHANGE = 1_000;
/** The size of a change in %, with one decimal unless it is large, so that those below each other line up. */
export const formatChangeSize = (value: number): string =>
  (Math.abs(value) < LARGE_CHANGE ? f.change : f.wholePercent).format(Math.abs(value) / 100);
/** A change in %, its sign always written. */
export const formatChange = (value: number): string =>
  // A hyphen is no minus: it is half as wide and breaks lines.
  (Math.abs(value) < LARGE_CHANGE ? f.signedChange : f.signedWholePercent).format(value / 100).replace('-', '−');

/** A count as short as an axis has room for: "12K". */
export const formatCompact = (value: number): string => f.compact.format(value);
/** A difference of counts, its sign always written. */
export const formatDifference = (value: number): string => f.signed.format(value).replace('-', '−');

export const formatDay = (date: IsoDay): string => f.day.format(dayStart(date));
export const formatFullDay = (date: IsoDay): string => f.dayAndYear.format(dayStart(date));
/** A day with its weekday, which is what explains most of its figure. */
export const formatWeekday = (date: IsoDay): string => f.weekday.format(dayStart(date));
/** A range of days in the shortest form the locale has, e.g. "1 – 30 Nov 2026". */
export const formatRange = ({ from, to }: DayRange): string => f.dayAndYear.formatRange(dayStart(from), dayStart(to));
/** A month given as `YYYY-MM`. */
export const formatMonth = (isoMonth: string): string => f.month.format(dayStart(`${isoMonth}-01`));
export const formatShortMonth = (isoMonth: string): string => f.shortMonth.format(dayStart(`${isoMonth}-01`));
/** A moment to the second, saying its zone. */
export const formatMoment = (iso: string): string =>
  `${f.moment.format(Date.parse(iso))}${f.zone === undefined ? '' : ` ${f.zone}`}`;
/** A day of the calendar widget, which thinks in local dates (see `toCalendar`). */
export const formatCalendarDay = (date: Date): string => f.calendar.format(date);
/** An hour of the day, 0–23. */
export const formatHour = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** How long ago a moment was, in its largest whole unit. A clock that runs ahead of ours reads as "now". */
export function formatAgo(iso: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(iso)) / 1000));
  if (seconds < 1) return 'now';
  if (seconds < 60) return f.ago.format(-seconds, 'second');
  if (seconds < 3600) return f.ago.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return f.ago.format(-Math.floor(seconds / 3600), 'hour');
  return f.ago.format(-Math.floor((seconds * 1000) / DAY_MS), 'day');
}

/** A length of time given in ms, in its largest whole unit: "3 sec", "12 min", "5 hr", "2 days". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [value, unit] =
    seconds < 60
      ? ([seconds, 'second'] as const)
      : seconds < 3600
        ? ([Math.floor(seconds / 60), 'minute'] as const)
        : seconds < 86_400
          ? ([Math.floor(seconds / 3600), 'hour'] as const)
          : ([Math.floor(seconds / 86_400), 'day'] as const);
  return f.duration(unit).format(value);
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
