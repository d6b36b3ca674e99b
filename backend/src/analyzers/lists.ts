import { compareIds } from '../events/ids.js';

/** Ranking as every list of the contract has it: by count, the largest first, then by id ascending. */
export interface Ranked {
  readonly id: string;
  readonly count: number;
}

function compareRanked(a: Ranked, b: Ranked): number {
  return b.count - a.count || compareIds(a.id, b.id);
}

/**
 * The first `limit` of the ranking of what goes by numbers, without sorting the rest: nothing is made for those, mostly
 * thousands, that are not among the first.
 */
export class Leading {
  readonly #keys: number[] = [];
  readonly #counts: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly idOf: (key: number) => string,
  ) {}

  add(key: number, count: number): void {
    let place = this.#keys.length;
    while (place > 0 && this.#comesBefore(key, count, place - 1)) place -= 1;
    if (place === this.limit) return;
    this.#keys.splice(place, 0, key);
    this.#counts.splice(place, 0, count);
    if (this.#keys.length <= this.limit) return;
    this.#keys.pop();
    this.#counts.pop();
  }

  /** The largest first. */
  map<T>(row: (key: number, count: number, id: string) => T): T[] {
    return this.#keys.map((key, place) => row(key, this.#counts[place] ?? 0, this.idOf(key)));
  }

  #comesBefore(key: number, count: number, place: number): boolean {
    const rival = this.#counts[place] ?? 0;
    return count > rival || (count === rival && compareIds(this.idOf(key), this.idOf(this.#keys[place] ?? 0)) < 0);
  }
}

/** The same of a list. */
export function largest(items: readonly Ranked[], limit: number): Ranked[] {
  const leading = new Leading(limit, (place) => items[place]?.id ?? '');
  items.forEach(({ count }, place) => leading.add(place, count));
  return leading.map((_place, count, id) => ({ id, count }));
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
