/** A list of the service that grows page by page. A part of its own: what shows no list does not load it. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { Answer } from '../answer';
import { getJson } from '../api/client';
import { refetchEvery } from './useApi';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly total?: number;
}
export interface Listing<Item> {
  readonly items: readonly Item[];
  /** Items of the whole list, where the service counts them. */
  readonly total: number | undefined;
  readonly hasMore: boolean;
}

/**
 * A list that grows page by page.
 * @param path without cursor; null: nothing is asked
 * @param cursor the parameter that takes the `next` of the page before
 */
export function useListing<Item>(
  path: string | null,
  cursor: 'after' | 'before' = 'after',
): Answer<Listing<Item>> & { readonly loadMore: () => Promise<void> } {
  const query = useInfiniteQuery({
    queryKey: ['list', path],
    queryFn: ({ pageParam, signal }) => {
      const join = path?.includes('?') ? '&' : '?';
      const place = pageParam === null ? '' : `${join}${new URLSearchParams({ [cursor]: pageParam })}`;
      return getJson<Page<Item>>(`${path ?? ''}${place}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    enabled: path !== null,
    placeholderData: keepPreviousData,
    refetchInterval: refetchEvery,
  });
  const pages = query.data?.pages;
  return {
    data: pages && {
      items: pages.flatMap(({ items }) => items),
      total: pages[0]?.total,
      hasMore: query.hasNextPage,
    },
    error: query.error,
    refetch: query.refetch,
    isPlaceholderData: query.isPlaceholderData,
    loadMore: async () => {
      const { error } = await query.fetchNextPage();
      if (error) throw error;
    },
  };
}
