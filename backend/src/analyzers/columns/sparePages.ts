import { newWords } from './memory.js';

/**
 * Pages of 4 KB to copy into, which nobody holds any more: memory that is new costs several times as much as the copy, and
 * the first changes after a checkpoint begins copy thousands. Never more than 32 MB; what is beyond goes to the garbage
 * collector.
 */
export const PAGE_WORDS = 1 << 10;
const MAX_PAGES = 1 << 13;
/** Made at once, as an array takes more time to make than to fill. */
const PAGES_AT_ONCE = 1 << 8;

export class SparePages {
  readonly #pages: Int32Array[] = [];

  /** One of which no word is to be read before it is written. */
  take(): Int32Array {
    if (this.#pages.length === 0) this.#make();
    return this.#pages.pop() ?? newWords(PAGE_WORDS);
  }

  /** Nobody else may hold it. */
  add(page: Int32Array): void {
    if (this.#pages.length < MAX_PAGES) this.#pages.push(page);
  }

  #make(): void {
    const words = newWords(PAGE_WORDS * PAGES_AT_ONCE);
    for (let start = 0; start < words.length; start += PAGE_WORDS)
      this.#pages.push(words.subarray(start, start + PAGE_WORDS));
  }
}
