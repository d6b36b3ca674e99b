import type { DumpReader, DumpWriter, Stored } from './dump.js';
import { Rows } from './rows.js';

/**
 * Finds rows by the hash of their key: linear hashing (W. Litwin, 1980). Each insert splits one bucket, so there is no
 * rehash that stops the world and no slack: 4 bytes a row, at one row a bucket on average, and a field of the row itself
 * that links it to the next of its bucket. Rows are never removed.
 */
export class HashIndex implements Stored {
  readonly #heads = new Rows(1);
  #count = 0;
  /** Buckets at the last doubling; those below `#split` have been split since. */
  #half = 1;
  #split = 0;

  /**
   * @param link the field of `rows` that is the index's own.
   * @param hashOf the hash of the key that a row holds: 32 well-mixed bits, as `mix` gives them.
   */
  constructor(
    private readonly rows: Rows,
    private readonly link: number,
    private readonly hashOf: (row: number) => number,
  ) {}

  /** The first row that may have this hash, 0 if none; go on with `after`. */
  first(hash: number): number {
    return this.#heads.get(this.#bucket(hash));
  }

  after(row: number): number {
    return this.rows.get(row, this.link);
  }

  insert(hash: number, row: number): void {
    this.#count += 1;
    if (this.#count > this.#half + this.#split) this.#splitOne();
    this.#link(this.#bucket(hash), row);
  }

  save(to: DumpWriter): void {
    to.value([this.#count, this.#half, this.#split]);
    this.#heads.save(to);
  }

  restore(from: DumpReader): void {
    [this.#count, this.#half, this.#split] = from.value<[number, number, number]>();
    this.#heads.restore(from);
  }

  #bucket(hash: number): number {
    const bucket = hash & (this.#half * 2 - 1);
    return bucket < this.#half + this.#split ? bucket : bucket & (this.#half - 1);
  }

  #link(bucket: number, row: number): void {
    this.rows.set(row, this.link, this.#heads.get(bucket));
    this.#heads.set(bucket, 0, row);
  }

  #splitOne(): void {
    const old = this.#split;
    let row = this.#heads.get(old);
    this.#heads.set(old, 0, 0);
    this.#split += 1;
    if (this.#split === this.#half) {
      this.#half *= 2;
      this.#split = 0;
    }
    while (row !== 0) {
      const next = this.after(row);
      this.#link(this.#bucket(this.hashOf(row)), row);
      row = next;
    }
  }
}

/** Spreads a number over all 32 bits: the finalizer of MurmurHash3 (A. Appleby, public domain). */
export function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
