import type { AlertList } from '@passportx/analytics-backend/contract';
import { useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect } from 'react';
import { firingOf } from '../alerts';
import { lockOf, type Answer } from '../answer';
import { getJson } from '../api/client';
import { useAnalyticsUpdates } from '../live/AnalyticsUpdates';
import { useApi } from './useApi';

export const ALERTS_PATH = '/api/alerts';
export const ALERT_HISTORY_PATH = '/api/alerts/history';

/** Asked again when a notice tells of one, not behind every batch: each page shows them. */
export const isOfAlerts = ([, path]: QueryKey): boolean => path === ALERTS_PATH || path === ALERT_HISTORY_PATH;

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

/** What every page does when an alert fires or is over: says so if it knows which, and asks again for what shows alerts. */
export function useAlertNotices(say: (text: string) => void): void {
  const client = useQueryClient();
  const { subscribeToEvent } = useAnalyticsUpdates();
  useEffect(() => {
    const askAgain = () => void client.invalidateQueries({ predicate: ({ queryKey }) => isOfAlerts(queryKey) });
    const ends = [
      subscribeToEvent('analytics:alert', ({ name, event, message }) => {
        say(event === 'firing' ? `${name} fires. ${message}` : `${name} is over`);
        askAgain();
      }),
      subscribeToEvent('analytics:alerts-changed', askAgain),
    ];
    return () => ends.forEach((end) => end());
  }, [client, subscribeToEvent, say]);
}

/** As often as the clock has them looked at. */
const LOOK_MS = 5_000;

/** For the page that shows them as they stand: figures, and that one is about to fire, are told by no notice. */
export function useAlertsAsTheyStand(): void {
  const client = useQueryClient();
  useEffect(() => {
    const look = () => {
      // What is being loaded, as more of the history, goes on.
      const anew = { predicate: ({ queryKey }: { queryKey: QueryKey }) => isOfAlerts(queryKey) };
      if (!document.hidden) void client.invalidateQueries(anew, { cancelRefetch: false });
    };
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [client]);
}
