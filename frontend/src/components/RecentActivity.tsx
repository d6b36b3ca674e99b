'use client';
import type { ActivityPage, Reorg } from '@passportx/analytics-backend/contract';
import { Award, RotateCcw, Settings2, UserPlus, UsersRound, X, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { describeActivity, groupFeed, withReorgs, type FeedLine, type Tone } from '../lib/feed';
import { formatAgo, formatMoment } from '../lib/format';
import { useNow } from '../lib/hooks/useNow';
import { describeReorg } from '../lib/live/updates';
import { ChartFrame, type FrameState } from './ChartFrame';

const ICONS: Record<Tone, { readonly icon: LucideIcon; readonly colour: string }> = {
  badge: { icon: Award, colour: 'bg-violet/12 text-accent-ink' },
  people: { icon: UserPlus, colour: 'bg-teal/14 text-[var(--teal-ink)]' },
  community: { icon: UsersRound, colour: 'bg-teal/14 text-[var(--teal-ink)]' },
  loss: { icon: X, colour: 'bg-down/12 text-down' },
  rules: { icon: Settings2, colour: 'bg-sunk text-ink-2' },
};

interface RecentActivityProps {
  readonly state: FrameState;
  readonly activity: ActivityPage | undefined;
  readonly reorgs: readonly Reorg[];
  readonly loadMore: () => Promise<void>;
}

/** What happened, newest first; a new line slides in on top, a reorganisation is told among them. */
export function RecentActivity({ state, activity, reorgs, loadMore }: RecentActivityProps) {
  const entries = withReorgs(groupFeed(activity?.items ?? []), reorgs);
  const latest = reorgs[0] && describeReorg(reorgs[0]);
  return (
    <ChartFrame
      // Beside the charts the card takes their height and scrolls; below them it takes its own.
      className="lg:col-span-4 lg:row-span-2"
      title="Happening now"
      says="Newest first, by block time. Struck out: its block was replaced."
      state={state === 'ready' && entries.length === 0 ? 'empty' : state}
      emptyText="Nothing has happened yet."
    >
      {() => (
        <div className="relative flex-1">
          <p role="status" className="sr-only">
            {latest && `${latest.title}: ${latest.detail}`}
          </p>
          <Feed entries={entries} next={activity?.next ?? null} loadMore={loadMore} />
        </div>
      )}
    </ChartFrame>
  );
}

interface FeedProps {
  readonly entries: ReturnType<typeof withReorgs>;
  readonly next: string | null;
  readonly loadMore: () => Promise<void>;
}

function Feed({ entries, next, loadMore }: FeedProps) {
  const now = useNow(5_000);
  const [expanded, setExpanded] = useState(false);
  return (
    <div className="-mx-2 px-2 lg:absolute lg:inset-0 lg:fade-end lg:overflow-y-auto lg:pb-6">
      <ol className={expanded ? '' : 'max-lg:[&>li:nth-child(n+8)]:hidden'}>
        {entries.map((entry) =>
          entry.kind === 'fact' ? (
            <FactLine key={entry.line.item.id} line={entry.line} now={now} />
          ) : (
            <ReorgLine key={`${entry.reorg.at} ${entry.reorg.rolledBack[0]?.hash}`} reorg={entry.reorg} now={now} />
          ),
        )}
      </ol>
      {next !== null && (
        <LoadMore
          load={async () => {
            setExpanded(true);
            await loadMore();
          }}
        />
      )}
    </div>
  );
}

interface LineProps {
  readonly icon: LucideIcon;
  readonly colour: string;
  readonly title: ReactNode;
  readonly detail: string;
  readonly at: string;
  readonly now: number;
  readonly notice?: boolean;
}

function Line({ icon: Icon, colour, title, detail, at, now, notice = false }: LineProps) {
  return (
    <li
      className={`flex animate-arrive gap-3 border-b border-line py-2.5 last:border-0 ${notice ? '-mx-2 rounded-lg border-transparent bg-notice px-2' : ''}`}
    >
      <span aria-hidden className={`mt-0.5 grid size-6 shrink-0 place-items-center rounded-md ${colour}`}>
        <Icon size={14} strokeWidth={2.25} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{title}</p>
        <p className={`truncate text-sm ${notice ? 'text-notice-ink' : 'text-ink-2'}`}>{detail}</p>
      </div>
      <time
        dateTime={at}
        title={formatMoment(at)}
        className={`shrink-0 text-xs whitespace-nowrap tabular-nums ${notice ? 'text-notice-ink' : 'text-ink-3'}`}
      >
        {formatAgo(at, now)}
      </time>
    </li>
  );
}

function FactLine({ line, now }: { readonly line: FeedLine; readonly now: number }) {
  const { tone, title, detail } = describeActivity(line);
  const { retracted, at } = line.item;
  return (
    <Line
      {...ICONS[retracted ? 'rules' : tone]}
      title={retracted ? <s className="font-medium text-ink-2">{title}</s> : title}
      detail={retracted ? 'withdrawn, its block was replaced' : detail}
      at={at}
      now={now}
    />
  );
}

function ReorgLine({ reorg, now }: { readonly reorg: Reorg; readonly now: number }) {
  return (
    <Line
      icon={RotateCcw}
      colour="bg-notice-line text-notice-ink"
      {...describeReorg(reorg)}
      at={reorg.at}
      now={now}
      notice
    />
  );
}

function LoadMore({ load }: { readonly load: () => Promise<void> }) {
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const start = async () => {
    setState('loading');
    try {
      await load();
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <div className="pt-3">
      <button type="button" className="control w-full" disabled={state === 'loading'} onClick={() => void start()}>
        {state === 'loading' ? 'Loading…' : state === 'failed' ? 'That failed. Try again' : 'Load more'}
      </button>
    </div>
  );
}
