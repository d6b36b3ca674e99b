'use client';
import type { QueryDimension } from '@passportx/analytics-backend/contract';
import { X } from 'lucide-react';
import { filtersOf, withFilter, withoutFilter, type MeasuredWidget } from '../../lib/boards/widgets';
import { wordsOf } from '../../lib/found';
import { DIMENSION_LABELS } from '../../lib/metrics';
import FilterPanel from '../filters/FilterPanel';

interface WidgetFiltersProps {
  readonly widget: MeasuredWidget;
  readonly onChange: (widget: MeasuredWidget) => void;
}

/** What a widget counts only: several values of one dimension stand for any of them, all dimensions must hold. */
export function WidgetFilters({ widget, onChange }: WidgetFiltersProps) {
  const set = Object.entries(widget.filters ?? {}).flatMap(([by, values]) =>
    values.map((value) => ({ by: by as QueryDimension, value: String(value) })),
  );
  return (
    <details className="rounded-[9px] border border-line" open={set.length > 0}>
      <summary className="flex min-h-11 cursor-pointer items-center px-3 font-medium">
        {set.length === 0 ? 'Filters: none' : 'Filters'}
      </summary>
      <div className="flex flex-col gap-3 px-3 pb-3">
        {set.length > 0 && (
          <ul aria-label="Filters set" className="flex flex-wrap gap-1.5">
            {set.map(({ by, value }) => (
              <li
                key={`${by} ${value}`}
                className="inline-flex max-w-full items-center rounded-full bg-accent-soft pl-3 text-sm font-medium text-accent-ink"
              >
                <span className="truncate">
                  {DIMENSION_LABELS[by]}: {wordsOf(by, value)}
                </span>
                <button
                  type="button"
                  className="grid size-8 shrink-0 place-items-center rounded-full hover:bg-accent/15 max-md:size-11"
                  onClick={() => onChange(withoutFilter(widget, by, value))}
                >
                  <X aria-hidden size={13} strokeWidth={2.5} />
                  <span className="sr-only">
                    Remove {DIMENSION_LABELS[by]}: {wordsOf(by, value)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <FilterPanel
          dimensions={filtersOf(widget.metric)}
          onPick={(by, found) => onChange(withFilter(widget, by, found))}
        />
      </div>
    </details>
  );
}
