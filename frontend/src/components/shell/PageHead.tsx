'use client';
import { ChevronDown, ChevronRight, GitCompareArrows, Share2, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { linkToShare, useAddress, useView } from '../../lib/hooks/useAddress';
import { useNames } from '../../lib/hooks/useNames';
import { useToday } from '../../lib/hooks/useNow';
import { lengthOf } from '../../lib/dates';
import { formatBucket } from '../../lib/buckets';
import { countOf, formatRange } from '../../lib/format';
import { DIMENSION_LABELS } from '../../lib/metrics';
import {
  comparedRange,
  COMPARISONS,
  comparisonChanges,
  FILTERS,
  PICKS,
  selectionChanges,
  type FilterName,
  type PickName,
} from '../../lib/view';
import { resolveRange } from '../../lib/range';
import { ChoiceList } from '../ui/Choices';
import { Popup } from '../ui/Popup';
import { useToast } from '../ui/Toast';
import { AddFilter } from '../filters/AddFilter';
import { DateRangePicker } from './DateRangePicker';

export interface Crumb {
  readonly path: string;
  readonly name: string;
}

interface PageHeadProps {
  readonly title: string;
  /** What the page is about; left out, the days that it shows. */
  readonly says?: ReactNode;
  /** The page this one belongs to. */
  readonly crumb?: Crumb;
  /** Filters that this page can obey; none: it shows no chips. */
  readonly filters?: readonly FilterName[];
  /** Whether the page speaks of days at all. */
  readonly dated?: boolean;
  /** Whether it sets them beside others. */
  readonly compared?: boolean;
  readonly children?: ReactNode;
}

/** The head of a page: where one is, which days, compared with what, narrowed down to what, and a link to just that. */
export function PageHead({
  title,
  says,
  crumb,
  filters = [],
  dated = true,
  compared = dated,
  children,
}: PageHeadProps) {
  const { change, href } = useAddress();
  const { selection, compare, picked, filters: set } = useView();
  const today = useToday();
  const active = filters.filter((name) => set[name] !== undefined);
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-7 pb-5">
      <div className="min-w-0">
        {crumb && (
          <nav aria-label="Breadcrumbs" className="mb-1 flex items-center gap-1 text-sm text-ink-2">
            <Link href={href(crumb.path)} prefetch={false} className="link flex items-center max-md:min-h-11">
              {crumb.name}
            </Link>
            <ChevronRight aria-hidden size={13} />
          </nav>
        )}
        <h1 className="truncate text-2xl/8 font-semibold tracking-[-0.02em]" title={title}>
          {title}
        </h1>
        <p className="text-ink-2">{says ?? <Days />}</p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {children}
        {dated && PICKS.map((name) => <PickChip key={name} name={name} bucket={picked[name]} />)}
        {active.map((name) => (
          <FilterChip key={name} name={name} value={set[name] ?? ''} onRemove={() => change({ [name]: null })} />
        ))}
        {filters.length > 0 && (
          <AddFilter
            names={filters.filter((name) => set[name] === undefined)}
            onPick={(name, value) => change({ [name]: value })}
          />
        )}
        {dated && (
          <DateRangePicker
            selection={selection}
            range={resolveRange(selection, today)}
            today={today}
            onSelect={(chosen) => change(selectionChanges(chosen))}
          />
        )}
        {compared && (
          <Popup
            label="Compare with"
            className="control"
            panelClassName="w-52 p-1.5"
            trigger={
              <>
                <GitCompareArrows aria-hidden size={16} className="text-ink-2" />
                <span className="sr-only">Compared with: </span>
                <span className="max-sm:sr-only">{COMPARISONS.find(({ id }) => id === compare)?.label}</span>
                <ChevronDown aria-hidden size={14} className="text-ink-3" />
              </>
            }
          >
            {(close) => (
              <ChoiceList
                label="Compare with"
                choices={COMPARISONS}
                chosen={compare}
                onChoose={(id) => {
                  change(comparisonChanges(id));
                  close();
                }}
              />
            )}
          </Popup>
        )}
        <ShareButton />
      </div>
    </div>
  );
}

/** The days shown and what they are held against, in words. */
function Days() {
  const { range, compare } = useView();
  const before = comparedRange(range, compare);
  return (
    <>
      {formatRange(range)}, UTC
      {compare === 'previous' && `, against the ${countOf(lengthOf(range), 'day')} before`}
      {compare === 'year' && before && `, against ${formatRange(before)}`}
    </>
  );
}

interface ChipProps {
  /** What it stands for in the address. */
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onRemove: () => void;
}

function Chip({ name, label, value, onRemove }: ChipProps) {
  return (
    <span
      data-chip={label}
      data-removes={name}
      className="inline-flex max-w-72 items-center rounded-full border border-accent/30 bg-accent-soft pl-3 text-sm font-medium text-accent-ink"
    >
      <span className="truncate" title={value}>
        {label}: {value}
      </span>
      <button
        type="button"
        onClick={onRemove}
        className="grid size-8 shrink-0 place-items-center rounded-full hover:bg-accent/15 max-md:size-11 pointer-coarse:size-11"
      >
        <X aria-hidden size={13} strokeWidth={2.5} />
        <span className="sr-only">
          Remove {label}: {value}
        </span>
      </button>
    </span>
  );
}

const PICK_LABELS: Record<PickName, string> = { month: 'Month', week: 'Week', day: 'Day' };

function PickChip({ name, bucket }: { readonly name: PickName; readonly bucket: string | undefined }) {
  const { change } = useAddress();
  if (bucket === undefined) return null;
  // A week has no other name than that of its bucket.
  const value = name === 'week' ? bucket : formatBucket(bucket, name);
  return <Chip name={name} label={PICK_LABELS[name]} value={value} onRemove={() => change({ [name]: null })} />;
}

function FilterChip({ name, value, onRemove }: { name: FilterName; value: string; onRemove: () => void }) {
  const nameOf = useNames();
  return <Chip name={name} label={DIMENSION_LABELS[name]} value={nameOf(name, value)} onRemove={onRemove} />;
}

function ShareButton() {
  const say = useToast();
  const share = async () => {
    const url = linkToShare();
    try {
      await navigator.clipboard.writeText(url);
      say('Link copied: it shows these very days');
    } catch {
      // No leave to write, or no secure origin: the address itself can still be copied by hand.
      window.history.replaceState(null, '', url);
      say('Copy the address from the browser: it shows these very days');
    }
  };
  return (
    <button type="button" className="control" data-key="s" onClick={() => void share()}>
      <Share2 aria-hidden size={15} className="text-ink-2" />
      <span className="max-sm:sr-only">Share</span>
    </button>
  );
}

/** Every filter there is: for pages whose cards can obey all of them. */
export const ALL_FILTERS = FILTERS;
