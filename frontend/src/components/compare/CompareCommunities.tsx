'use client';
import type { CommunityDetail, CommunityList } from '@passportx/analytics-backend/contract';
import { ChevronDown } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import { allAnswers, type Answer } from '../../lib/answer';
import { paths } from '../../lib/api/paths';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useApi } from '../../lib/hooks/useApi';
import { CARD } from '../ui/Card';
import { Failure } from '../ui/Failure';
import { Popup } from '../ui/Popup';
import { Skeleton } from '../ui/Skeleton';
import { SideBySide } from './SideBySide';

const FindOne = dynamic(() => import('../filters/FilterPanel').then((part) => part.FindOne), {
  ssr: false,
  loading: () => <div className="h-40 animate-sheen rounded-lg bg-sunk" />,
});

const NUMBERS = ['badgesIssued', 'activeUsers', 'newMembers', 'totalMembers', 'activeBadges', 'badgesRevoked'] as const;

/** The two that the address names; what it does not name is one of the largest, and then named, so that a link keeps it. */
export function CompareCommunities() {
  const { query, replace } = useAddress();
  const [namedA, namedB] = [query.get('a') || undefined, query.get('b') || undefined];
  const allNamed = namedA !== undefined && namedB !== undefined;
  const largest = useApi<CommunityList>(allNamed ? null : paths.list('communities', { sort: 'members', limit: 2 }));
  const ids = largest.data?.items.map(({ communityId }) => communityId) ?? [];
  const a = namedA ?? ids.find((id) => id !== namedB);
  const b = namedB ?? ids.find((id) => id !== a);
  useEffect(() => {
    if (!allNamed && a !== undefined && b !== undefined) replace({ a, b });
  }, [allNamed, a, b, replace]);
  if (a !== undefined && b !== undefined) return <Two a={a} b={b} />;
  if (!largest.data) return <Waiting answer={largest} />;
  return <p className={`px-5 py-16 text-center text-ink-2 ${CARD}`}>There are not two communities yet.</p>;
}

function Two({ a, b }: { readonly a: string; readonly b: string }) {
  const { change } = useAddress();
  const { range } = useView();
  const one = useApi<CommunityDetail>(paths.community(a));
  const other = useApi<CommunityDetail>(paths.community(b));
  const side = (id: string, { name }: CommunityDetail) => ({ name, ask: { range, filters: { community: id } } });
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <Picker label="One" name={one.data?.name ?? a} onPick={(id) => change({ a: id })} />
        <Picker label="The other" name={other.data?.name ?? b} onPick={(id) => change({ b: id })} />
      </div>
      {one.data && other.data ? (
        <SideBySide a={side(a, one.data)} b={side(b, other.data)} metrics={NUMBERS} />
      ) : (
        <Waiting answer={allAnswers([one, other])} />
      )}
    </>
  );
}

const Waiting = ({ answer: { error, refetch } }: { readonly answer: Answer<unknown> }) => (
  <div className={`p-5 ${CARD}`} aria-busy={error === null}>
    {error === null ? <Skeleton shape="rows" /> : <Failure message={error.message} retry={refetch} />}
  </div>
);

interface PickerProps {
  readonly label: string;
  readonly name: string;
  readonly onPick: (id: string) => void;
}

function Picker({ label, name, onPick }: PickerProps) {
  return (
    <div>
      <span aria-hidden className="mb-1 block text-sm text-ink-2">
        {label}
      </span>
      <Popup
        label={`${label} to compare`}
        className="control max-w-64"
        panelClassName="w-80 p-3"
        align="start"
        trigger={
          <>
            <span className="sr-only">{label}: </span>
            <span className="truncate">{name}</span>
            <ChevronDown aria-hidden size={14} className="shrink-0 text-ink-3" />
          </>
        }
      >
        {(close) => (
          <FindOne
            by="community"
            onPick={({ id }) => {
              onPick(id);
              close();
            }}
          />
        )}
      </Popup>
    </div>
  );
}
