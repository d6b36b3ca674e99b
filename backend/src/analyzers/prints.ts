import type { DumpReader, DumpWriter, Stored } from './columns/dump.js';

/**
 * What a mint or an update says of a badge besides whose it is: level, category and community, numbered from 1 by
 * distinct combination, of which there are few. A batch mint says none of them; they are joined when read.
 */
export interface Print {
  readonly level: number | undefined;
  readonly category: string | undefined;
  /** Number of the community that the event names, 0 if none. */
  readonly community: number;
  /** The print that says the same but names no community. */
  readonly grade: number;
}

const NOTHING: Print = { level: undefined, category: undefined, community: 0, grade: 0 };

export class Prints implements Stored {
  readonly #numbers = new Map<number | undefined, Map<string | undefined, Map<number, number>>>();
  readonly #prints: Print[] = [NOTHING];

  add(level: number | undefined, category: string | undefined, community: number): number {
    const numbers = within(within(this.#numbers, level), category);
    const known = numbers.get(community);
    if (known !== undefined) return known;
    const grade = community === 0 ? this.#prints.length : this.add(level, category, 0);
    const print = this.#prints.push({ level, category, community, grade }) - 1;
    numbers.set(community, print);
    return print;
  }

  /** @param print a number that `add` gave. */
  get(print: number): Print {
    return this.#prints[print] ?? NOTHING;
  }

  save(to: DumpWriter): void {
    to.value(
      this.#prints.slice(1).map(({ level, category, community }) => [level ?? null, category ?? null, community]),
    );
  }

  restore(from: DumpReader): void {
    for (const [level, category, community] of from.value<[number | null, string | null, number][]>()) {
      this.add(level ?? undefined, category ?? undefined, community);
    }
  }
}

function within<K1, K2, V>(maps: Map<K1, Map<K2, V>>, key: K1): Map<K2, V> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const map = new Map<K2, V>();
  maps.set(key, map);
  return map;
}
