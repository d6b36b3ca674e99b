import { together } from './dump.js';
import { mix } from './hashIndex.js';
import { PairTable } from './pairTable.js';
import { Rows } from './rows.js';

/**
 * A number from 1 for each distinct string, for millions of them: the text lies packed in words, some 70 bytes for a
 * principal of 41 characters where a Map of strings takes 130 and more. Any string comes back exactly.
 */
/** Length × 2 + 1 if it has code units above 255. */
const HEADER = 0;
/** Then 4 (or then 2) code units a word; or, of a text that is longer, where its words begin in `#long`. */
const TEXT = 1;
/** Words of text in a row: of 44 characters. A principal that is no contract has 41. */
const TEXT_WORDS = 11;
/** What the two halves of a hash are made with. */
const HIGH = 0x9e3779b1;
const LOW = 0x85ebca6b;

export class PackedStrings {
  readonly #rows = new Rows(TEXT + TEXT_WORDS);
  readonly #long = new Rows(1);
  /** The number of the string of each 64-bit hash; where several have the same, of the second one that of the next hash. */
  readonly #numbers = new PairTable();
  readonly stored = together(this.#rows, this.#long, this.#numbers);
  /** The string that is looked for: its header and its words, as in a row. */
  #packed = new Int32Array(64);

  /** The numbers handed out are below this. */
  get length(): number {
    return this.#rows.length;
  }

  /** The string's number; a new one if it is new. */
  add(text: string): number {
    const words = this.#pack(text);
    const high = this.hashOf(this.#packed, words, HIGH);
    const low = this.hashOf(this.#packed, words, LOW);
    for (let probe = 0; ; probe++) {
      const known = this.#numbers.get(high, (low + probe) | 0);
      if (known === 0) return this.#write(words, high, (low + probe) | 0);
      if (this.#holds(known, words)) return known;
    }
  }

  /** The string's number, 0 if it has none. */
  find(text: string): number {
    const words = this.#pack(text);
    const high = this.hashOf(this.#packed, words, HIGH);
    const low = this.hashOf(this.#packed, words, LOW);
    for (let probe = 0; ; probe++) {
      const known = this.#numbers.get(high, (low + probe) | 0);
      if (known === 0 || this.#holds(known, words)) return known;
    }
  }

  /**
   * As `Rows.fetch`, for what is known of many strings.
   * @param numbers is given the number of each, 0 if it has none; in one of 2^64 cases that of another
   */
  fetch(texts: readonly string[], numbers: Int32Array): number {
    const count = texts.length;
    const [highs, lows] = [new Int32Array(count), new Int32Array(count)];
    for (let at = 0; at < count; at++) {
      const words = this.#pack(texts[at] ?? '');
      highs[at] = this.hashOf(this.#packed, words, HIGH);
      lows[at] = this.hashOf(this.#packed, words, LOW);
    }
    const sum = this.#numbers.fetch(highs, lows, count);
    for (let at = 0; at < count; at++) numbers[at] = this.#numbers.get(highs[at] ?? 0, lows[at] ?? 0);
    return sum ^ this.#rows.fetch(numbers, count, HEADER);
  }

  /** The string of a number that `add` gave. */
  text(row: number): string {
    const header = this.#rows.get(row, HEADER);
    const bits = header & 1 ? 16 : 8;
    const perWord = 32 / bits;
    const units: number[] = [];
    for (let unit = 0; unit < header >>> 1; unit++) {
      const word = this.#wordOf(row, header, Math.floor(unit / perWord));
      units.push((word >>> (bits * (unit % perWord))) & ((1 << bits) - 1));
    }
    return units.map((unit) => String.fromCharCode(unit)).join('');
  }

  #wordOf(row: number, header: number, word: number): number {
    if (wordsOf(header) <= TEXT_WORDS) return this.#rows.get(row, TEXT + word);
    return this.#long.get(this.#rows.get(row, TEXT) + word);
  }

  /** Whether the string of a number is the packed one. @param words of its text */
  #holds(row: number, words: number): boolean {
    const packed = this.#packed;
    const header = packed[HEADER] ?? 0;
    if (this.#rows.get(row, HEADER) !== header) return false;
    let word = 0;
    while (word < words && this.#wordOf(row, header, word) === packed[TEXT + word]) word += 1;
    return word === words;
  }

  /** Gives the packed string a number. */
  #write(words: number, high: number, low: number): number {
    const row = this.#rows.add();
    const packed = this.#packed;
    this.#rows.set(row, HEADER, packed[HEADER] ?? 0);
    if (words <= TEXT_WORDS) {
      for (let word = 0; word < words; word++) this.#rows.set(row, TEXT + word, packed[TEXT + word] ?? 0);
    } else {
      const start = this.#long.length;
      this.#rows.set(row, TEXT, start);
      for (let word = 0; word < words; word++) this.#long.set(start + word, 0, packed[TEXT + word] ?? 0);
    }
    this.#numbers.add(high, low, row);
    return row;
  }

  /** Half a hash of a packed string, header included. @param words of its text @param factor another one gives the other half */
  protected hashOf(packed: Int32Array, words: number, factor: number): number {
    let hash = 0;
    for (let word = 0; word <= words; word++) hash = Math.imul(hash ^ (packed[word] ?? 0), factor) ^ (hash >>> 15);
    return mix(hash);
  }

  /** Packs a string. @returns how many words its text takes. */
  #pack(text: string): number {
    return this.#packUnits(text, 8) || this.#packUnits(text, 16);
  }

  #packUnits(text: string, bits: 8 | 16): number {
    const header = text.length * 2 + (bits === 16 ? 1 : 0);
    const words = wordsOf(header);
    if (TEXT + words > this.#packed.length) this.#packed = new Int32Array((TEXT + words) * 2);
    const packed = this.#packed;
    packed[HEADER] = header;
    const perWord = 32 / bits;
    let word = TEXT;
    for (let unit = 0; unit < text.length; unit += perWord, word++) {
      let units = 0;
      const end = Math.min(perWord, text.length - unit);
      for (let at = 0; at < end; at++) {
        const code = text.charCodeAt(unit + at);
        if (code >>> bits !== 0) return 0;
        units |= code << (bits * at);
      }
      packed[word] = units;
    }
    return words;
  }
}

/** Words that the text of a string with this header takes. */
function wordsOf(header: number): number {
  return Math.ceil((header >>> 1) / (header & 1 ? 2 : 4));
}
