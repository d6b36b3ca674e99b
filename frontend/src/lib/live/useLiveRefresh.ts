/**
 * What every page does about an update: ask again, soon for what the folds answer, later for what the warehouse must
 * compute, and after each reconnect for everything, since what was heard before may be of another log. What was asked
 * before the first connect is asked again only if it may have missed something by then. Alerts have a notice of their own.
 */
import { useQueryClient, type Query } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { isOfAlerts } from '../hooks/useAlerts';
import { knownSeq, seqOf } from '../hooks/useKnownSeq';
import { useAnalyticsUpdates } from './AnalyticsUpdates';
import { coalesce } from './coalesce';

/** Keys of what is told by folds: cheap, and asked again behind every batch. */
export const DASHBOARD = 'dashboard';
export const CHAIN = 'chain';
export const FEED = 'feed';
const FAST = [DASHBOARD, CHAIN, FEED] as const;
/** Under a stream of updates folds are asked again at most this often, the warehouse this much more seldom. */
const FAST_PAUSE_MS = 1_000;
const SLOW_PAUSE_MS = 4_000;

export function useLiveRefresh(allowed: boolean): void {
  const client = useQueryClient();
  const { subscribeToEvent, connects, named, open } = useAnalyticsUpdates();

  useEffect(() => {
    const isFast = (key: unknown): boolean => FAST.some((name) => name === key);
    const refetch = (fast: boolean) => async () => {
      await client.invalidateQueries({
        predicate: ({ queryKey }) => isFast(queryKey[0]) === fast && !isOfAlerts(queryKey),
      });
    };
    const soon = coalesce(refetch(true), FAST_PAUSE_MS);
    const later = coalesce(refetch(false), SLOW_PAUSE_MS);
    const both = () => [soon, later].forEach((work) => work.request());
    const ends = [
      subscribeToEvent('analytics:batch-update', ({ changed }) => changed.length > 0 && both()),
      subscribeToEvent('analytics:reorg', both),
      subscribeToEvent('analytics:snapshot-recorded', later.request),
      soon.stop,
      later.stop,
    ];
    return () => ends.forEach((end) => end());
  }, [client, subscribeToEvent]);

  /** What was under way when the service was told a log position: it may have been read before that. */
  const underWay = useRef<readonly Query[]>([]);
  useEffect(() => {
    const cache = client.getQueryCache();
    if (allowed)
      void open(() => {
        underWay.current = cache.findAll({ fetchStatus: 'fetching' });
        return knownSeq(cache);
      });
  }, [allowed, client, open]);

  useEffect(() => {
    if (connects === 0) return;
    // The service says what came after the position that it was told; without one it says nothing.
    if (connects > 1 || named === undefined) return void client.invalidateQueries();
    // A notice that came before tells nobody, and no log position tells of it.
    void client.invalidateQueries({ predicate: ({ queryKey }) => isOfAlerts(queryKey) });
    const now = client.getQueryCache().findAll({ fetchStatus: 'fetching' });
    for (const query of new Set([...underWay.current, ...now]))
      void (query.promise ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => {
          const seq = seqOf(query);
          if (seq === undefined || seq < named)
            return client.invalidateQueries({ queryKey: query.queryKey, exact: true });
        });
  }, [client, connects, named]);
}
