/**
 * Everything the overview shows, kept current: fetched once per range, patched by each update as it comes, fetched
 * again behind it. The last good picture stays on screen over a new range, a failed fetch and a lost connection.
 */
import type { BatchUpdate } from '@passportx/analytics-backend/contract';
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ACTIVITY_PAGE, fetchAnalyticsData, type AnalyticsData } from '../api/analytics';
import type { DayRange } from '../dates';
import { useAnalyticsUpdates } from '../live/AnalyticsUpdates';
import { applyUpdate, joinFetched } from '../live/updates';
import { DASHBOARD } from '../live/useLiveRefresh';
import { refetchEvery } from './useApi';

/** More than come while one fetch is under way. */
const KEPT_UPDATES = 20;

const keyOf = ({ from, to }: DayRange) => [DASHBOARD, from, to] as const;

export function useDashboard(range: DayRange): UseQueryResult<AnalyticsData> {
  const client = useQueryClient();
  const { subscribeToEvent, connects } = useAnalyticsUpdates();
  const updates = useRef<readonly BatchUpdate[]>([]);

  useEffect(
    () =>
      subscribeToEvent('analytics:batch-update', (update) => {
        updates.current = [...updates.current, update].slice(-KEPT_UPDATES);
        client.setQueriesData<AnalyticsData>({ queryKey: [DASHBOARD] }, (data) => data && applyUpdate(data, update));
      }),
    [client, subscribeToEvent],
  );

  // After a reconnect the service may have been restarted on another log: what it says now replaces what was heard.
  useEffect(() => {
    updates.current = [];
  }, [connects]);

  return useQuery({
    queryKey: keyOf(range),
    queryFn: async ({ queryKey: [, startDate, endDate], signal }) => {
      const shown = client.getQueryData<AnalyticsData>(keyOf(range));
      const fetched = await fetchAnalyticsData({ startDate, endDate, activities: ACTIVITY_PAGE, signal });
      return joinFetched(shown?.recentActivities, ACTIVITY_PAGE, fetched, updates.current);
    },
    placeholderData: keepPreviousData,
    refetchInterval: refetchEvery,
  });
}
