import { compareIds } from '../events/ids.js';

/** Ranking as every list of the contract has it: by count, the largest first, then by id ascending. */
export interface Ranked {
  readonly id: string;
  readonly count: number;
}

const countOf = ({ count }: Ranked): number => count;

function compareRanked(a: Ranked, b: Ranked): number {
  return b.count - a.count || compareIds(a.id, b.id);
}

/** The first `limit` of the ranking by `count`, or by what `by` says, without sorting the rest. */
export function largest<T extends Ranked>(items: Iterable<T>, limit: number, by: (item: T) => number = countOf): T[] {
  const kept: T[] = [];
  for (const item of items) {
    let place = kept.length;
    while (place > 0 && comesBefore(item, kept[place - 1], by)) place -= 1;
    if (place === limit) continue;
    kept.splice(place, 0, item);
    if (kept.length > limit) kept.pop();
  }
  return kept;
}

function comesBefore<T extends Ranked>(item: T, other: T | undefined, by: (item: T) => number): boolean {
  return other !== undefined && (by(other) - by(item) || compareIds(item.id, other.id)) < 0;
}

/** Keys of a record, and rows of a distribution, at most. */
export const MAX_KEYS = 100;
const OTHER = 'other';

/** At most 100: of more, the 99 largest, and the rest, with a key of that very name, under `other` in its place. */
export function withOther(counts: Iterable<Ranked>): Ranked[] {
  const all = [...counts];
  if (all.length <= MAX_KEYS) return all.sort(compareRanked);
  const kept = largest(all, MAX_KEYS - 1);
  const named = kept.filter(({ id }) => id !== OTHER);
  return [...named, { id: OTHER, count: total(all) - total(named) }].sort(compareRanked);
}

/** Through entries, so that a key such as `__proto__` is a key like any other. */
export function recordOf(counts: readonly Ranked[]): Record<string, number> {
  return Object.fromEntries(counts.map(({ id, count }) => [id, count]));
}

const total = (counts: readonly Ranked[]): number => counts.reduce((sum, { count }) => sum + count, 0);
