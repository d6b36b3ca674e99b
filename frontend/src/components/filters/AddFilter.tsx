'use client';
import { ListFilter } from 'lucide-react';
import dynamic from 'next/dynamic';
import type { FilterName } from '../../lib/view';
import { Popup } from '../ui/Popup';

const FilterPanel = dynamic(() => import('./FilterPanel'), {
  ssr: false,
  loading: () => <div className="h-40 animate-sheen rounded-lg bg-sunk" />,
});

interface AddFilterProps {
  /** What is not filtered by yet. */
  readonly names: readonly FilterName[];
  readonly onPick: (name: FilterName, value: string) => void;
}

/** Narrows the page down to something that is not to be seen on it. */
export function AddFilter({ names, onPick }: AddFilterProps) {
  return (
    <Popup
      label="Filter the page"
      className="control"
      panelClassName="w-80 p-3"
      triggerProps={{ 'data-key': 'f' }}
      trigger={
        <>
          <ListFilter aria-hidden size={15} className="text-ink-2" />
          <span className="max-sm:sr-only">Filter</span>
        </>
      }
    >
      {(close) => (
        <FilterPanel
          dimensions={names}
          onPick={(by, { id }) => {
            const name = names.find((one) => one === by);
            if (name !== undefined) onPick(name, id);
            close();
          }}
        />
      )}
    </Popup>
  );
}
