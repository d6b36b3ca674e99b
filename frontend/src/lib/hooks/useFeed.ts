/** The activity page's lines: asked again behind every batch, and as many pages of older ones as the viewer loads. */
import type { ActivityPage } from '@passportx/analytics-backend/contract';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import type { Answer } from '../answer';
import { fetchActivity, type ActivityFilters } from '../api/analytics';
import { FEED } from '../live/useLiveRefresh';
import { appendActivity, joinActivity } from '../live/updates';
import { refetchEvery } from './useApi';

const PAGE = 50;

interface Feed extends Answer<ActivityPage> {
  /** Appends the next older page. @returns that page; undefined when there is none */
  readonly loadMore: () => Promise<ActivityPage | undefined>;
}

/** @param narrowed the same object as long as it says the same */
export function useFeed(narrowed: ActivityFilters): Feed {
  const client = useQueryClient();
  const queryKey = useMemo(() => [FEED, narrowed], [narrowed]);
  /** Lines the viewer asked for: one page, and what was loaded further down. */
  const wanted = useRef(PAGE);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const limit = wanted.current;
      const fetched = await fetchActivity({ limit, signal, narrowed });
      const shown = client.getQueryData<ActivityPage>(queryKey);
      return shown ? joinActivity(shown, limit, fetched) : fetched;
    },
    placeholderData: keepPreviousData,
    refetchInterval: refetchEvery,
  });
  const next = query.data?.next ?? null;
  const loadMore = useCallback(async () => {
    if (next === null) return undefined;
    const page = await fetchActivity({ limit: PAGE, before: next, narrowed });
    client.setQueryData<ActivityPage>(queryKey, (data) => data && appendActivity(data, page));
    wanted.current += page.items.length;
    return page;
  }, [client, next, narrowed, queryKey]);
  return { ...query, loadMore };
}
