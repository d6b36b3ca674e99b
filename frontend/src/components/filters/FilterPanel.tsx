'use client';
import type { QueryDimension } from '@passportx/analytics-backend/contract';
import { useDeferredValue, useState } from 'react';
import type { Found } from '../../lib/found';
import { useFound } from '../../lib/hooks/useFound';
import { DIMENSION_LABELS } from '../../lib/metrics';
import { SearchField } from '../ui/SearchField';

interface FilterPanelProps {
  readonly dimensions: readonly QueryDimension[];
  readonly onPick: (by: QueryDimension, found: Found) => void;
}

/** What to narrow down by, and to which: searched for by name or id. */
export default function FilterPanel({ dimensions, onPick }: FilterPanelProps) {
  const [chosen, setChosen] = useState(dimensions[0]);
  const by = chosen !== undefined && dimensions.includes(chosen) ? chosen : dimensions[0];
  if (by === undefined) return <p className="text-sm text-ink-2">Nothing is left to filter by.</p>;
  return (
    <div className="flex flex-col gap-2">
      <div role="group" aria-label="Filter by" className="flex flex-wrap gap-1">
        {dimensions.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === by}
            className="min-h-8 rounded-lg px-2.5 text-sm font-medium text-ink-2 hover:bg-sunk hover:text-ink aria-pressed:bg-sunk aria-pressed:text-ink max-md:min-h-11"
            onClick={() => setChosen(name)}
          >
            {DIMENSION_LABELS[name]}
          </button>
        ))}
      </div>
      <FindOne key={by} by={by} onPick={(found) => onPick(by, found)} />
    </div>
  );
}

interface FindOneProps {
  readonly by: QueryDimension;
  readonly onPick: (found: Found) => void;
}

/** One of a kind, searched for. */
export function FindOne({ by, onPick }: FindOneProps) {
  const [text, setText] = useState('');
  const { data, error } = useFound(by, useDeferredValue(text.trim()));
  const label = DIMENSION_LABELS[by].toLowerCase();
  return (
    <>
      <SearchField
        label={`Find by ${by === 'badge' || by === 'community' ? 'name or id' : label}`}
        text={text}
        onText={setText}
      />
      <ul
        aria-label={DIMENSION_LABELS[by]}
        aria-busy={data === undefined && error === null}
        className="max-h-64 min-h-24 overflow-y-auto"
      >
        {data?.map((found) => (
          <li key={found.id}>
            <button
              type="button"
              title={found.id}
              className="flex min-h-9 w-full items-center rounded-lg px-3 text-left hover:bg-sunk max-md:min-h-11"
              onClick={() => onPick(found)}
            >
              <span className="truncate">{found.name}</span>
            </button>
          </li>
        ))}
        {data?.length === 0 && <li className="px-3 py-2 text-sm text-ink-2">None found.</li>}
        {error && data === undefined && <li className="px-3 py-2 text-sm text-ink-2">{error.message}</li>}
      </ul>
    </>
  );
}
