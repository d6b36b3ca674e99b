import { useQueryClient, type Query, type QueryCache } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';

/** The log position of an answer; undefined where it has none, or has not come. */
export function seqOf({ state: { data } }: Query): number | undefined {
  const seq: unknown = typeof data === 'object' && data !== null && 'seq' in data ? data.seq : undefined;
  return typeof seq === 'number' ? seq : undefined;
}

/** The log position that every answer in use includes; undefined before the first. */
export function knownSeq(cache: QueryCache): number | undefined {
  const seqs = cache.findAll({ type: 'active' }).flatMap((query) => seqOf(query) ?? []);
  return seqs.length === 0 ? undefined : Math.min(...seqs);
}

/** The log position that everything on the page includes: the lowest of its answers; undefined before the first. */
export function useKnownSeq(): number | undefined {
  const cache = useQueryClient().getQueryCache();
  return useSyncExternalStore(
    useCallback((changed) => cache.subscribe(changed), [cache]),
    () => knownSeq(cache),
    () => undefined,
  );
}
