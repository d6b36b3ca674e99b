import type { DayRange } from '../calendar.js';
import type { DumpReader, DumpWriter, Stored } from './dump.js';

/** Keys that lie side by side, so that a sum over a range looks up one block of them at a time. */
const BLOCK_KEYS = 64;

/**
 * Counts by a whole number (a day, an hour, a template) of which there are few, most of them near another: 512 bytes for
 * each 64 neighbours of which one was ever counted.
 */
export class Counter implements Stored {
  readonly #blocks = new Map<number, Float64Array>();
  #total = 0;

  /** Sum over all keys. */
  get total(): number {
    return this.#total;
  }

  add(key: number, weight: number): void {
    this.#total += weight;
    const block = Math.floor(key / BLOCK_KEYS);
    let counts = this.#blocks.get(block);
    if (counts === undefined) {
      counts = new Float64Array(BLOCK_KEYS);
      this.#blocks.set(block, counts);
    }
    const at = key - block * BLOCK_KEYS;
    counts[at] = (counts[at] ?? 0) + weight;
  }

  get(key: number): number {
    const block = Math.floor(key / BLOCK_KEYS);
    return this.#blocks.get(block)?.[key - block * BLOCK_KEYS] ?? 0;
  }

  /** Sum over the keys of a range, both ends included. */
  sum({ from, to }: DayRange): number {
    let sum = 0;
    for (let start = from; start <= to;) {
      const block = Math.floor(start / BLOCK_KEYS);
      const first = block * BLOCK_KEYS;
      const end = Math.min(to - first, BLOCK_KEYS - 1);
      const counts = this.#blocks.get(block);
      if (counts !== undefined) for (let at = start - first; at <= end; at++) sum += counts[at] ?? 0;
      start = first + BLOCK_KEYS;
    }
    return sum;
  }

  /** Sum over all keys below this one. */
  sumBelow(end: number): number {
    let sum = 0;
    this.forEach((key, count) => {
      if (key < end) sum += count;
    });
    return sum;
  }

  /** Every key whose count is not 0, in no order that means anything. */
  forEach(visit: (key: number, count: number) => void): void {
    for (const [block, counts] of this.#blocks)
      for (let at = 0; at < BLOCK_KEYS; at++) {
        const count = counts[at] ?? 0;
        if (count !== 0) visit(block * BLOCK_KEYS + at, count);
      }
  }

  save(to: DumpWriter): void {
    // One after the other: an array for each of the hours of two years would be packed and read for longer than all else.
    const counts: number[] = [];
    this.forEach((key, count) => counts.push(key, count));
    to.value(counts);
  }

  restore(from: DumpReader): void {
    const counts = from.value<number[]>();
    for (let at = 0; at < counts.length; at += 2) this.add(counts[at] ?? 0, counts[at + 1] ?? 0);
  }
}
