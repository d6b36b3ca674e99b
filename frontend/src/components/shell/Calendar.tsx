'use client';
import { DayPicker, type DateRange, type ClassNames } from 'react-day-picker';
import { fromCalendar, toCalendar, type IsoDay } from '../../lib/dates';
import { formatCalendarDay } from '../../lib/format';
import { MAX_DAYS } from '../../lib/range';

const round =
  'grid size-10 max-sm:size-11 place-items-center rounded-lg hover:bg-sunk aria-disabled:opacity-35 aria-disabled:hover:bg-transparent';
const CLASSES: Partial<ClassNames> = {
  root: 'relative',
  month_caption: 'flex h-10 items-center pl-2 font-semibold',
  nav: 'absolute top-0 right-0 flex',
  button_previous: round,
  button_next: round,
  chevron: 'size-4 fill-current',
  month_grid: 'mt-1 border-collapse',
  weekday: 'size-10 max-sm:size-11 text-xs font-medium text-ink-3',
  day: 'p-0 text-center tabular-nums',
  day_button: 'size-10 max-sm:size-11 rounded-lg hover:bg-sunk disabled:cursor-default disabled:hover:bg-transparent',
  today: 'font-bold text-accent-ink',
  disabled: 'text-ink-3 opacity-50',
  outside: 'text-ink-3',
  hidden: 'invisible',
  range_start: 'rounded-l-lg bg-accent-soft [&>button]:!bg-accent [&>button]:text-on-accent',
  range_end: 'rounded-r-lg bg-accent-soft [&>button]:!bg-accent [&>button]:text-on-accent',
  range_middle: 'bg-accent-soft [&>button]:rounded-none [&>button:hover]:bg-accent/15',
};

/** Days being chosen: the last one is missing until the second press. */
export type Draft = { readonly from: IsoDay; readonly to: IsoDay | undefined };

interface CalendarProps {
  readonly draft: Draft | null;
  readonly today: IsoDay;
  readonly onSelect: (draft: Draft | null) => void;
}

/** A month of UTC days to choose first and last from; nothing after today, a year at most. */
export default function Calendar({ draft, today, onSelect }: CalendarProps) {
  const selected = draft
    ? { from: toCalendar(draft.from), to: draft.to === undefined ? undefined : toCalendar(draft.to) }
    : undefined;
  const take = (chosen: DateRange | undefined) =>
    onSelect(chosen?.from ? { from: fromCalendar(chosen.from), to: chosen.to && fromCalendar(chosen.to) } : null);
  return (
    <DayPicker
      mode="range"
      resetOnSelect
      selected={selected}
      onSelect={take}
      defaultMonth={toCalendar(draft?.to ?? today)}
      today={toCalendar(today)}
      endMonth={toCalendar(today)}
      disabled={{ after: toCalendar(today) }}
      max={MAX_DAYS - 1}
      weekStartsOn={1}
      labels={{ labelDayButton: (date) => formatCalendarDay(date) }}
      classNames={CLASSES}
    />
  );
}
