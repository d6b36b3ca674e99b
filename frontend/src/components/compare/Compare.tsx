'use client';
import { useAddress } from '../../lib/hooks/useAddress';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import { Segments } from '../ui/Choices';
import { CompareCommunities } from './CompareCommunities';
import { ComparePeriods } from './ComparePeriods';

const MODES = [
  { id: 'periods', label: 'Two periods' },
  { id: 'communities', label: 'Two communities' },
] as const;

/** Two things side by side: the same numbers, the same picture, and what lies between them. */
export function Compare() {
  const { query, change } = useAddress();
  const mode = MODES.find(({ id }) => id === query.get('mode'))?.id ?? 'periods';
  return (
    <>
      <PageHead
        title="Compare"
        {...(mode === 'periods' ? { filters: ALL_FILTERS } : {})}
        says={mode === 'periods' ? 'Two periods, or two communities, beside each other' : undefined}
      />
      <div className="mb-4">
        <Segments
          label="What to compare"
          choices={MODES}
          chosen={mode}
          onChoose={(id) => change({ mode: id === 'periods' ? null : id })}
        />
      </div>
      {mode === 'periods' ? <ComparePeriods /> : <CompareCommunities />}
    </>
  );
}
