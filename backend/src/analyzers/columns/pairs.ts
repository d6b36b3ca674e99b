import { together } from './dump.js';
import { HashIndex, mix } from './hashIndex.js';
import { Rows } from './rows.js';

/** A number from 1, and a count, for each distinct pair of numbers: 20 bytes a pair. */
const LINK = 0;
const A = 1;
const B = 2;
const COUNT = 3;
const WIDTH = 4;

export class Pairs {
  readonly #rows = new Rows(WIDTH);
  readonly #index = new HashIndex(this.#rows, LINK, (row) => hashPair(this.#rows.get(row, A), this.#rows.get(row, B)));
  readonly stored = together(this.#rows, this.#index);

  /** Pairs that have a number, also those whose count is 0. */
  get size(): number {
    return this.#rows.length - 1;
  }

  /** The pair's number; a new one if it is new. */
  numberOf(a: number, b: number): number {
    const hash = hashPair(a, b);
    const known = this.#search(hash, a, b);
    if (known !== 0) return known;
    const row = this.#rows.add();
    this.#rows.set(row, A, a);
    this.#rows.set(row, B, b);
    this.#index.insert(hash, row);
    return row;
  }

  /** The pair's number, 0 if it has none. */
  find(a: number, b: number): number {
    return this.#search(hashPair(a, b), a, b);
  }

  /** @returns the count before; after, it is that and `weight`. */
  count(a: number, b: number, weight: number): number {
    const row = this.numberOf(a, b);
    const before = this.#rows.get(row, COUNT);
    this.#rows.set(row, COUNT, before + weight);
    return before;
  }

  /** Every pair with its number, in the order of the numbers. */
  forEach(visit: (a: number, b: number, number: number) => void): void {
    const rows = this.#rows;
    for (let row = 1; row < rows.length; row++) visit(rows.get(row, A), rows.get(row, B), row);
  }

  #search(hash: number, a: number, b: number): number {
    let row = this.#index.first(hash);
    while (row !== 0 && !(this.#rows.get(row, A) === a && this.#rows.get(row, B) === b)) row = this.#index.after(row);
    return row;
  }
}

function hashPair(a: number, b: number): number {
  return mix(Math.imul(a, 0x9e3779b1) ^ mix(b));
}
