import { together } from './dump.js';
import { PairTable } from './pairTable.js';
import { Rows } from './rows.js';

/** A number from 1 for each distinct pair of numbers, in the order in which they were first asked for: 31 bytes a pair. */
const A = 0;
const B = 1;

export class Pairs {
  readonly #numbers = new PairTable();
  /** The pair of each number. */
  readonly #pairs = new Rows(2);
  readonly stored = together(this.#numbers, this.#pairs);

  get size(): number {
    return this.#numbers.size;
  }

  /** The pair's number; a new one if it is new. */
  numberOf(a: number, b: number): number {
    const known = this.#numbers.get(a, b);
    if (known !== 0) return known;
    const number = this.#pairs.add();
    this.#pairs.set(number, A, a);
    this.#pairs.set(number, B, b);
    this.#numbers.add(a, b, number);
    return number;
  }

  /** The pair's number, 0 if it has none. */
  find(a: number, b: number): number {
    return this.#numbers.get(a, b);
  }

  /** Every pair with its number, in the order of the numbers. */
  forEach(visit: (a: number, b: number, number: number) => void): void {
    const pairs = this.#pairs;
    for (let number = 1; number < pairs.length; number++) visit(pairs.get(number, A), pairs.get(number, B), number);
  }
}
