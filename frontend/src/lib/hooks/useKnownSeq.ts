import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';

const seqOf = (data: unknown): number[] => {
  const seq: unknown = typeof data === 'object' && data !== null && 'seq' in data ? data.seq : undefined;
  return typeof seq === 'number' ? [seq] : [];
};

/** The log position that everything on the page includes: the lowest of its answers; undefined before the first. */
export function useKnownSeq(): number | undefined {
  const cache = useQueryClient().getQueryCache();
  return useSyncExternalStore(
    useCallback((changed) => cache.subscribe(changed), [cache]),
    () => {
      const seqs = cache.findAll({ type: 'active' }).flatMap(({ state }) => seqOf(state.data));
      return seqs.length === 0 ? undefined : Math.min(...seqs);
    },
    () => undefined,
  );
}
