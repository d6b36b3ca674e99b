'use client';
import type { ActivityItem, ActivityPage, Reorg } from '@passportx/analytics-backend/contract';
import { Pause, Play } from 'lucide-react';
import { useMemo, useState, type PointerEvent } from 'react';
import { mapAnswer } from '../../lib/answer';
import { ACTIVITY_FILTERS, type ActivityFilters } from '../../lib/api/analytics';
import { activityExportPath } from '../../lib/api/paths';
import { groupFeed, withReorgs } from '../../lib/feed';
import { countOf } from '../../lib/format';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useFeed } from '../../lib/hooks/useFeed';
import { useNow, useToday } from '../../lib/hooks/useNow';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { appendActivity } from '../../lib/live/updates';
import { PageHead } from '../shell/PageHead';
import { ChartFrame } from '../ui/ChartFrame';
import { Segments } from '../ui/Choices';
import { LoadMore } from '../ui/LoadMore';
import { FeedLines } from './FeedLines';
import { TakeAlong } from './TakeAlong';

type FactType = ActivityItem['type'];
const NONE: readonly Reorg[] = [];

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

/** What is shown while the feed rests. */
interface Held {
  readonly narrowed: ActivityFilters;
  readonly page: ActivityPage;
  readonly reorgs: readonly Reorg[];
}

const entriesOf = ({ items }: ActivityPage, reorgs: readonly Reorg[]) => withReorgs(groupFeed(items), reorgs);

/** How many of the first lines came after the newest of those that rest. */
function newerThan(rested: ActivityPage, { items }: ActivityPage): number {
  const known = new Set(rested.items.map(({ id }) => id));
  const newest = items.findIndex(({ id }) => known.has(id));
  return newest === -1 ? items.length : newest;
}

/** Everything that happens, as it happens. It stands still while one reads: under the pointer, or when told to. */
export function Activity() {
  const { query, change } = useAddress();
  const kind = KINDS.find(({ id }) => id === query.get('kind')) ?? KINDS[0];
  const { filters, range } = useView();
  const { from, to } = range;
  const today = useToday();
  const { badge, community, user } = filters;
  const narrowed = useMemo<ActivityFilters>(
    () => ({
      ...(kind.type && { type: kind.type }),
      ...(badge && { badge }),
      ...(community && { community }),
      ...(user && { user }),
      from,
      to,
    }),
    [kind.type, badge, community, user, from, to],
  );
  const feed = useFeed(narrowed);
  const isNarrowed = [kind.type, badge, community, user].some((one) => one !== undefined);
  const seen = useAnalyticsUpdates().reorgs;
  // Of this visit, and of everything: told only where everything of today is.
  const reorgs = isNarrowed || to < today ? NONE : seen;
  const now = useNow(1_000);
  const [paused, setPaused] = useState(false);
  const [under, setUnder] = useState(false);
  const [held, setHeld] = useState<Held>();
  const still = paused || under;
  const resting = still && held?.narrowed === narrowed ? held : undefined;
  // Of what it is narrowed down to while it rests, it holds what comes first.
  if (still && !resting && feed.data && feed.isPlaceholderData !== true) setHeld({ narrowed, page: feed.data, reorgs });
  if (!still && held) setHeld(undefined);
  const waiting = resting && feed.data ? newerThan(resting.page, feed.data) : 0;
  const answer = mapAnswer(feed, (page) =>
    resting ? entriesOf(resting.page, resting.reorgs) : entriesOf(page, reorgs),
  );

  const point = (inside: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setUnder(inside);
  };
  const loadMore = async () => {
    const older = await feed.loadMore();
    if (older) setHeld((now) => (now?.narrowed === narrowed ? { ...now, page: appendActivity(now.page, older) } : now));
  };
  const Icon = paused ? Play : Pause;
  return (
    <>
      <PageHead
        title="Activity"
        compared={false}
        filters={ACTIVITY_FILTERS}
        says="Every event of the days shown, newest first, by block time"
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
                onClick={() => setPaused(!paused)}
              >
                <Icon aria-hidden size={14} />
                {paused ? 'Go on' : 'Pause'}
              </button>
            </span>
          }
          answer={answer}
          isEmpty={(entries) => entries.length === 0}
          emptyText={`${isNarrowed ? 'Nothing of this kind' : 'Nothing'} happened in these days.`}
          exportPath={(format) => activityExportPath(narrowed, format)}
          isTable
        >
          {(entries) => (
            <>
              <FeedLines entries={entries} now={now} />
              {feed.data && feed.data.next !== null && <LoadMore load={loadMore} />}
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
