'use client';
import { CalendarDays, Check, ChevronDown } from 'lucide-react';
import dynamic from 'next/dynamic';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { DayRange, IsoDay } from '../lib/dates';
import { formatRange } from '../lib/format';
import { labelOf, PRESETS, type Selection } from '../lib/range';
import type { Draft } from './Calendar';

const Calendar = dynamic(() => import('./Calendar'), {
  loading: () => <div className="h-80 w-70 animate-sheen rounded-lg bg-sunk" />,
});

interface DateRangePickerProps {
  readonly selection: Selection;
  readonly range: DayRange;
  readonly today: IsoDay;
  readonly onSelect: (selection: Selection) => void;
}

/** Which days the page shows: a preset that moves on by itself, or days chosen in a calendar. */
export function DateRangePicker({ selection, range, today, onSelect }: DateRangePickerProps) {
  const [open, setOpen] = useState(false);
  const choose = (chosen: Selection) => {
    onSelect(chosen);
    setOpen(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="control">
        <CalendarDays aria-hidden size={16} className="text-ink-2" />
        {selection.timeRange === 'custom' ? formatRange(range) : labelOf(selection)}
        <ChevronDown aria-hidden size={14} className="text-ink-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={12}
          aria-label="Days to show"
          className="z-40 flex max-h-[calc(100dvh-96px)] flex-col overflow-y-auto rounded-card border border-line bg-card shadow-pop sm:flex-row"
        >
          <ul className="grid grid-cols-2 gap-1 border-line p-3 max-sm:border-b sm:flex sm:w-44 sm:flex-col sm:border-r">
            {PRESETS.map(({ id, label }) => (
              <li key={id}>
                <button
                  type="button"
                  aria-pressed={selection.timeRange === id}
                  onClick={() => choose({ timeRange: id })}
                  className="flex h-11 w-full items-center justify-between gap-2 rounded-lg px-3 text-left hover:bg-sunk sm:h-9 aria-pressed:font-semibold"
                >
                  {label}
                  {selection.timeRange === id && <Check aria-hidden size={15} className="text-accent-ink" />}
                </button>
              </li>
            ))}
          </ul>
          <CustomDays range={range} today={today} onChoose={(days) => choose({ timeRange: 'custom', ...days })} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface CustomDaysProps {
  readonly range: DayRange;
  readonly today: IsoDay;
  readonly onChoose: (range: DayRange) => void;
}

function CustomDays({ range, today, onChoose }: CustomDaysProps) {
  const [draft, setDraft] = useState<Draft | null>({ ...range });
  const days = draft && { from: draft.from, to: draft.to ?? draft.from };
  return (
    <div className="p-3">
      <Calendar draft={draft} today={today} onSelect={setDraft} />
      <div className="mt-2 flex items-center justify-between gap-3 border-t border-line pt-3">
        <span className="text-sm text-ink-2 tabular-nums">{days ? formatRange(days) : 'First and last day, UTC'}</span>
        <button
          type="button"
          className="control control-primary"
          disabled={!days}
          onClick={() => days && onChoose(days)}
        >
          Show
        </button>
      </div>
    </div>
  );
}
