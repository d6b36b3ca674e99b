import { compareFacts, orderOf, type FactOrder } from '../events/fact.js';
import type { DumpReader, DumpWriter, Stored } from './columns/dump.js';
import { Surplus } from './surplus.js';

/**
 * Facts that are kept one by one because the first or the latest of several counts (creations, transfers): of each only
 * its place in the order and what is needed of it. For the small side; badges have typed columns instead.
 */
interface Kept<Value> {
  readonly key: number;
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
    // From the end, where facts that come in order belong. A fact has one entry in the log, so whenever it comes, it has the
    // same place in the order.
    const at = facts.findLastIndex(({ order }) => compareFacts(order, fact) <= 0);
    if (!this.#surplus.admits(fact.id, weight, facts[at]?.order.id === fact.id)) return;
    if (weight === -1) facts.splice(at, 1);
    else facts.splice(at + 1, 0, { key, order: orderOf(fact), value });
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
    const all: Kept<Value>[] = [];
    for (const facts of this.#facts.values()) for (const kept of facts) all.push(kept);
    to.list(all, plainOf);
    this.#surplus.save(to);
  }

  restore(from: DumpReader): void {
    for (const plain of from.list<Plain<Value>>()) {
      const kept = keptOf(plain);
      const facts = this.#facts.get(kept.key);
      if (facts === undefined) this.#facts.set(kept.key, [kept]);
      else facts.push(kept);
    }
    this.#surplus.restore(from);
  }
}

/** A fact as a dump has it; the last three only of one from the chain. */
type Plain<Value> = readonly [
  key: number,
  value: Value,
  id: string,
  atMs: number,
  height?: number,
  txIndex?: number,
  ordinal?: number,
];

function plainOf<Value>({ key, value, order: { id, atMs, chain } }: Kept<Value>): Plain<Value> {
  if (chain === undefined) return [key, value, id, atMs];
  return [key, value, id, atMs, chain.height, chain.txIndex, chain.ordinal];
}

function keptOf<Value>([key, value, id, atMs, height, txIndex = 0, ordinal = 0]: Plain<Value>): Kept<Value> {
  return { key, value, order: height === undefined ? { id, atMs } : { id, atMs, chain: { height, txIndex, ordinal } } };
}
