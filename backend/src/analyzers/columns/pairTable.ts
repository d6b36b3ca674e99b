import type { DumpReader, DumpWriter, Stored } from './dump.js';
import { mix } from './hashIndex.js';
import { Rows } from './rows.js';

/**
 * A number for each pair of numbers, for millions of pairs: linear hashing (W. Litwin, 1980) with the pairs themselves in
 * buckets of 64 bytes. A look-up costs as much as it waits for memory, some 0.15 µs each time that it goes to where it was
 * not lately: once here, also for a pair that is new, where rows that a bucket leads to would be gone to one by one. Each
 * insert splits one bucket at most, so there is no rehash that stops the world, and splits go through the buckets in their
 * order. Some 22 bytes a pair; none is ever removed. All numbers are signed, of 32 bits.
 */
const A = 0;
const B = 1;
const VALUE = 2;
const ENTRY = 3;
const ENTRIES = 5;
/** How many entries are taken, and above these bits the row in `#further` that the bucket goes on in, 0 if in none. */
const TAKEN = ENTRIES * ENTRY;
const TAKEN_BITS = 3;
const BUCKET = TAKEN + 1;
/**
 * Pairs a bucket, on average, beyond which one is split. Between two doublings those that are not split yet hold twice as
 * many as the others, and at the worst one pair in ten lies where a bucket goes on.
 */
const MEAN_ENTRIES = 3.5;

export class PairTable implements Stored {
  /** Bucket n is row n + 1. */
  readonly #buckets = new Rows(BUCKET);
  readonly #further = new Rows(BUCKET);
  #size = 0;
  /** Buckets at the last doubling; those below `#split` have been split since. */
  #half = 1;
  #split = 0;
  /** Where the last `#seek` ended: at the pair's entry, or at the end of the last part of its bucket. */
  #rows = this.#buckets;
  #row = 0;
  #field = 0;

  constructor() {
    this.#buckets.add();
  }

  /** Pairs that something was ever added to. */
  get size(): number {
    return this.#size;
  }

  /** The pair's number, 0 if nothing was ever added to it. */
  get(a: number, b: number): number {
    return this.#seek(a, b) ? this.#rows.get(this.#row, this.#field + VALUE) : 0;
  }

  /** As `Rows.fetch`, for the buckets of many pairs. */
  fetch(as: Int32Array, bs: Int32Array, count: number): number {
    let sum = 0;
    for (let at = 0; at < count; at++) {
      const row = this.#rowOf(as[at] ?? 0, bs[at] ?? 0);
      sum ^= this.#buckets.get(row, A) ^ this.#buckets.get(row, TAKEN);
    }
    return sum;
  }

  /** Adds to the pair's number. @returns what it was before. */
  add(a: number, b: number, weight: number): number {
    const isKnown = this.#seek(a, b);
    if (isKnown) {
      const before = this.#rows.get(this.#row, this.#field + VALUE);
      this.#rows.set(this.#row, this.#field + VALUE, before + weight);
      return before;
    }
    this.#insert(a, b, weight);
    this.#size += 1;
    if (this.#size > MEAN_ENTRIES * (this.#half + this.#split)) this.#splitOne();
    return 0;
  }

  save(to: DumpWriter): void {
    to.value([this.#size, this.#half, this.#split]);
    this.#buckets.save(to);
    this.#further.save(to);
  }

  restore(from: DumpReader): void {
    [this.#size, this.#half, this.#split] = from.value<[number, number, number]>();
    this.#buckets.restore(from);
    this.#further.restore(from);
  }

  /** The row of the bucket that the pair belongs to. */
  #rowOf(a: number, b: number): number {
    const bucket = hashPair(a, b) & (this.#half * 2 - 1);
    return (bucket < this.#half + this.#split ? bucket : bucket & (this.#half - 1)) + 1;
  }

  /** @returns whether the pair has an entry. */
  #seek(a: number, b: number): boolean {
    this.#rows = this.#buckets;
    this.#row = this.#rowOf(a, b);
    for (;;) {
      const words = this.#rows.chunkOf(this.#row);
      const start = this.#rows.startOf(this.#row);
      const taken = words[start + TAKEN] ?? 0;
      const end = start + (taken & (2 ** TAKEN_BITS - 1)) * ENTRY;
      let at = start;
      while (at < end && !(words[at + A] === a && words[at + B] === b)) at += ENTRY;
      this.#field = at - start;
      if (at < end) return true;
      const further = taken >>> TAKEN_BITS;
      if (further === 0) return false;
      this.#rows = this.#further;
      this.#row = further;
    }
  }

  /** Writes an entry where `#seek` ended without finding one. */
  #insert(a: number, b: number, value: number): void {
    if (this.#field === TAKEN) {
      const further = this.#further.add();
      this.#rows.set(this.#row, TAKEN, (further << TAKEN_BITS) | ENTRIES);
      this.#rows = this.#further;
      this.#row = further;
      this.#field = 0;
    }
    this.#rows.set(this.#row, this.#field + A, a);
    this.#rows.set(this.#row, this.#field + B, b);
    this.#rows.set(this.#row, this.#field + VALUE, value);
    this.#rows.set(this.#row, TAKEN, this.#field / ENTRY + 1);
  }

  #splitOne(): void {
    const entries = this.#empty(this.#split + 1);
    this.#buckets.add();
    this.#split += 1;
    if (this.#split === this.#half) {
      this.#half *= 2;
      this.#split = 0;
    }
    for (let at = 0; at < entries.length; at += ENTRY) {
      const [a = 0, b = 0] = [entries[at + A], entries[at + B]];
      this.#seek(a, b);
      this.#insert(a, b, entries[at + VALUE] ?? 0);
    }
  }

  /** Empties a bucket. @returns its entries, one after another. */
  #empty(row: number): number[] {
    const taken = this.#buckets.get(row, TAKEN);
    const entries = entriesIn(this.#buckets, row);
    this.#buckets.set(row, TAKEN, 0);
    let further = taken >>> TAKEN_BITS;
    while (further !== 0) {
      entries.push(...entriesIn(this.#further, further));
      const next = this.#further.get(further, TAKEN) >>> TAKEN_BITS;
      this.#further.free(further);
      further = next;
    }
    return entries;
  }
}

function entriesIn(rows: Rows, row: number): number[] {
  const end = (rows.get(row, TAKEN) & (2 ** TAKEN_BITS - 1)) * ENTRY;
  const entries: number[] = [];
  for (let field = 0; field < end; field++) entries.push(rows.get(row, field));
  return entries;
}

function hashPair(a: number, b: number): number {
  return mix(Math.imul(a, 0x9e3779b1) ^ mix(b));
}
