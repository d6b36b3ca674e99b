'use client';
import { DayPicker, type DateRange, type ClassNames } from 'react-day-picker';
import { fromCalendar, toCalendar, type DayRange, type IsoDay } from '../lib/dates';
import { MAX_DAYS } from '../lib/range';

const round = 'grid size-10 place-items-center rounded-lg hover:bg-sunk disabled:opacity-35 disabled:hover:bg-transparent';
const CLASSES: Partial<ClassNames> = {
  root: 'relative',
  month_caption: 'flex h-10 items-center pl-2 font-semibold',
  nav: 'absolute top-0 right-0 flex',
  button_previous: round,
  button_next: round,
  chevron: 'size-4 fill-current',
  month_grid: 'mt-1 border-collapse',
  weekday: 'size-10 text-xs font-medium text-ink-3',
  day: 'p-0 text-center tabular-nums',
  day_button: 'size-10 rounded-lg hover:bg-sunk disabled:cursor-default disabled:hover:bg-transparent',
  today: 'font-bold text-accent-ink',
  disabled: 'text-ink-3 opacity-50',
  outside: 'text-ink-3',
  range_start: 'rounded-l-lg bg-accent-soft [&>button]:bg-accent [&>button]:text-on-accent',
  range_end: 'rounded-r-lg bg-accent-soft [&>button]:bg-accent [&>button]:text-on-accent',
  range_middle: 'bg-accent-soft [&>button]:rounded-none',
};

interface CalendarProps {
  readonly range: DayRange | null;
  readonly today: IsoDay;
  readonly onSelect: (range: DayRange | null) => void;
}

/** A month of UTC days to choose first and last from; nothing after today, a year at most. */
export default function Calendar({ range, today, onSelect }: CalendarProps) {
  const selected = range ? { from: toCalendar(range.from), to: toCalendar(range.to) } : undefined;
  const take = (chosen: DateRange | undefined) => {
    if (!chosen?.from) return onSelect(null);
    onSelect({ from: fromCalendar(chosen.from), to: fromCalendar(chosen.to ?? chosen.from) });
  };
  return (
    <DayPicker
      mode="range"
      selected={selected}
      onSelect={take}
      defaultMonth={toCalendar(range?.to ?? today)}
      today={toCalendar(today)}
      endMonth={toCalendar(today)}
      disabled={{ after: toCalendar(today) }}
      max={MAX_DAYS - 1}
      weekStartsOn={1}
      classNames={CLASSES}
    />
  );
}
