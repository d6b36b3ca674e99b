import type { DumpReader, DumpWriter, Stored } from './dump.js';
import { LentChunk, type Lender } from './lentChunk.js';
import { newWords } from './memory.js';

/**
 * A table of fixed-width rows of signed 32-bit numbers in chunks: a row costs 4 bytes a field and nothing else, growing
 * never copies more than one chunk, and no row is an object that the garbage collector would have to visit.
 * Row 0 is never handed out, so that 0 can mean "none"; its first field heads the list of freed rows.
 *
 * A chunk has 64 KB at most, whatever the width. It is lent to dumps: who changes it then has 4 KB of it copied first.
 */
const CHUNK_WORDS = 1 << 14;
/** The first chunk grows by doubling from here, so that an empty state is small. */
const FIRST_ROWS = 16;

export class Rows implements Stored, Lender {
  readonly #width: number;
  /** Rows of a chunk: as many as fit, rounded down to a power of two, which has this many bits. */
  readonly #chunkRows: number;
  readonly #chunkBits: number;
  readonly #chunks: Int32Array[] = [];
  /** By number of the chunk, the part of the last dump that is not taken yet; those of dumps before follow it. */
  readonly #lent: (LentChunk | undefined)[] = [];
  /** How many those are. */
  #lending = 0;
  #length = 0;
  #capacity = 0;

  /** @param width fields of a row. */
  constructor(width: number) {
    this.#width = width;
    this.#chunkBits = 31 - Math.clz32(CHUNK_WORDS / width);
    this.#chunkRows = 1 << this.#chunkBits;
    this.#reach(0);
  }

  /** One more than the highest row in use. */
  get length(): number {
    return this.#length;
  }

  /** 0 for what was never set. */
  get(row: number, field = 0): number {
    return this.#chunks[row >>> this.#chunkBits]?.[(row & (this.#chunkRows - 1)) * this.#width + field] ?? 0;
  }

  /** The chunk that holds a row, to be read at once: the next change may put another in its place. */
  chunkOf(row: number): Int32Array {
    return this.#chunks[row >>> this.#chunkBits] ?? NO_CHUNK;
  }

  /** Where in its chunk a row begins. */
  startOf(row: number): number {
    return (row & (this.#chunkRows - 1)) * this.#width;
  }

  /**
   * Reads a field of each of many rows, in any place: they are on their way from memory at the same time.
   * @returns a sum, for something has to come of it
   */
  fetch(rows: Int32Array, count: number, field = 0): number {
    let sum = 0;
    for (let at = 0; at < count; at++) sum ^= this.get(rows[at] ?? 0, field);
    return sum;
  }

  /** Sum over the fields of a row from `first` to `last`. */
  sum(row: number, first: number, last: number): number {
    const chunk = this.#chunks[row >>> this.#chunkBits];
    if (chunk === undefined) return 0;
    const start = (row & (this.#chunkRows - 1)) * this.#width;
    let sum = 0;
    for (let at = start + first; at <= start + last; at++) sum += chunk[at] ?? 0;
    return sum;
  }

  set(row: number, field: number, value: number): void {
    if (row >= this.#length) this.#reach(row);
    const index = row >>> this.#chunkBits;
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    const word = this.startOf(row) + field;
    // What stands there already is not worth a copy.
    if (this.#lending !== 0 && chunk[word] !== value)
      for (let lent = this.#lent[index]; lent !== undefined; lent = lent.before) lent.keep(word);
    chunk[word] = value;
  }

  /** A row of zeros. */
  add(): number {
    const freed = this.get(0);
    if (freed === 0) {
      this.#reach(this.#length);
      return this.#length - 1;
    }
    this.set(0, 0, this.get(freed));
    this.set(freed, 0, 0);
    return freed;
  }

  /** The row may be handed out again. */
  free(row: number): void {
    for (let field = 1; field < this.#width; field++) this.set(row, field, 0);
    this.set(row, 0, this.get(0));
    this.set(0, 0, row);
  }

  save(to: DumpWriter): void {
    to.value(this.#length);
    this.#chunks.forEach((chunk, index) => {
      const lent = new LentChunk(this, index, chunk, this.#wordsIn(index), this.#lent[index]);
      this.#lent[index] = lent;
      this.#lending += 1;
      to.lend(lent);
    });
  }

  restore(from: DumpReader): void {
    const length = from.value<number>();
    const full = length >>> this.#chunkBits;
    for (let index = 0; index < full; index++) this.#chunks[index] = from.words(this.#chunkRows * this.#width);
    this.#capacity = full * this.#chunkRows;
    this.#reach(length - 1);
    if (full < this.#chunks.length) this.#chunks[full]?.set(from.words(this.#wordsIn(full)));
  }

  giveBack(lent: LentChunk): void {
    let after: LentChunk | undefined;
    let found = this.#lent[lent.index];
    while (found !== undefined && found !== lent) {
      after = found;
      found = found.before;
    }
    if (found === undefined) return;
    if (after === undefined) this.#lent[lent.index] = lent.before;
    else after.before = lent.before;
    this.#lending -= 1;
  }

  #wordsIn(chunk: number): number {
    return Math.min(this.#length - chunk * this.#chunkRows, this.#chunkRows) * this.#width;
  }

  #reach(row: number): void {
    this.#length = row + 1;
    if (row < this.#capacity) return;
    const rows = row < this.#chunkRows ? Math.max(FIRST_ROWS, 1 << (32 - Math.clz32(row))) : this.#chunkRows;
    const last = row >>> this.#chunkBits;
    // A first chunk that is not full yet is made larger; any other is made anew.
    for (let index = this.#capacity >>> this.#chunkBits; index <= last; index++) {
      const chunk = newWords(rows * this.#width);
      const smaller = this.#chunks[index];
      if (smaller !== undefined) {
        chunk.set(smaller);
        // Nobody changes it any more: nothing of it is to be kept.
        for (let lent = this.#lent[index]; lent !== undefined; lent = lent.before) this.giveBack(lent);
      }
      this.#chunks[index] = chunk;
    }
    this.#capacity = last * this.#chunkRows + rows;
  }
}

const NO_CHUNK = new Int32Array(0);
