'use client';
import type { ActivityPage, Reorg } from '@passportx/analytics-backend/contract';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { mapAnswer, type Answer } from '../../lib/answer';
import { groupFeed, withReorgs } from '../../lib/feed';
import { useAddress } from '../../lib/hooks/useAddress';
import { useNow } from '../../lib/hooks/useNow';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { describeReorg } from '../../lib/live/updates';
import { HAPPENING } from '../../lib/overview';
import { ChartFrame } from '../ui/ChartFrame';
import { ScrollRegion } from '../ui/ScrollRegion';
import { Skeleton } from '../ui/Skeleton';

/** Words and icons of the lines come while the lines themselves are asked for. */
const FeedLines = dynamic(() => import('./FeedLines').then((part) => part.FeedLines), {
  ssr: false,
  loading: () => <Skeleton shape="rows" />,
});

interface RecentActivityProps {
  readonly answer: Answer<ActivityPage>;
  /** Reorganisations are of everything and of now: told where the events are. */
  readonly withReorgs: boolean;
  readonly className: string;
}

const NONE: readonly Reorg[] = [];

/** The newest of what happens, beside the charts; the whole of it is a page of its own. */
export function RecentActivity({ answer, withReorgs: tellsReorgs, className }: RecentActivityProps) {
  const seen = useAnalyticsUpdates().reorgs;
  const reorgs = tellsReorgs ? seen : NONE;
  const { href } = useAddress();
  const now = useNow(5_000);
  const latest = reorgs[0] && describeReorg(reorgs[0]);
  return (
    <ChartFrame
      {...HAPPENING}
      className={className}
      aside={
        <Link
          href={href('/activity/')}
          prefetch={false}
          className="link text-sm/6 whitespace-nowrap text-ink-2 max-md:-my-3 max-md:py-3"
        >
          All activity
        </Link>
      }
      answer={mapAnswer(answer, ({ items }) => withReorgs(groupFeed(items), reorgs))}
      isEmpty={(entries) => entries.length === 0}
      emptyText="Nothing happened in these days."
    >
      {(entries) => (
        <div className="relative flex-1 lg:min-h-72">
          <p role="status" className="sr-only">
            {latest && `${latest.title}: ${latest.detail}`}
          </p>
          {/* Beside the chart the card takes its height and scrolls; below it, it takes its own. */}
          <ScrollRegion
            label="Newest events"
            className="-mx-2 px-2 lg:absolute lg:inset-0 lg:fade-end lg:overflow-y-auto lg:pb-6"
          >
            <FeedLines entries={entries} now={now} className="max-lg:[&>li:nth-child(n+7)]:hidden" />
          </ScrollRegion>
        </div>
      )}
    </ChartFrame>
  );
}
