/**
 * The cells of a packed record: a flat list of small values, written in the order in which `FieldReader` reads them, and a
 * table of the strings that repeat within one record (block hashes, transaction ids, principals), so that fifty facts of
 * one block hold its hash once.
 */
export type Cell = string | number | boolean | null | Uint8Array;

const HASH = /^0x[0-9a-f]{64}$/;
/** Canonical decimals that a double holds exactly; longer ones stay strings. */
const SMALL_DECIMAL = /^(0|[1-9]\d{0,14})$/;
const ID_BYTES = 16;
const ID_LENGTH = 22;
const NO_SEXTET = 255;
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].forEach((character, sextet) => {
  SEXTETS[character.charCodeAt(0)] = sextet;
});

export class FieldWriter {
  readonly cells: Cell[] = [];
  readonly table: Cell[] = [];
  readonly #places = new Map<string, number>();

  number(value: number): void {
    this.cells.push(value);
  }

  flag(value: boolean): void {
    this.cells.push(value);
  }

  text(value: string): void {
    this.cells.push(value);
  }

  /** A string that is likely to stand in the record again. Hashes become 32 bytes, the rest stays as it is. */
  shared(value: string): void {
    let place = this.#places.get(value);
    if (place === undefined) {
      place = this.table.push(HASH.test(value) ? Buffer.from(value.slice(2), 'hex') : value) - 1;
      this.#places.set(value, place);
    }
    this.cells.push(place);
  }

  /** A Clarity uint as a decimal string. */
  decimal(value: string): void {
    this.cells.push(SMALL_DECIMAL.test(value) ? Number(value) : value);
  }

  /** A fact id: 16 bytes where it is one, so that 22 characters take 18 bytes. */
  id(value: string): void {
    this.cells.push(idBytes(value) ?? value);
  }

  /** `null` for an absent value; else whatever `write` writes for it. */
  optional<T>(value: T | undefined, write: (present: T) => void): void {
    if (value === undefined) this.cells.push(null);
    else write(value);
  }
}

/** The bytes that `id` is the base64url of, if it is that of 16 bytes exactly: a third of what two calls of Buffer take. */
function idBytes(id: string): Buffer | undefined {
  if (id.length !== ID_LENGTH) return undefined;
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  let pending = 0;
  let bits = 0;
  let byte = 0;
  for (let at = 0; at < ID_LENGTH; at += 1) {
    const sextet = SEXTETS[id.charCodeAt(at)] ?? NO_SEXTET;
    if (sextet === NO_SEXTET) return undefined;
    pending = ((pending << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[byte++] = pending >>> bits;
  }
  // The last character has four bits to spare, which are zero in what an encoder writes.
  return (pending & 0b1111) === 0 ? bytes : undefined;
}
