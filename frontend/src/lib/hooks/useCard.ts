/** How one card is looked at stands in the address too, under the card's own name: a link restores it. */
import { useEffect, useState } from 'react';
import { intervalOf, type SeriesInterval } from '../buckets';
import type { DayRange } from '../dates';
import { INTERVALS } from '../buckets';
import { useAddress } from './useAddress';

/** Between the last letter and the address: browsers take only so many changes of it a second. */
const TYPED_MS = 300;

/** One of several; what the address says badly is the default, which is not said. */
export function useCardChoice<Id extends string>(
  card: string,
  what: string,
  ids: readonly Id[],
  fallback: Id,
): readonly [Id, (id: Id) => void] {
  const { query, change } = useAddress();
  const name = `${card}-${what}`;
  const chosen = ids.find((id) => id === query.get(name)) ?? fallback;
  return [chosen, (id) => change({ [name]: id === fallback ? null : id })];
}

/** Length of a bucket: the chosen one as long as it is one of the range's. */
export function useCardInterval(
  card: string,
  range: DayRange,
): readonly [SeriesInterval, (interval: SeriesInterval) => void] {
  const { query, change } = useAddress();
  const name = `${card}-interval`;
  const chosen = INTERVALS.find(({ id }) => id === query.get(name))?.id;
  return [intervalOf(range, chosen), (interval) => change({ [name]: interval })];
}

/** Text that one types: at once in its field, a moment later in the address, where it is no step of its own. */
export function useCardText(card: string, what: string): readonly [string, (text: string) => void] {
  const { query, replace } = useAddress();
  const name = `${card}-${what}`;
  const said = query.get(name) ?? '';
  const [text, setText] = useState(said);
  /** What the address said when it was last looked at, and what was last written into it. */
  const [known, setKnown] = useState({ said, written: said });
  if (said !== known.said) {
    setKnown({ said, written: said });
    // Someone went back, or followed a link: what comes of one's own typing may be behind it.
    if (said !== known.written) setText(said);
  }
  useEffect(() => {
    if (text.trim() === known.written) return;
    const timer = setTimeout(() => {
      const written = text.trim();
      setKnown((now) => ({ ...now, written }));
      replace({ [name]: written === '' ? null : written });
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, known.written, name, replace]);
  return [text, setText];
}
