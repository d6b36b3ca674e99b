import type { Part } from './dump.js';
import { PAGE_WORDS, SparePages } from './sparePages.js';

/** Who lends chunks. */
export interface Lender {
  /** Nothing is to be kept of the chunk for `lent` any more. */
  giveBack(lent: LentChunk): void;
}

/** Of all states of the process, as one is replaced while another begins. */
const SPARE = new SparePages();

/**
 * A chunk of rows in a dump. It is not copied until it is taken: who changes a word of it has the page that it lies in kept
 * aside first. A large state lends sixteen thousand of these in one go, so they are small.
 */
export class LentChunk implements Part {
  /** By number of the page. */
  #kept: (Int32Array | undefined)[] | undefined;

  /**
   * @param index of the chunk among those of the lender
   * @param count of the words that are part of the dump, from the first one on
   * @param before the same chunk in an earlier dump that is not taken yet
   */
  constructor(
    private readonly lender: Lender,
    readonly index: number,
    private readonly words: Int32Array,
    private readonly count: number,
    public before: LentChunk | undefined,
  ) {}

  /** A word of the chunk is about to change. */
  keep(word: number): void {
    const page = Math.floor(word / PAGE_WORDS);
    const kept = (this.#kept ??= []);
    // Rows that were added since are no part of the dump.
    if (kept[page] !== undefined || page * PAGE_WORDS >= this.count) return;
    const copy = SPARE.take();
    copy.set(this.words.subarray(page * PAGE_WORDS, (page + 1) * PAGE_WORDS));
    kept[page] = copy;
  }

  take(room?: Uint8Array): Uint8Array {
    const length = 4 * this.count;
    const taken = room !== undefined && room.length >= length ? room.subarray(0, length) : new Uint8Array(length);
    taken.set(bytesOf(this.words, this.count));
    this.#kept?.forEach((page, number) => {
      const start = number * PAGE_WORDS;
      if (page !== undefined && start < this.count) taken.set(bytesOf(page, this.count - start), 4 * start);
    });
    this.release();
    return taken;
  }

  release(): void {
    this.lender.giveBack(this);
    this.#kept?.forEach((page) => page !== undefined && SPARE.add(page));
    this.#kept = undefined;
  }
}

/** The bytes of the first `count` words, or of as many as there are. */
function bytesOf(words: Int32Array, count: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, 4 * Math.min(count, words.length));
}
