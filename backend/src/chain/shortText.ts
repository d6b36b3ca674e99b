/**
 * Short texts out of bytes. Prints repeat a few hundred of them (names of fields and events, categories, roles), so those
 * seen last are kept: comparing 12 bytes costs a tenth of checking them and making a string. A table has a fixed size
 * and never changes an answer.
 */
const MAX_LENGTH = 32;
const SLOTS = 4_096;

/** Holds only what its owner has checked: what is found in it need not be checked again. */
export class ShortTexts {
  readonly #bytes = new Uint8Array(SLOTS * MAX_LENGTH);
  readonly #texts = new Array<string>(SLOTS).fill('');

  /** The text from `start` up to `end` if it is kept; one of no characters never is. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    const length = end - start;
    if (length === 0 || length > MAX_LENGTH) return undefined;
    const slot = slotOf(bytes, start, length);
    const text = this.#texts[slot] ?? '';
    if (text.length !== length) return undefined;
    const kept = slot * MAX_LENGTH;
    for (let i = 0; i < length; i += 1) if (this.#bytes[kept + i] !== bytes[start + i]) return undefined;
    return text;
  }

  /** Makes the text from `start` up to `end`, where every byte must be ASCII, and keeps it if it is short. */
  make(bytes: Buffer, start: number, end: number): string {
    const text = bytes.toString('latin1', start, end);
    if (text.length > MAX_LENGTH) return text;
    const slot = slotOf(bytes, start, text.length);
    this.#bytes.set(bytes.subarray(start, end), slot * MAX_LENGTH);
    this.#texts[slot] = text;
    return text;
  }
}

/** By its length and four of its bytes, which tell those of the contracts apart. */
function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const last = start + length - 1;
  const outer = (bytes[start] ?? 0) * 31 + (bytes[last] ?? 0);
  const inner = (bytes[start + (length >> 2)] ?? 0) * 31 + (bytes[start + (length >> 1)] ?? 0);
  const digest = Math.imul(outer * 961 + inner, 0x9e37_79b1) + Math.imul(length, 0x85eb_ca6b);
  return (digest ^ (digest >>> 15)) & (SLOTS - 1);
}
