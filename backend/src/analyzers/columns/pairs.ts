import { together } from './dump.js';
import { HashIndex, mix } from './hashIndex.js';
import { Rows } from './rows.js';

/** Numbers for pairs of numbers, and counts of pairs: 16 bytes a pair, 20 with its count. */
const A = 0;
const B = 1;

export class Pairs {
  readonly #rows = new Rows(2);
  readonly #index = new HashIndex((row) => hashPair(this.#rows.get(row, A), this.#rows.get(row, B)));
  readonly stored = together(this.#rows, this.#index);

  /** The numbers handed out are below this. */
  get length(): number {
    return this.#rows.length;
  }

  first(row: number): number {
    return this.#rows.get(row, A);
  }

  second(row: number): number {
    return this.#rows.get(row, B);
  }

  /** The pair's number from 1, 0 if it has none. */
  find(a: number, b: number): number {
    return this.#search(hashPair(a, b), a, b);
  }

  /** The pair's number; a new one if it is new. */
  add(a: number, b: number): number {
    const hash = hashPair(a, b);
    const known = this.#search(hash, a, b);
    if (known !== 0) return known;
    const row = this.#rows.add();
    this.#rows.set(row, A, a);
    this.#rows.set(row, B, b);
    this.#index.insert(hash, row);
    return row;
  }

  #search(hash: number, a: number, b: number): number {
    for (let row = this.#index.first(hash); row !== 0; row = this.#index.after(row)) {
      if (this.#rows.get(row, A) === a && this.#rows.get(row, B) === b) return row;
    }
    return 0;
  }
}

export class PairCounts {
  readonly #pairs = new Pairs();
  readonly #counts = new Rows(1);
  readonly stored = together(this.#pairs.stored, this.#counts);

  /** Pairs ever counted, also those that are back at 0. */
  get size(): number {
    return this.#pairs.length - 1;
  }

  /** @returns the count before and after. */
  add(a: number, b: number, weight: number): { before: number; after: number } {
    const row = this.#pairs.add(a, b);
    const before = this.#counts.get(row);
    this.#counts.set(row, 0, before + weight);
    return { before, after: before + weight };
  }

  get(a: number, b: number): number {
    return this.#counts.get(this.#pairs.find(a, b));
  }

  /** Every pair with its count, in no order that means anything. */
  forEach(visit: (a: number, b: number, count: number) => void): void {
    for (let row = 1; row < this.#pairs.length; row++) {
      visit(this.#pairs.first(row), this.#pairs.second(row), this.#counts.get(row));
    }
  }
}

function hashPair(a: number, b: number): number {
  return mix(Math.imul(a, 0x9e3779b1) ^ mix(b));
}
