'use client';
import type { ChainStatus } from '@passportx/analytics-backend/contract';
import { formatAgo, formatCount, formatMoment, shorten } from '../../lib/format';
import { useNow } from '../../lib/hooks/useNow';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { Popup } from '../ui/Popup';
import { LIVE_WORDS, liveKind, type LiveKind } from '../../lib/live/state';

const DOTS: Record<LiveKind, string> = {
  connecting: 'bg-ink-3',
  connected: 'bg-up',
  reconnecting: 'bg-amber',
  offline: 'bg-down',
  stale: 'bg-amber',
};

/** Says whether the page is live and when the last batch came; a press tells how the chain stands. */
export function LiveIndicator({ chain }: { readonly chain: ChainStatus | undefined }) {
  const { connection, lastBatchAt } = useAnalyticsUpdates();
  const now = useNow(1_000);
  const kind = liveKind(connection, chain?.stalled ?? false);
  const { name, says } = LIVE_WORDS[kind];
  // Before the first batch of this visit, the last delivery is what the numbers rest on.
  const heardAt = lastBatchAt ?? chain?.lastDeliveryAt ?? null;
  return (
    <>
      <Popup
        label="Live connection"
        className="control border-transparent bg-transparent px-2.5 text-sm text-ink-2"
        triggerProps={{ 'data-live': kind }}
        panelClassName="w-80 p-4"
        trigger={
          <>
            <span aria-hidden className="relative grid size-2.5 place-items-center">
              {kind === 'connected' && (
                <>
                  <span className={`absolute size-2.5 animate-breathe rounded-full opacity-40 ${DOTS[kind]}`} />
                  {/* Once for every batch: made anew by its key. */}
                  <span key={lastBatchAt} className={`absolute size-2 animate-pulse-once rounded-full ${DOTS[kind]}`} />
                </>
              )}
              <span className={`size-2 rounded-full ${DOTS[kind]}`} />
            </span>
            <span className="font-medium text-ink">{name}</span>
            {heardAt && (
              <span
                data-fresh
                className={`whitespace-nowrap tabular-nums ${kind === 'connected' || kind === 'stale' ? '' : 'max-sm:hidden'}`}
              >
                {chain?.tip && <span className="max-[1680px]:hidden">block {formatCount(chain.tip.height)} · </span>}
                <span className="max-md:hidden xl:max-[1440px]:hidden">updated </span>
                {formatAgo(heardAt, now)}
              </span>
            )}
            <span className="sr-only">, how the chain stands</span>
          </>
        }
      >
        {() => (
          <>
            <p className="font-semibold">{name}</p>
            <p className="text-sm text-ink-2">{says}</p>
            <ChainFacts chain={chain} lastBatchAt={lastBatchAt} />
          </>
        )}
      </Popup>
      <span role="status" className="sr-only">
        {kind === 'connected' ? '' : name}
      </span>
    </>
  );
}

function ChainFacts({ chain, lastBatchAt }: { chain: ChainStatus | undefined; lastBatchAt: string | null }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Last batch', lastBatchAt ? formatMoment(lastBatchAt) : 'none since this page opened'],
    ['Last delivery', chain?.lastDeliveryAt ? formatMoment(chain.lastDeliveryAt) : 'none yet'],
    ['Newest block', chain?.tip ? `${formatCount(chain.tip.height)} (${shorten(chain.tip.hash)})` : 'none yet'],
    [
      'Reorganisations',
      chain ? `${formatCount(chain.reorgs.count)}, deepest ${formatCount(chain.reorgs.deepest)}` : '–',
    ],
    ['Unproven blocks', chain ? formatCount(chain.unprovenCount) : '–'],
  ];
  return (
    <dl className="mt-3 border-t border-line pt-2 text-sm">
      {facts.map(([term, value]) => (
        <div key={term} className="flex justify-between gap-4 py-1">
          <dt className="text-ink-2">{term}</dt>
          <dd className="text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
