import { dayOf, startOfDay } from '../analyzers/calendar.js';
import type { AlertSettings, QuietHours } from '../contract/index.js';

/** When an alert that fires sends no webhook. Pure; all times UTC. */
export function isSilenced(
  { silencedUntil, quietHours }: Pick<AlertSettings, 'silencedUntil' | 'quietHours'>,
  nowMs: number,
): boolean {
  if (silencedUntil !== null && nowMs < Date.parse(silencedUntil)) return true;
  return quietHours.some((quiet) => isQuiet(quiet, nowMs));
}

const MS_PER_MINUTE = 60_000;

/** `from` is part of it, `to` is not; the same time twice is a whole day. */
function isQuiet({ days, from, to }: QuietHours, nowMs: number): boolean {
  const today = dayOf(nowMs);
  const minute = Math.floor((nowMs - startOfDay(today)) / MS_PER_MINUTE);
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (start < end) return days.includes(weekday(today)) && minute >= start && minute < end;
  return (days.includes(weekday(today)) && minute >= start) || (days.includes(weekday(today - 1)) && minute < end);
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** 1 Monday to 7 Sunday; 1970-01-01 was a Thursday. */
const weekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
