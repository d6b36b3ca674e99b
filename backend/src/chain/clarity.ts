import { isUtf8 } from 'node:buffer';
import { PRINCIPAL_BYTES, principalAt } from './principal.js';
import { ShortTexts } from './shortText.js';

/**
 * Reads serialised Clarity (Stacks improvement proposal 5) straight into plain values, the same ones that a Chainhook
 * node writes with `decode_clarity_values`, except that no uint loses a digit. Never trusts a length: what it reads is
 * bounded by what is there, in depth and in size, and every error names what was expected and the byte where it is not.
 */
export type ClarityValue =
  /** int, uint: a number where it is exact, a bigint beyond 2^53. */
  | number
  | bigint
  | boolean
  /** string-ascii, string-utf8, principal (c32), buffer (`0x` and hex). */
  | string
  /** none; `(some x)` is x. */
  | null
  | readonly ClarityValue[]
  | ClarityTuple
  | ClarityResponse;
export interface ClarityTuple {
  readonly [name: string]: ClarityValue;
}
export interface ClarityResponse {
  readonly result: { readonly success: boolean; readonly value: ClarityValue };
}

/** The bytes are no Clarity value. */
export class ClarityError extends Error {
  override readonly name = 'ClarityError';
  /** @param offset byte at which reading ended. */
  constructor(
    what: string,
    readonly offset: number,
  ) {
    super(`${what} at byte ${offset}`);
  }
}

/** Deepest nesting that the Clarity virtual machine lets a value have (MAX_TYPE_DEPTH of stacks-core). */
const MAX_DEPTH = 32;
/** Longest serialised value (BOUND_VALUE_SERIALIZATION_BYTES of stacks-core: twice the largest value). */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_NAME_LENGTH = 128;

/** Type prefixes of serialised values. */
const INT = 0x00;
const UINT = 0x01;
const BUFFER = 0x02;
const TRUE = 0x03;
const FALSE = 0x04;
const STANDARD_PRINCIPAL = 0x05;
const CONTRACT_PRINCIPAL = 0x06;
const OK = 0x07;
const ERR = 0x08;
const NONE = 0x09;
const SOME = 0x0a;
const LIST = 0x0b;
const TUPLE = 0x0c;
const ASCII = 0x0d;
const UTF8 = 0x0e;

/** What a Clarity name may be: a letter followed by letters, digits and `-_!?+<>=/*`, or one operator. */
const LETTER = 1;
const NAME_CHARACTERS = new Uint8Array(256);
for (const character of '0123456789-_!?+<>=/*') NAME_CHARACTERS[character.charCodeAt(0)] = 2;
for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
  NAME_CHARACTERS[letter.charCodeAt(0)] = LETTER;
  NAME_CHARACTERS[letter.toUpperCase().charCodeAt(0)] = LETTER;
}
const OPERATORS = new Set(['-', '+', '=', '/', '*', '<', '>', '<=', '>=']);

const names = new ShortTexts();
const texts = new ShortTexts();

/** For the bytes of one print after the other: no value keeps any of them. */
const scratch = Buffer.alloc(64 * 1024);
const scratchView = viewOf(scratch);

/**
 * @param hex one serialised value, with or without `0x`, and nothing after it.
 * @throws {ClarityError} if it is anything else.
 */
export function decodeClarity(hex: string): ClarityValue {
  const digits = hex.startsWith('0x') || hex.startsWith('0X') ? hex.slice(2) : hex;
  if (digits.length > 2 * MAX_BYTES) throw new ClarityError(`more than ${MAX_BYTES} bytes`, MAX_BYTES);
  const bytes = digits.length > 2 * scratch.length ? Buffer.alloc(digits.length >> 1) : scratch;
  // Buffer stops without a word at the first character that is not hex.
  const length = bytes.write(digits, 'hex');
  if (2 * length !== digits.length) throw new ClarityError('not hex', length);
  const reader = new Reader(bytes, length);
  const value = reader.value(0);
  if (reader.offset !== length) throw new ClarityError('bytes after the value', reader.offset);
  return value;
}

class Reader {
  offset = 0;
  /** Of `bytes`, whose own ways to read integers are slower. */
  readonly #view: DataView;

  /** @param end how many of `bytes` are to be read. */
  constructor(
    private readonly bytes: Buffer,
    private readonly end: number,
  ) {
    this.#view = bytes === scratch ? scratchView : viewOf(bytes);
  }

