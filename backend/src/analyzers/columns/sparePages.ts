import { newWords } from './memory.js';

/**
 * Pages of 4 KB to copy into, which nobody holds any more: memory that is new costs several times as much as the copy, and
 * the first changes after a checkpoint begins copy thousands. 32 MB of pages are used again and again; whatever is needed
 * beyond them at once is new each time, and goes to the garbage collector.
 */
export const PAGE_WORDS = 1 << 10;
/** Made at once, as an array takes more time to make than to fill: a megabyte, which is free when its last page is. */
const PAGES_AT_ONCE = 1 << 8;
const KEPT_MEGABYTES = 32;

export class SparePages {
  readonly #spare: Int32Array[] = [];
  /** Of those that are not used again. */
  #passing: Int32Array[] = [];
  /** The memory of those that are: pages that were kept from anywhere would hold a megabyte each. */
  readonly #kept = new Set<ArrayBufferLike>();

  /** One of which no word is to be read before it is written. */
  take(): Int32Array {
    if (this.#spare.length === 0 && this.#kept.size < KEPT_MEGABYTES) {
      const pages = newPages();
      this.#kept.add(pages[0]?.buffer ?? new ArrayBuffer(0));
      this.#spare.push(...pages);
    }
    const spare = this.#spare.pop();
    if (spare !== undefined) return spare;
    if (this.#passing.length === 0) this.#passing = newPages();
    return this.#passing.pop() ?? newWords(PAGE_WORDS);
  }

  /** @param page one that was taken here, which nobody else may hold */
  add(page: Int32Array): void {
    if (this.#kept.has(page.buffer)) this.#spare.push(page);
  }
}

function newPages(): Int32Array[] {
  const words = newWords(PAGE_WORDS * PAGES_AT_ONCE);
  return Array.from({ length: PAGES_AT_ONCE }, (_, page) => words.subarray(page * PAGE_WORDS, (page + 1) * PAGE_WORDS));
}
