import type { ChainStatus } from '@passportx/analytics-backend/contract';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { fetchChainStatus } from '../api/analytics';
import { CHAIN } from '../live/useLiveRefresh';

/** Silence has no update: a stall shows because this is asked all the same. */
const EVERY_MS = 15_000;
/** How soon a page that could not load tries again by itself. */
const RETRY_MS = 5_000;

/** Tip, reorganisations and unproven blocks. What every page asks first, so it also tells who may look. */
export const useChainStatus = (): UseQueryResult<ChainStatus> =>
  useQuery({
    queryKey: [CHAIN],
    queryFn: ({ signal }) => fetchChainStatus(signal),
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : EVERY_MS),
  });
