import { isoDate } from '../analyzers/calendar.js';

/** Numbers and days as the report writes them: British English and UTC, whoever reads it. Pure. */
const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
const COMPACT = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 });
const LONG_DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const SHORT_DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export const numberText = (value: number): string => NUMBER.format(value);
export const compactText = (value: number): string => COMPACT.format(value);
export const percentText = (value: number): string => `${NUMBER.format(value)} %`;
export const changeText = (change: number): string =>
  `${change > 0 ? '+' : change < 0 ? '−' : '±'}${NUMBER.format(Math.abs(change))} %`;

/** @param day days since the epoch */
export const longDay = (day: number): string => LONG_DAY.format(new Date(isoDate(day)));
export const shortDay = (day: number): string => SHORT_DAY.format(new Date(isoDate(day)));
export const monthText = (day: number): string => MONTH.format(new Date(isoDate(day)));
export const momentText = (ms: number): string => `${MOMENT.format(ms)} UTC`;

/** `1 to 30 November 2026`, `28 October to 3 November 2026`. */
export function periodText(from: number, to: number): string {
  const [first, last] = [longDay(from), longDay(to)];
  if (from === to) return last;
  const [day = '', month = '', year = ''] = first.split(' ');
  const [, lastMonth, lastYear] = last.split(' ');
  if (year !== lastYear) return `${first} to ${last}`;
  return month === lastMonth ? `${day} to ${last}` : `${day} ${month} to ${last}`;
}

/** An address as people know it again: its beginning and its end. */
export const shortAddress = (text: string): string =>
  text.length > 20 ? `${text.slice(0, 8)}…${text.slice(-6)}` : text;
