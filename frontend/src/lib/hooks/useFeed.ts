/** The activity page's lines: asked again behind every batch, and as many pages of older ones as the viewer loads. */
import type { ActivityItem, ActivityPage } from '@passportx/analytics-backend/contract';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import type { Answer } from '../answer';
import { fetchActivity } from '../api/analytics';
import { FEED } from '../live/useLiveRefresh';
import { appendActivity, joinActivity } from '../live/updates';
import { refetchEvery } from './useApi';

const PAGE = 50;

export function useFeed(
  type: ActivityItem['type'] | undefined,
): Answer<ActivityPage> & { readonly loadMore: () => Promise<void> } {
  const client = useQueryClient();
  /** Lines the viewer asked for: one page, and what was loaded further down. */
  const wanted = useRef(PAGE);
  const query = useQuery({
    queryKey: [FEED, type],
    queryFn: async ({ signal }) => {
      const limit = wanted.current;
      const fetched = await fetchActivity({ limit, signal, ...(type ? { type } : {}) });
      const shown = client.getQueryData<ActivityPage>([FEED, type]);
      return shown ? joinActivity(shown, limit, fetched) : fetched;
    },
    placeholderData: keepPreviousData,
    refetchInterval: refetchEvery,
  });
  const next = query.data?.next ?? null;
  const loadMore = useCallback(async () => {
    if (next === null) return;
    const page = await fetchActivity({ limit: PAGE, before: next, ...(type ? { type } : {}) });
    client.setQueryData<ActivityPage>([FEED, type], (data) => data && appendActivity(data, page));
    wanted.current += page.items.length;
  }, [client, next, type]);
  return { ...query, loadMore };
}
