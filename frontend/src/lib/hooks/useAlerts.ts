import type { AlertList } from '@passportx/analytics-backend/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { firingOf } from '../alerts';
import { lockOf, type Answer } from '../answer';
import { getJson } from '../api/client';
import { useAnalyticsUpdates } from '../live/AnalyticsUpdates';
import { useApi } from './useApi';

export const ALERTS_PATH = '/api/alerts';
export const ALERT_HISTORY_PATH = '/api/alerts/history';

/** All alerts and how they stand; every component that asks shares one answer. */
export const useAlerts = (): Answer<AlertList> => useApi<AlertList>(ALERTS_PATH);

/** Names may change while as many fire. */
const NAMES_EVERY_MS = 15_000;

/** Names of the `count` alerts that fire, for whoever may read them: a link to a board opens none. Empty: not known. */
export function useFiringNames(count: number): readonly string[] {
  const { data } = useQuery({
    queryKey: ['api', ALERTS_PATH, count],
    queryFn: ({ signal }) => getJson<AlertList>(ALERTS_PATH, signal),
    enabled: ({ state }) => count > 0 && lockOf(state.error) === null,
    refetchInterval: NAMES_EVERY_MS,
  });
  const names = firingOf(data?.alerts ?? []).map(({ name }) => name);
  return names.length === count ? names : [];
}

/** What every page does when an alert fires or is over: says so, and asks again for what shows alerts. */
export function useAlertNotices(say: (text: string) => void): void {
  const client = useQueryClient();
  const { subscribeToEvent } = useAnalyticsUpdates();
  useEffect(
    () =>
      subscribeToEvent('analytics:alert', ({ name, event, message }) => {
        say(event === 'firing' ? `${name} fires. ${message}` : `${name} is over`);
        void client.invalidateQueries({
          predicate: ({ queryKey }) => queryKey[1] === ALERTS_PATH || queryKey[1] === ALERT_HISTORY_PATH,
        });
      }),
    [client, subscribeToEvent, say],
  );
}
