import { orderOf, type FactOrder } from '../events/fact.js';
import type { DumpReader, DumpWriter, Stored } from './columns/dump.js';
import type { Rows } from './columns/rows.js';

/**
 * Identity and order of a fact in seven fields of a row (28 bytes): the 16 bytes that its id encodes, height, place in
 * the block, time in seconds. What does not fit exactly (an id of another form, a fact from outside the chain, a time
 * with milliseconds) is kept beside, as it is; nothing is ever rounded.
 */
export const STAMP_FIELDS = 7;
const ID = 0;
const ID_WORDS = 4;
const HEIGHT = 4;
/** txIndex × 65,536 + ordinal. */
const PLACE = 5;
const SECONDS = 6;

/** In place of the height: the stamp is kept beside. No block has this height. */
const BESIDE = -1;
const MAX_HEIGHT = 0x7fff_ffff;
const MAX_PLACE = 0xffff;
const MAX_SECONDS = 0xffff_ffff;

export class Stamps implements Stored {
  readonly #beside = new Map<number, FactOrder>();
  /** The words of the id that was encoded last. */
  readonly #id = new Int32Array(ID_WORDS);

  /** @param at the first of the seven fields in a row. */
  constructor(
    private readonly rows: Rows,
    private readonly at: number,
  ) {}

  write(row: number, fact: FactOrder): void {
    if (!this.#encodeId(fact.id) || !fits(fact)) {
      this.#beside.set(row, orderOf(fact));
      this.rows.set(row, this.at + HEIGHT, BESIDE);
      return;
    }
    const { height = 0, txIndex = 0, ordinal = 0 } = fact.chain ?? {};
    for (let word = 0; word < ID_WORDS; word++) this.rows.set(row, this.at + ID + word, this.#id[word] ?? 0);
    this.rows.set(row, this.at + HEIGHT, height);
    this.rows.set(row, this.at + PLACE, (txIndex << 16) | ordinal);
    this.rows.set(row, this.at + SECONDS, fact.atMs / 1000);
  }

  erase(row: number): void {
    this.#beside.delete(row);
    for (let field = 0; field < STAMP_FIELDS; field++) this.rows.set(row, this.at + field, 0);
  }

  /** Whether the stamp of this row is of the fact with this id. */
  isOf(row: number, factId: string): boolean {
    if (this.rows.get(row, this.at + HEIGHT) === BESIDE) return this.#beside.get(row)?.id === factId;
    if (!this.#encodeId(factId)) return false;
    for (let word = 0; word < ID_WORDS; word++) {
      if (this.rows.get(row, this.at + ID + word) !== this.#id[word]) return false;
    }
    return true;
  }

  atMs(row: number): number {
    const beside = this.#besideOf(row);
    return beside?.atMs ?? (this.rows.get(row, this.at + SECONDS) >>> 0) * 1000;
  }

  read(row: number): FactOrder {
    const beside = this.#besideOf(row);
    if (beside !== undefined) return beside;
    const place = this.rows.get(row, this.at + PLACE);
    return {
      id: this.#decodeId(row),
      atMs: this.atMs(row),
      chain: {
        height: this.rows.get(row, this.at + HEIGHT),
        txIndex: place >>> 16,
        ordinal: place & MAX_PLACE,
      },
    };
  }

  save(to: DumpWriter): void {
    to.value([...this.#beside]);
  }

  restore(from: DumpReader): void {
    for (const [row, fact] of from.value<[number, FactOrder][]>()) this.#beside.set(row, fact);
  }

  #besideOf(row: number): FactOrder | undefined {
    return this.rows.get(row, this.at + HEIGHT) === BESIDE ? this.#beside.get(row) : undefined;
  }

  /** Decodes base64url into `#id`. @returns whether the id is exactly what 16 bytes encode to. */
  #encodeId(id: string): boolean {
    if (id.length !== ID_LENGTH) return false;
    const words = this.#id;
    words.fill(0);
    for (let at = 0; at < ID_LENGTH; at++) {
      const sextet = SEXTETS[id.charCodeAt(at)] ?? NO_SEXTET;
      if (sextet === NO_SEXTET) return false;
      const bit = at * 6;
      const word = bit >> 5;
      const shift = 26 - (bit & 31);
      // A sextet that straddles two words leaves its low bits to the next; the last one has four bits to spare.
      if (shift >= 0) words[word] = (words[word] ?? 0) | (sextet << shift);
      else {
        words[word] = (words[word] ?? 0) | (sextet >> -shift);
        if (word + 1 < ID_WORDS) words[word + 1] = sextet << (32 + shift);
        else if ((sextet & 15) !== 0) return false;
      }
    }
    return true;
  }

  #decodeId(row: number): string {
    const bytes = Buffer.alloc(ID_WORDS * 4);
    for (let word = 0; word < ID_WORDS; word++) bytes.writeInt32BE(this.rows.get(row, this.at + ID + word), word * 4);
    return bytes.toString('base64url');
  }
}

const ID_LENGTH = 22;
const NO_SEXTET = 255;
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].forEach((character, sextet) => {
  SEXTETS[character.charCodeAt(0)] = sextet;
});

function fits({ atMs, chain }: FactOrder): boolean {
  const seconds = atMs / 1000;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MAX_SECONDS) return false;
  if (chain === undefined) return true;
  const { height, txIndex, ordinal } = chain;
  return isUpTo(MAX_HEIGHT, height) && isUpTo(MAX_PLACE, txIndex) && isUpTo(MAX_PLACE, ordinal);
}

const isUpTo = (max: number, value: number): boolean => Number.isInteger(value) && value >= 0 && value <= max;
