/**
 * Everything the overview shows, kept current: fetched once per range, patched by each update as it comes, fetched
 * again behind it. The last good picture stays on screen over a new range, a failed fetch and a lost connection.
 */
import type { BatchUpdate } from '@passportx/analytics-backend/contract';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import {
  ACTIVITY_PAGE,
  fetchActivity,
  fetchAnalyticsData,
  fetchChainStatus,
  type AnalyticsData,
} from '../api/analytics';
import { ApiError } from '../api/client';
import type { DayRange } from '../dates';
import { useAnalyticsUpdates } from '../live/AnalyticsUpdates';
import { coalesce } from '../live/coalesce';
import { appendActivity, applyUpdate, joinFetched } from '../live/updates';

/** Under a stream of updates the series are fetched again at most this often. */
const REFETCH_PAUSE_MS = 1_000;
/** How often a page that could not load tries again by itself. */
const RETRY_MS = 5_000;
/** Safety net for what no update tells: the day that ends, and periods that move with it. */
const REFRESH_MS = 5 * 60_000;
/** More than come while one fetch is under way. */
const KEPT_UPDATES = 20;

const DASHBOARD = 'dashboard';
const CHAIN = 'chain';
const keyOf = ({ from, to }: DayRange) => [DASHBOARD, from, to] as const;

/** Why the viewer has to sign in: there is no session, or it is of a role that may not view; null when neither. */
export function lockOf(error: Error | null): 'unauthorized' | 'forbidden' | null {
  if (!(error instanceof ApiError)) return null;
  return error.kind === 'unauthorized' || error.kind === 'forbidden' ? error.kind : null;
}

export function useDashboard(range: DayRange): UseQueryResult<AnalyticsData> & { loadMore: () => Promise<void> } {
  const client = useQueryClient();
  const { subscribeToEvent, connects, open } = useAnalyticsUpdates();
  const updates = useRef<readonly BatchUpdate[]>([]);
  /** Lines of activity the viewer asked for: one page, and what was loaded further down. */
  const wanted = useRef(ACTIVITY_PAGE);

  const query = useQuery({
    queryKey: keyOf(range),
    queryFn: async ({ queryKey: [, startDate, endDate], signal }) => {
      const shown = () => client.getQueryData<AnalyticsData>(keyOf(range));
      const activities = wanted.current;
      const fetched = await fetchAnalyticsData({ startDate, endDate, activities, signal });
      return joinFetched(shown()?.recentActivities, activities, fetched, updates.current);
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.status === 'error' && lockOf(state.error) === null ? RETRY_MS : REFRESH_MS),
  });

  useEffect(() => {
    const refetch = coalesce(async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: [DASHBOARD] }),
        client.invalidateQueries({ queryKey: [CHAIN] }),
      ]);
    }, REFETCH_PAUSE_MS);
    const ends = [
      subscribeToEvent('analytics:batch-update', (update) => {
        updates.current = [...updates.current, update].slice(-KEPT_UPDATES);
        client.setQueriesData<AnalyticsData>({ queryKey: [DASHBOARD] }, (data) => data && applyUpdate(data, update));
        if (update.changed.length > 0) refetch.request();
      }),
      subscribeToEvent('analytics:reorg', () => refetch.request()),
      refetch.stop,
    ];
    return () => ends.forEach((end) => end());
  }, [client, subscribeToEvent]);

  // The socket starts where the first picture ends, so that nothing falls between the two.
  const seq = query.data?.seq;
  useEffect(() => {
    if (seq !== undefined) void open(seq);
  }, [seq, open]);

  // After a reconnect the service may have been restarted on another log: what it says now replaces what was heard.
  useEffect(() => {
    if (connects < 2) return;
    updates.current = [];
    void client.invalidateQueries();
  }, [client, connects]);

  const next = query.data?.recentActivities.next ?? null;
  const loadMore = useCallback(async () => {
    if (next === null) return;
    const page = await fetchActivity({ before: next });
    client.setQueryData<AnalyticsData>(
      keyOf(range),
      (data) => data && { ...data, recentActivities: appendActivity(data.recentActivities, page) },
    );
    wanted.current += page.items.length;
  }, [client, next, range]);

  return { ...query, loadMore };
}

/** Tip, reorganisations and unproven blocks; read again with every change and every 15 s, which is how a stall shows. */
export const useChainStatus = (enabled: boolean) =>
  useQuery({ queryKey: [CHAIN], queryFn: ({ signal }) => fetchChainStatus(signal), enabled, refetchInterval: 15_000 });
