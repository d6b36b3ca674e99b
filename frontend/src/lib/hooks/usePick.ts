/** What a press on something does: it narrows the page down to it, which the chips then say and undo. */
import type { SeriesInterval } from '../buckets';
import type { FilterName } from '../view';
import { useAddress } from './useAddress';

export function usePick() {
  const { change } = useAddress();
  return {
    filter: (name: FilterName, value: string) => change({ [name]: value }),
    /** Undefined where a bucket is too short to be narrowed down to. */
    bucket: (interval: SeriesInterval) =>
      interval === 'hour' ? undefined : (bucket: string) => change({ [interval]: bucket }),
  };
}
