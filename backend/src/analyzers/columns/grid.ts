import type { DayRange } from '../calendar.js';
import { together } from './dump.js';
import { Pairs } from './pairs.js';
import { Rows } from './rows.js';

/** Second numbers that lie side by side. */
const BLOCK_BITS = 6;
const BLOCK_KEYS = 1 << BLOCK_BITS;

/**
 * Counts by two numbers, such as days by days, that are summed over ranges of both: 276 bytes for each first number and
 * 64 neighbours of the second, side by side, where a pair of its own for each would be looked up one by one.
 */
export class Grid {
  /** Number of the row of counts, by first number and block of second ones. */
  readonly #blocks = new Pairs();
  readonly #counts = new Rows(BLOCK_KEYS);
  readonly stored = together(this.#blocks.stored, this.#counts);

  add(a: number, b: number, weight: number): void {
    const row = this.#blocks.numberOf(a, b >> BLOCK_BITS);
    const at = b & (BLOCK_KEYS - 1);
    this.#counts.set(row, at, this.#counts.get(row, at) + weight);
  }

  get(a: number, b: number): number {
    return this.#counts.get(this.#blocks.find(a, b >> BLOCK_BITS), b & (BLOCK_KEYS - 1));
  }

  /** Sum over all pairs of a number of each range, all ends included. */
  sumWithin(as: DayRange, bs: DayRange): number {
    const [first, last] = [bs.from >> BLOCK_BITS, bs.to >> BLOCK_BITS];
    let sum = 0;
    // For years, going through all rows once is less than looking up each.
    if ((as.to - as.from + 1) * (last - first + 1) > this.#blocks.size) {
      this.#blocks.forEach((a, block, row) => {
        if (a >= as.from && a <= as.to && block >= first && block <= last) sum += this.#sumOfRow(row, block, bs);
      });
      return sum;
    }
    for (let a = as.from; a <= as.to; a++)
      for (let block = first; block <= last; block++) sum += this.#sumOfRow(this.#blocks.find(a, block), block, bs);
    return sum;
  }

  /** @param row 0: there is none, and the sum is 0. */
  #sumOfRow(row: number, block: number, { from, to }: DayRange): number {
    if (row === 0) return 0;
    const start = block << BLOCK_BITS;
    return this.#counts.sum(row, Math.max(from - start, 0), Math.min(to - start, BLOCK_KEYS - 1));
  }
}