  value(depth: number): ClarityValue {
    if (depth > MAX_DEPTH) throw new ClarityError(`nested deeper than ${MAX_DEPTH}`, this.offset);
    const start = this.#skip(1, 'a type');
    const type = this.bytes[start];
    switch (type) {
      case INT:
      case UINT:
        return this.#integer(type === INT);
      case BUFFER:
        return `0x${this.#bytesOf('a buffer').toString('hex')}`;
      case TRUE:
        return true;
      case FALSE:
        return false;
      case STANDARD_PRINCIPAL:
        return this.#address();
      case CONTRACT_PRINCIPAL:
        return `${this.#address()}.${this.#name('a contract name')}`;
      case OK:
      case ERR:
        return { result: { success: type === OK, value: this.value(depth + 1) } };
      case NONE:
        return null;
      case SOME:
        return this.value(depth + 1);
      case LIST:
        return this.#list(depth);
      case TUPLE:
        return this.#tuple(depth);
      case ASCII:
        return this.#ascii();
      case UTF8:
        return this.#utf8();
      default:
        throw new ClarityError(`unknown type ${type}`, start);
    }
  }

  /** Moves on by `length` bytes. @returns where they begin. */
  #skip(length: number, what: string): number {
    const start = this.offset;
    if (length > this.end - start) throw new ClarityError(`bytes end within ${what}`, this.end);
    this.offset = start + length;
    return start;
  }

  /** 128 bits, big-endian; ints in two's complement. */
  #integer(signed: boolean): number | bigint {
    const start = this.#skip(16, 'an integer');
    const view = this.#view;
    // Nearly all are small: 64 zero bits, then 11, then the 53 that a number holds.
    if (view.getInt32(start) === 0 && view.getInt32(start + 4) === 0) {
      const high = view.getUint32(start + 8);
      if (high < 0x20_0000) return high * 0x1_0000_0000 + view.getUint32(start + 12);
    }
    const high = signed ? view.getBigInt64(start) : view.getBigUint64(start);
    const value = (high << 64n) | view.getBigUint64(start + 8);
    return value < 0n && value >= -9_007_199_254_740_991n ? Number(value) : value;
  }

  #length(what: string): number {
    return this.#view.getUint32(this.#skip(4, `the length of ${what}`));
  }

  #bytesOf(what: string): Buffer {
    const length = this.#length(what);
    const start = this.#skip(length, what);
    return this.bytes.subarray(start, start + length);
  }

  #address(): string {
    const start = this.#skip(PRINCIPAL_BYTES, 'a principal');
    const principal = principalAt(this.#view, start);
    if (principal === undefined) throw new ClarityError('unknown version of a principal', start);
    return principal;
  }

  /** The name of a tuple's field or of a contract. The rules leave no room for `__proto__`. */
  #name(what: string): string {
    const length = this.bytes[this.#skip(1, what)] ?? 0;
    const start = this.#skip(length, what);
    const known = names.find(this.bytes, start, this.offset);
    return known ?? this.#newName(start, what);
  }

  /** From `start` up to where reading is. */
  #newName(start: number, what: string): string {
    const length = this.offset - start;
    if (length === 0 || length > MAX_NAME_LENGTH) throw new ClarityError(`${what} of ${length} characters`, start);
    for (let i = start; i < this.offset; i += 1) {
      if (!NAME_CHARACTERS[this.bytes[i] ?? 0]) throw new ClarityError(`a bad character in ${what}`, i);
    }
    const name = this.bytes.toString('latin1', start, this.offset);
    if (NAME_CHARACTERS[this.bytes[start] ?? 0] !== LETTER && !OPERATORS.has(name)) {
      throw new ClarityError(`${what} that begins with no letter`, start);
    }
    return names.make(this.bytes, start, this.offset);
  }

  #list(depth: number): ClarityValue[] {
    const length = this.#length('a list');
    // Every element takes a byte at least, so a length that lies ends here and reserves nothing.
    if (length > this.end - this.offset) throw new ClarityError('bytes end within a list', this.end);
    const values: ClarityValue[] = [];
    for (let i = 0; i < length; i += 1) values.push(this.value(depth + 1));
    return values;
  }

  #tuple(depth: number): ClarityTuple {
    const length = this.#length('a tuple');
    const fields: Record<string, ClarityValue> = {};
    for (let i = 0; i < length; i += 1) {
      const name = this.#name("a field's name");
      fields[name] = this.value(depth + 1);
    }
    return fields;
  }

  #ascii(): string {
    const length = this.#length('a string');
    const start = this.#skip(length, 'a string');
    const known = texts.find(this.bytes, start, this.offset);
    if (known !== undefined) return known;
    for (let i = start; i < this.offset; i += 1) {
      if ((this.bytes[i] ?? 0) > 0x7f) throw new ClarityError('a character that is not ASCII', i);
    }
    return texts.make(this.bytes, start, this.offset);
  }

  #utf8(): string {
    const text = this.#bytesOf('a string');
    if (!isUtf8(text)) throw new ClarityError('text that is not UTF-8', this.offset - text.length);
    return text.toString('utf8');
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
