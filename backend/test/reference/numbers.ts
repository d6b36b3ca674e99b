/** Rounding, ranking and counting as `docs/metrics.md` states them. */

const noMinusZero = (value: number): number => (value === 0 ? 0 : value);

/** `part` of `whole` in %, two decimals; 0 of nothing. */
export const percentage = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((10000 * part) / whole) / 100;

/** Two decimals; 0 for nothing. */
export const average = (sum: number, count: number): number =>
  count === 0 ? 0 : Math.round((100 * sum) / count) / 100;

/** Change in %, two decimals; null when there was nothing before. */
export const change = (value: number, previous: number): number | null =>
  previous === 0 ? null : noMinusZero(Math.round((10000 * (value - previous)) / previous) / 100);

/** Issues a day of the last 7 days against those of the last 30, in %; 0 when there were none. */
export const trendGrowth = (last7: number, last30: number): number =>
  last30 === 0 ? 0 : noMinusZero(Math.round(100 * ((3000 * last7) / (7 * last30) - 100)) / 100);

export const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Ids ascending: decimal numbers first and by their value, whatever their size, then the rest by code point. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const [aIsNumber, bIsNumber] = [isNumber(a), isNumber(b)];
  if (aIsNumber && bIsNumber) return BigInt(a) < BigInt(b) ? -1 : 1;
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  const [first, second] = [[...a], [...b]];
  const at = first.findIndex((character, index) => character !== second[index]);
  if (at === -1) return -1;
  return (first[at]?.codePointAt(0) ?? 0) - (second[at]?.codePointAt(0) ?? -1);
}

const isNumber = (id: string): boolean => /^[0-9]+$/.test(id) && BigInt(id).toString() === id;

/** Sorted by count descending, then id ascending. */
export function ranked<T>(items: readonly T[], countOf: (item: T) => number, idOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => countOf(b) - countOf(a) || compareIds(idOf(a), idOf(b)));
}

export interface Tally {
  readonly key: string;
  readonly count: number;
}

/** How often each key occurs, the most frequent first. */
export function tally(keys: readonly string[]): Tally[] {
  const counted = distinct(keys).map((key) => ({ key, count: keys.filter((other) => other === key).length }));
  return rankedTally(counted);
}

const rankedTally = (counts: readonly Tally[]): Tally[] =>
  ranked(
    counts,
    ({ count }) => count,
    ({ key }) => key,
  );

/** At most 100 keys: of more, the 99 largest, and all others (with a key of that very name) under `other`. */
export function atMost100(counts: readonly Tally[]): Tally[] {
  if (counts.length <= 100) return [...counts];
  const kept = counts.slice(0, 99);
  const rest = counts.slice(99).reduce((sum, { count }) => sum + count, 0);
  const other = rest + (kept.find(({ key }) => key === 'other')?.count ?? 0);
  return rankedTally([...kept.filter(({ key }) => key !== 'other'), { key: 'other', count: other }]);
}

/** Through entries, so that a key such as `__proto__` is a key like any other. */
export const recordOf = (counts: readonly Tally[]): Record<string, number> =>
  Object.fromEntries(counts.map(({ key, count }) => [key, count]));
