import type { DayRange } from '../calendar.js';
import type { DumpReader, DumpWriter, Stored } from './dump.js';

/** Counts by a whole number (a day, an hour, a template) of which there are few; what is back at 0 is forgotten. */
export class Counter implements Stored {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** Sum over all keys. */
  get total(): number {
    return this.#total;
  }

  add(key: number, weight: number): void {
    this.#total += weight;
    const count = this.get(key) + weight;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }

  get(key: number): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Sum over the keys of a range, both ends included. */
  sum({ from, to }: DayRange): number {
    let sum = 0;
    for (let key = from; key <= to; key++) sum += this.get(key);
    return sum;
  }

  /** Sum over all keys below this one. */
  sumBelow(end: number): number {
    let sum = 0;
    for (const [key, count] of this.#counts) if (key < end) sum += count;
    return sum;
  }

  entries(): IterableIterator<[key: number, count: number]> {
    return this.#counts.entries();
  }

  save(to: DumpWriter): void {
    to.value([...this.#counts]);
  }

  restore(from: DumpReader): void {
    for (const [key, count] of from.value<[number, number][]>()) this.add(key, count);
  }
}
