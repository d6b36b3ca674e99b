import type { DumpReader, DumpWriter, Stored } from './columns/dump.js';
import { HashIndex, mix } from './columns/hashIndex.js';
import type { Rows } from './columns/rows.js';

/**
 * From a badge id to its first row. The contract counts badges up from 1, so an id is a number in a field of that row;
 * an id that is not, or is beyond 32 bits, is kept as text.
 */
const SMALL_DECIMAL = /^[1-9]\d{0,9}$/;
const MAX_SMALL = 0xffff_ffff;

export class BadgeIds implements Stored {
  readonly #index: HashIndex;
  readonly #others = new Map<string, number>();

  /**
   * @param link the field of a first row that is the index's own.
   * @param key the field of a first row that holds the badge's number.
   */
  constructor(
    private readonly rows: Rows,
    link: number,
    private readonly key: number,
  ) {
    this.#index = new HashIndex(rows, link, (row) => hashOf(rows.get(row, key)));
  }

  /** The badge's first row, 0 if it has none. */
  find(badgeId: string): number {
    const key = keyOf(badgeId);
    return key === 0 ? (this.#others.get(badgeId) ?? 0) : this.#search(key);
  }

  /** The badge's first row; a new one if it is new. */
  add(badgeId: string): number {
    const key = keyOf(badgeId);
    const known = key === 0 ? (this.#others.get(badgeId) ?? 0) : this.#search(key);
    if (known !== 0) return known;
    const row = this.rows.add();
    if (key === 0) this.#others.set(badgeId, row);
    else {
      this.rows.set(row, this.key, key);
      this.#index.insert(hashOf(key), row);
    }
    return row;
  }

  save(to: DumpWriter): void {
    this.#index.save(to);
    to.value([...this.#others]);
  }

  restore(from: DumpReader): void {
    this.#index.restore(from);
    for (const [badgeId, row] of from.value<[string, number][]>()) this.#others.set(badgeId, row);
  }

  #search(key: number): number {
    let row = this.#index.first(hashOf(key));
    while (row !== 0 && this.rows.get(row, this.key) !== key) row = this.#index.after(row);
    return row;
  }
}

/** The id as a signed 32-bit number, as a row holds it; 0 if it is none. */
function keyOf(badgeId: string): number {
  if (!SMALL_DECIMAL.test(badgeId)) return 0;
  const key = Number(badgeId);
  return key > MAX_SMALL ? 0 : key | 0;
}

/** Ids that follow each other stay together, 4,096 at a time, so that minting in order walks through memory in order. */
function hashOf(key: number): number {
  return key ^ mix(key >>> 12);
}
