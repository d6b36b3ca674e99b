import { compareFacts, orderOf, type FactOrder } from '../events/fact.js';
import type { DumpReader, DumpWriter, Stored } from './columns/dump.js';
import { Surplus } from './surplus.js';

/**
 * Facts that are kept one by one because the first or the latest of several counts (creations, transfers): of each only
 * its place in the order and what is needed of it. For the small side; badges have typed columns instead.
 */
interface Kept<Value> {
  readonly order: FactOrder;
  readonly value: Value;
}

export class KeptFacts<Value> implements Stored {
  /** By key, in the order of the facts; never an empty list. */
  readonly #facts = new Map<number, Kept<Value>[]>();
  readonly #surplus = new Surplus();

  /** Keys with a fact. */
  get size(): number {
    return this.#facts.size;
  }

  /** Adds or removes one fact of `key`. */
  apply(key: number, fact: FactOrder, value: Value, weight: 1 | -1): void {
    const facts = this.#facts.get(key) ?? [];
    const at = facts.findIndex(({ order }) => order.id === fact.id);
    if (!this.#surplus.admits(fact.id, weight, at !== -1)) return;
    if (weight === -1) facts.splice(at, 1);
    else {
      const place = facts.findIndex(({ order }) => compareFacts(fact, order) < 0);
      facts.splice(place === -1 ? facts.length : place, 0, { order: orderOf(fact), value });
    }
    if (facts.length === 0) this.#facts.delete(key);
    else this.#facts.set(key, facts);
  }

  has(key: number): boolean {
    return this.#facts.has(key);
  }

  first(key: number): Kept<Value> | undefined {
    return this.#facts.get(key)?.[0];
  }

  latest(key: number): Kept<Value> | undefined {
    return this.#facts.get(key)?.at(-1);
  }

  keys(): IterableIterator<number> {
    return this.#facts.keys();
  }

  save(to: DumpWriter): void {
    to.value([...this.#facts]);
    this.#surplus.save(to);
  }

  restore(from: DumpReader): void {
    for (const [key, kept] of from.value<[number, Kept<Value>[]][]>()) this.#facts.set(key, kept);
    this.#surplus.restore(from);
  }
}
