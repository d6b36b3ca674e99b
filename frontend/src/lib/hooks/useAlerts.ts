import type { AlertList } from '@passportx/analytics-backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Answer } from '../answer';
import { useAnalyticsUpdates } from '../live/AnalyticsUpdates';
import { useApi } from './useApi';

export const ALERTS_PATH = '/api/alerts';
export const ALERT_HISTORY_PATH = '/api/alerts/history';

/** All alerts and how they stand; every component that asks shares one answer. */
export const useAlerts = (): Answer<AlertList> => useApi<AlertList>(ALERTS_PATH);

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
