/**
 * One way for a card to read the service: the path is the key, so cards that ask the same share one answer. The last
 * good answer stays on screen over new days, a failed fetch and a lost connection; `LiveRefresh` asks again behind
 * every batch.
 */
import type { QueryAnswer } from '@passportx/analytics-backend/contract';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { lockOf, mapAnswer, type Answer } from '../answer';
import { getJson } from '../api/client';
import { queryPath, type Ask } from '../api/query';

/** How often what could not be loaded is tried again by itself. */
const RETRY_MS = 5_000;
/** Safety net for what no update tells: the day that ends, and periods that move with it. */
const REFRESH_MS = 5 * 60_000;

export const refetchEvery = ({ state }: { state: { status: string; error: Error | null } }): number =>
  state.status === 'error' && lockOf(state.error) === null ? RETRY_MS : REFRESH_MS;

const optionsOf = (path: string | null) => ({
  queryKey: ['api', path],
  queryFn: ({ signal }: { signal: AbortSignal }) => getJson<unknown>(path ?? '', signal),
  enabled: path !== null,
  placeholderData: keepPreviousData<unknown>,
  refetchInterval: refetchEvery,
});

/**
 * @param path null: nothing is asked
 * @typeParam T what the contract promises at that path
 */
export const useApi = <T>(path: string | null): Answer<T> => mapAnswer(useQuery(optionsOf(path)), (data) => data as T);

export const useMetric = (ask: Ask | null): Answer<QueryAnswer> => useApi(ask === null ? null : queryPath(ask));

/** Several at once; each answers for itself. */
export const useMetrics = (asks: readonly Ask[]): readonly Answer<QueryAnswer>[] =>
  useQueries({ queries: asks.map((ask) => optionsOf(queryPath(ask))) }).map((answer) =>
    mapAnswer(answer, (data) => data as QueryAnswer),
  );
