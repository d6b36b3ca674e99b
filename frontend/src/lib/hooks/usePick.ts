/** What a press on something does: it narrows the page down to it, which the chips then say and undo. */
import type { SeriesInterval } from '../buckets';
import { bucketChanges, type FilterName } from '../view';
import { useAddress } from './useAddress';

export function usePick() {
  const { change } = useAddress();
  return {
    filter: (name: FilterName, value: string) => change({ [name]: value }),
    /** Undefined where a bucket cannot be narrowed down to. */
    bucket: (interval: SeriesInterval) =>
      interval === 'hour'
        ? undefined
        : (bucket: string) => {
            const changes = bucketChanges(bucket, interval);
            if (changes !== null) change(changes);
          },
  };
}
