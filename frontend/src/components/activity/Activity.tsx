'use client';
import type { ActivityItem } from '@passportx/analytics-backend/contract';
import { Pause, Play } from 'lucide-react';
import { useMemo, useState, type PointerEvent } from 'react';
import { mapAnswer } from '../../lib/answer';
import { ACTIVITY_FILTERS, type ActivityFilters } from '../../lib/api/analytics';
import { groupFeed, withReorgs, type FeedEntry } from '../../lib/feed';
import { countOf } from '../../lib/format';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useFeed } from '../../lib/hooks/useFeed';
import { useNow } from '../../lib/hooks/useNow';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { PageHead } from '../shell/PageHead';
import { ChartFrame } from '../ui/ChartFrame';
import { Segments } from '../ui/Choices';
import { LoadMore } from '../ui/LoadMore';
import { FeedLines } from './FeedLines';
import { TakeAlong } from './TakeAlong';

type FactType = ActivityItem['type'];

/** Kinds as a reader asks for them. */
const KINDS = [
  { id: 'all', label: 'Everything', type: undefined },
  { id: 'badge_issued', label: 'Issued', type: 'badge_issued' },
  { id: 'badge_revoked', label: 'Revoked', type: 'badge_revoked' },
  { id: 'badge_updated', label: 'Updated', type: 'badge_updated' },
  { id: 'template_created', label: 'New badges', type: 'template_created' },
  { id: 'member_added', label: 'Members', type: 'member_added' },
  { id: 'community_created', label: 'Communities', type: 'community_created' },
  { id: 'issuer_authorized', label: 'Issuers', type: 'issuer_authorized' },
  { id: 'permissions_updated', label: 'Permissions', type: 'permissions_updated' },
] as const satisfies readonly { id: string; label: string; type: FactType | undefined }[];

const countItems = (entries: readonly FeedEntry[]): number =>
  entries.reduce((sum, entry) => sum + (entry.kind === 'fact' ? entry.line.count : 0), 0);

interface Held {
  readonly narrowed: ActivityFilters;
  readonly entries: readonly FeedEntry[];
}

/** Everything that happens, as it happens. It stands still while one reads: under the pointer, or when told to. */
export function Activity() {
  const { query, change } = useAddress();
  const kind = KINDS.find(({ id }) => id === query.get('kind')) ?? KINDS[0];
  const { filters } = useView();
  const { badge, community, user } = filters;
  const narrowed = useMemo<ActivityFilters>(
    () => ({
      ...(kind.type && { type: kind.type }),
      ...(badge && { badge }),
      ...(community && { community }),
      ...(user && { user }),
    }),
    [kind.type, badge, community, user],
  );
  const feed = useFeed(narrowed);
  const { reorgs } = useAnalyticsUpdates();
  const now = useNow(1_000);
  const [paused, setPaused] = useState(false);
  const [under, setUnder] = useState(false);
  /** What was shown when it came to a stand. */
  const [held, setHeld] = useState<Held>();
  const live = mapAnswer(feed, ({ items }) =>
    withReorgs(groupFeed(items), Object.keys(narrowed).length > 0 ? [] : reorgs),
  );
  const still = paused || under;
  // Narrowed down to something else, nothing of what was held is wanted.
  const rested = still && held?.narrowed === narrowed ? held.entries : undefined;
  const shown = rested ?? live.data;
  const waiting = rested && live.data ? Math.max(0, countItems(live.data) - countItems(rested)) : 0;

  const rest = (pausedNow: boolean, underNow: boolean) => {
    setPaused(pausedNow);
    setUnder(underNow);
    if (!(pausedNow || underNow)) setHeld(undefined);
    else if (!still && live.data) setHeld({ narrowed, entries: live.data });
  };
  const point = (inside: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') rest(paused, inside);
  };
  const Icon = paused ? Play : Pause;
  return (
    <>
      <PageHead
        title="Activity"
        dated={false}
        filters={ACTIVITY_FILTERS}
        says="Every event of the chain, newest first, by block time"
      >
        <TakeAlong narrowed={narrowed} />
      </PageHead>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <Segments
          label="Kind of event"
          choices={KINDS}
          chosen={kind.id}
          onChoose={(id) => change({ kind: id === 'all' ? null : id })}
        />
      </div>
      <div onPointerEnter={point(true)} onPointerLeave={point(false)}>
        <ChartFrame
          id="feed"
          title="Feed"
          says="Struck out: its block was replaced, so it does not count. It rests while the pointer is on it."
          aside={
            <span className="flex items-center gap-2">
              {waiting > 0 && (
                <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-sm font-medium text-accent-ink tabular-nums">
                  {waiting} new
                </span>
              )}
              <button
                type="button"
                aria-pressed={paused}
                className="control -my-2 px-2.5 text-sm max-md:mb-0"
                onClick={() => rest(!paused, under)}
              >
                <Icon aria-hidden size={14} />
                {paused ? 'Go on' : 'Pause'}
              </button>
            </span>
          }
          answer={{ ...live, data: shown }}
          isEmpty={(entries) => entries.length === 0}
          emptyText={`${Object.keys(narrowed).length === 0 ? 'Nothing' : 'Nothing of this kind'} has happened yet.`}
          figures={(entries) => ({
            columns: [
              'Id',
              'Time',
              'Kind',
              'Actor',
              'Subject',
              'Badge',
              'Community',
              'Block',
              'Transaction',
              'Withdrawn',
            ],
            rows: entries.flatMap((entry) => (entry.kind === 'fact' ? [rowOf(entry.line.item)] : [])),
          })}
          isTable
        >
          {(entries) => (
            <>
              <FeedLines entries={entries} now={now} />
              {feed.data && feed.data.next !== null && (
                <LoadMore
                  load={async () => {
                    await feed.loadMore();
                    setHeld(undefined);
                  }}
                />
              )}
              <p role="status" className="sr-only">
                {still ? `Paused, ${countOf(waiting, 'new event')}` : ''}
              </p>
            </>
          )}
        </ChartFrame>
      </div>
    </>
  );
}

const rowOf = (item: ActivityItem) => [
  item.id,
  item.at,
  item.type,
  item.actor,
  item.subject ?? null,
  item.badgeName ?? item.badgeId ?? null,
  item.communityName ?? item.communityId ?? null,
  item.height ?? null,
  item.txId ?? null,
  item.retracted ? 'yes' : 'no',
];
