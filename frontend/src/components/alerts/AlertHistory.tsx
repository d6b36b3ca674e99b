'use client';
import type { AlertHistoryItem } from '@passportx/analytics-backend/contract';
import { formatMoment } from '../../lib/format';
import { ALERT_HISTORY_PATH } from '../../lib/hooks/useAlerts';
import { useListing } from '../../lib/hooks/useListing';
import { ChartFrame } from '../ui/ChartFrame';
import { LoadMore } from '../ui/LoadMore';

const DELIVERY_WORDS: Readonly<Record<NonNullable<AlertHistoryItem['delivery']>['status'], string>> = {
  pending: 'to be sent',
  silenced: 'silenced',
  delivered: 'delivered',
  failed: 'given up',
  dropped: 'not sent any more',
};

/** What fired and was resolved, newest first, and what became of its message. */
export function AlertHistory({ className = '' }: { readonly className?: string }) {
  const { loadMore, ...answer } = useListing<AlertHistoryItem>(ALERT_HISTORY_PATH, 'before');
  return (
    <ChartFrame
      id="alert-history"
      className={className}
      title="History"
      says="What fired and was resolved, newest first; the last 1,000 are kept."
      answer={answer}
      isEmpty={({ items }) => items.length === 0}
      emptyText="Nothing has fired yet."
      figures={({ items }) => ({
        columns: ['Time', 'Alert', 'Event', 'How it stood', 'Webhook'],
        rows: items.map(({ at, name, event, message, delivery }) => [
          at,
          name,
          event,
          message,
          delivery?.status ?? null,
        ]),
      })}
      isTable
    >
      {({ items, hasMore }) => (
        <>
          <ol>
            {items.map((item) => (
              <li
                key={item.id}
                data-event={item.event}
                className="flex gap-3 border-b border-line py-2.5 last:border-0"
              >
                <span
                  aria-hidden
                  className={`mt-1.5 size-2 shrink-0 rounded-full ${item.event === 'firing' ? 'bg-down' : 'bg-up'}`}
                />
                <div className="min-w-0">
                  <p className="break-words">
                    <span className="font-medium">{item.name}</span>{' '}
                    {item.event === 'firing' ? 'fired' : 'was resolved'}
                  </p>
                  <p className="text-sm text-ink-2">{item.message}</p>
                  <p className="text-xs text-ink-3 tabular-nums">
                    {formatMoment(item.at)}
                    {item.delivery !== null && ` · webhook ${DELIVERY_WORDS[item.delivery.status]}`}
                    {typeof item.delivery?.error === 'string' && `: ${item.delivery.error}`}
                  </p>
                </div>
              </li>
            ))}
          </ol>
          {hasMore && <LoadMore load={loadMore} />}
        </>
      )}
    </ChartFrame>
  );
}
