import { together } from './dump.js';
import { HashIndex, mix } from './hashIndex.js';
import { Rows } from './rows.js';

/**
 * A number from 1 for each distinct string, for millions of them: the text lies packed in words beside its length, some
 * 60 bytes for a principal of 41 characters where a Map of strings takes 130 and more. Any string comes back exactly.
 */
const LINK = 0;
/** Where in the words the string begins. */
const START = 1;

export class PackedStrings {
  readonly #rows = new Rows(2);
  /** Of each string: length × 2 + 1 if it has code units above 255, then 4 (or then 2) code units a word. */
  readonly #words = new Rows(1);
  readonly #index = new HashIndex(this.#rows, LINK, (row) => this.#hashOf(row));
  readonly stored = together(this.#rows, this.#words, this.#index);
  /** The string that is looked for, packed. */
  #scratch = new Int32Array(64);

  /** The numbers handed out are below this. */
  get length(): number {
    return this.#rows.length;
  }

  /** The string's number; a new one if it is new. */
  add(text: string): number {
    const words = this.#pack(text);
    const hash = this.#hashOfScratch(words);
    const known = this.#search(hash, words);
    if (known !== 0) return known;
    const row = this.#rows.add();
    const start = this.#words.length;
    this.#rows.set(row, START, start);
    for (let word = 0; word < words; word++) this.#words.set(start + word, 0, this.#scratch[word] ?? 0);
    this.#index.insert(hash, row);
    return row;
  }

  /** The string's number, 0 if it has none. */
  find(text: string): number {
    const words = this.#pack(text);
    return this.#search(this.#hashOfScratch(words), words);
  }

  /** The string of a number that `add` gave. */
  text(row: number): string {
    const start = this.#rows.get(row, START);
    const header = this.#words.get(start);
    const bits = header & 1 ? 16 : 8;
    const perWord = 32 / bits;
    const units: number[] = [];
    for (let unit = 0; unit < header >>> 1; unit++) {
      const word = this.#words.get(start + 1 + Math.floor(unit / perWord));
      units.push((word >>> (bits * (unit % perWord))) & ((1 << bits) - 1));
    }
    return units.map((unit) => String.fromCharCode(unit)).join('');
  }

  #search(hash: number, words: number): number {
    for (let row = this.#index.first(hash); row !== 0; row = this.#index.after(row)) {
      const start = this.#rows.get(row, START);
      let word = 0;
      while (word < words && this.#words.get(start + word) === this.#scratch[word]) word += 1;
      if (word === words) return row;
    }
    return 0;
  }

  #hashOf(row: number): number {
    const start = this.#rows.get(row, START);
    const words = wordsOf(this.#words.get(start));
    let hash = 0;
    for (let word = 0; word < words; word++) hash = hashOn(hash, this.#words.get(start + word));
    return mix(hash);
  }

  #hashOfScratch(words: number): number {
    let hash = 0;
    for (let word = 0; word < words; word++) hash = hashOn(hash, this.#scratch[word] ?? 0);
    return mix(hash);
  }

  /** Packs into the scratch words. @returns how many. */
  #pack(text: string): number {
    return this.#packUnits(text, 8) || this.#packUnits(text, 16);
  }

  #packUnits(text: string, bits: 8 | 16): number {
    const header = text.length * 2 + (bits === 16 ? 1 : 0);
    const words = wordsOf(header);
    if (words > this.#scratch.length) this.#scratch = new Int32Array(words * 2);
    const scratch = this.#scratch;
    scratch[0] = header;
    const perWord = 32 / bits;
    let word = 1;
    for (let unit = 0; unit < text.length; unit += perWord, word++) {
      let packed = 0;
      const end = Math.min(perWord, text.length - unit);
      for (let at = 0; at < end; at++) {
        const code = text.charCodeAt(unit + at);
        if (code >>> bits !== 0) return 0;
        packed |= code << (bits * at);
      }
      scratch[word] = packed;
    }
    return words;
  }
}

/** Words that a string with this header takes, the header included. */
function wordsOf(header: number): number {
  const length = header >>> 1;
  return 1 + Math.ceil(length / (header & 1 ? 2 : 4));
}

function hashOn(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15);
}
