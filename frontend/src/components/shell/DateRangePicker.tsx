'use client';
import { CalendarDays, ChevronDown } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { DayRange, IsoDay } from '../../lib/dates';
import { formatRange } from '../../lib/format';
import { labelOf, PRESETS, type Selection } from '../../lib/range';
import { ChoiceList } from '../ui/Choices';
import { Popup } from '../ui/Popup';
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
  return (
    <Popup
      label="Days to show"
      className="control"
      panelClassName="flex flex-col sm:flex-row"
      triggerProps={{ 'data-key': 'd' }}
      trigger={
        <>
          <CalendarDays aria-hidden size={16} className="text-ink-2 max-sm:hidden" />
          {selection.timeRange === 'custom' ? formatRange(range) : labelOf(selection)}
          <ChevronDown aria-hidden size={14} className="text-ink-3" />
        </>
      }
    >
      {(close) => {
        const choose = (chosen: Selection) => {
          onSelect(chosen);
          close();
        };
        return (
          <>
            <ChoiceList
              label="Presets"
              choices={PRESETS}
              chosen={selection.timeRange === 'custom' ? undefined : selection.timeRange}
              onChoose={(timeRange) => choose({ timeRange })}
              className="border-line p-3 max-sm:grid max-sm:grid-cols-2 max-sm:border-b sm:w-44 sm:border-r"
            />
            <CustomDays range={range} today={today} onChoose={(days) => choose({ timeRange: 'custom', ...days })} />
          </>
        );
      }}
    </Popup>
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
