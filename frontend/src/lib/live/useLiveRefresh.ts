/**
 * What every page does about an update: ask again, soon for what the folds answer, later for what the warehouse must
 * compute, and after each connect for everything, since what was heard before may be of another log.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
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
  const { subscribeToEvent, connects, open } = useAnalyticsUpdates();

  useEffect(() => {
    const isFast = (key: unknown): boolean => FAST.some((name) => name === key);
    const refetch = (fast: boolean) => async () => {
      await client.invalidateQueries({ predicate: ({ queryKey }) => isFast(queryKey[0]) === fast });
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

  useEffect(() => {
    if (allowed) void open();
  }, [allowed, open]);

  useEffect(() => {
    if (connects > 0) void client.invalidateQueries();
  }, [client, connects]);
}
