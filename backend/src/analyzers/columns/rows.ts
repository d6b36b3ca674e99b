import type { DumpReader, DumpWriter, Lender, Stored } from './dump.js';
import { SpareChunks } from './spareChunks.js';

/**
 * A table of fixed-width rows of signed 32-bit numbers in chunks: a row costs 4 bytes a field and nothing else, growing
 * never copies more than one chunk, and no row is an object that the garbage collector would have to visit.
 * Row 0 is never handed out, so that 0 can mean "none"; its first field heads the list of freed rows.
 *
 * A chunk has 64 KB at most, whatever the width: a row that changes while it is lent costs a copy of its chunk, and facts
 * about old badges change rows that lie anywhere.
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
  /** Dumps that hold each chunk as it is: it is copied before it changes. */
  readonly #lent: number[] = [];
  /** Sum of `#lent`. */
  #lending = 0;
  /** Chunks in whose place another is by now, and how many dumps hold each. */
  readonly #left = new Map<Int32Array, number>();
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

  /** Whether a dump holds any of it: then the first change of a chunk copies it. */
  get isLent(): boolean {
    return this.#lending !== 0;
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
    if (this.#lending !== 0) {
      // What stands there already is not worth a copy.
      if (this.get(row, field) === value) return;
      this.#own(index);
    }
    const chunk = this.#chunks[index];
    if (chunk !== undefined) chunk[(row & (this.#chunkRows - 1)) * this.#width + field] = value;
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
      this.#lent[index] = (this.#lent[index] ?? 0) + 1;
      this.#lending += 1;
      to.words(chunk, this.#wordsIn(index), this, index);
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

  giveBack(index: number, chunk: Int32Array): void {
    if (this.#chunks[index] !== chunk) return this.#giveBackLeft(chunk);
    this.#lent[index] = (this.#lent[index] ?? 0) - 1;
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
      const chunk = new Int32Array(rows * this.#width);
      const smaller = this.#chunks[index];
      if (smaller !== undefined) chunk.set(smaller);
      this.#replace(index, chunk);
    }
    this.#capacity = last * this.#chunkRows + rows;
  }

  /** Leaves a chunk that is lent to whoever holds it, and goes on with a copy. */
  #own(index: number): void {
    const chunk = this.#chunks[index];
    if (chunk !== undefined && (this.#lent[index] ?? 0) > 0) this.#replace(index, copyOf(chunk));
  }

  /** Nobody but dumps holds the chunk any more. */
  #giveBackLeft(chunk: Int32Array): void {
    const holders = (this.#left.get(chunk) ?? 0) - 1;
    if (holders > 0) {
      this.#left.set(chunk, holders);
    } else {
      this.#left.delete(chunk);
      SPARE.add(chunk);
    }
  }

  #replace(index: number, chunk: Int32Array): void {
    const lent = this.#lent[index] ?? 0;
    const before = this.#chunks[index];
    if (lent > 0 && before !== undefined) this.#left.set(before, lent);
    this.#lending -= lent;
    this.#lent[index] = 0;
    this.#chunks[index] = chunk;
  }
}

const NO_CHUNK = new Int32Array(0);

/** Of all rows of the process, as one state is replaced while another begins. */
const SPARE = new SpareChunks();

function copyOf(chunk: Int32Array): Int32Array {
  const copy = SPARE.take(chunk.length);
  copy.set(chunk);
  return copy;
}
