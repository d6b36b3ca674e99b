import {
  dayOf,
  daysOfMonth,
  daysOfWeek,
  lastDays,
  monthOf,
  rangeBefore,
  weekOf,
  type DayRange,
} from '../analyzers/calendar.js';
import type { AlertSettings, AlertWindow } from '../contract/index.js';

/** The UTC days that an alert's count is over, and those that it is compared with. Pure. */
export interface Windows {
  readonly current: DayRange;
  /** As long as `current`, or as the month before allows. */
  readonly previous: DayRange;
}

/** Those windows that are whole days. */
export type DayWindow = Exclude<AlertWindow, 'lastHours'>;

/** A week or a month is compared with the same days of the one before: half a week is not half as much. */
export function windowsOf(
  { window, days }: Pick<AlertSettings, 'days'> & { readonly window: DayWindow },
  nowMs: number,
): Windows {
  const today = dayOf(nowMs);
  switch (window) {
    case 'today':
      return withBefore({ from: today, to: today });
    case 'lastDays':
      return withBefore(lastDays(days, nowMs));
    case 'fullDays':
      return withBefore({ from: today - days, to: today - 1 });
    case 'thisWeek': {
      const { from } = daysOfWeek(weekOf(today));
      return { current: { from, to: today }, previous: { from: from - 7, to: today - 7 } };
    }
    case 'thisMonth': {
      const { from } = daysOfMonth(monthOf(today));
      const before = daysOfMonth(monthOf(today) - 1);
      return {
        current: { from, to: today },
        previous: { from: before.from, to: Math.min(before.to, before.from + today - from) },
      };
    }
  }
}

const withBefore = (current: DayRange): Windows => ({ current, previous: rangeBefore(current) });
