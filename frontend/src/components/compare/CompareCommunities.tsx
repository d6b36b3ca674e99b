'use client';
import { useId } from 'react';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useMetric } from '../../lib/hooks/useApi';
import { CARD } from '../ui/Card';
import { Failure } from '../ui/Failure';
import { Skeleton } from '../ui/Skeleton';
import { SideBySide } from './SideBySide';

const NUMBERS = ['badgesIssued', 'activeUsers', 'newMembers', 'totalMembers', 'activeBadges', 'badgesRevoked'] as const;
/** As many as a list that one chooses from can hold. */
const OFFERED = 100;

export function CompareCommunities() {
  const { query, change } = useAddress();
  const { range } = useView();
  // The largest first: those are what one compares.
  const { data, error, refetch } = useMetric({ metric: 'totalMembers', range, groupBy: 'community', limit: OFFERED });
  if (!data)
    return (
      <div className={`p-5 ${CARD}`} aria-busy={error === null}>
        {error === null ? <Skeleton shape="rows" /> : <Failure message={error.message} retry={refetch} />}
      </div>
    );
  const items = data.series.flatMap(({ key, name }) => (key === null ? [] : [{ id: key, name }]));
  const named = (name: string) => items.find(({ id }) => id === query.get(name));
  const a = named('a') ?? items.find((item) => item !== named('b'));
  const b = named('b') ?? items.find((item) => item !== a);
  if (!a || !b)
    return <p className={`px-5 py-16 text-center text-ink-2 ${CARD}`}>There are not two communities yet.</p>;
  const side = ({ id, name }: Option) => ({ name, ask: { range, filters: { community: id } } });
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Picker label="One" items={items} chosen={a} onChoose={(id) => change({ a: id })} />
        <Picker label="The other" items={items} chosen={b} onChoose={(id) => change({ b: id })} />
      </div>
      <SideBySide a={side(a)} b={side(b)} metrics={NUMBERS} />
    </>
  );
}

interface Option {
  readonly id: string;
  readonly name: string;
}

interface PickerProps {
  readonly label: string;
  readonly items: readonly Option[];
  readonly chosen: Option;
  readonly onChoose: (id: string) => void;
}

function Picker({ label, items, chosen, onChoose }: PickerProps) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm text-ink-2">
        {label}
      </label>
      <select id={id} className="control max-w-64" value={chosen.id} onChange={(event) => onChoose(event.target.value)}>
        {items.map(({ id: option, name }) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
