import { inspect } from 'node:util';
import { isObject, type JsonObject } from './json.js';

/**
 * Reads the fields of one print, the same from decoded Clarity bytes and from the decoded JSON of a node: `(some x)` is
 * x, `(ok x)` is x, none is null. Nothing is rounded and nothing guessed: a field that is missing or of another kind is
 * a `PrintError` that names it.
 */
export class PrintError extends Error {
  override readonly name = 'PrintError';
  /** @param field name of the print's field, if it is one field's fault. */
  constructor(
    reason: string,
    readonly field?: string,
  ) {
    super(reason);
  }
}

const MAX_UINT = 2n ** 128n - 1n;
const DECIMAL = /^\d{1,39}$/;
/** In UTF-16 units. The longest text that the contracts print, a description, has 256 characters. */
const MAX_TEXT = 4_096;
/** Characters that are told of a wrong text. */
const MAX_SHOWN = 60;
/** What a Clarity value of 1 MiB, the largest there is, can hold of items that take 16 bytes each. */
const MAX_LIST = 65_536;
const LONE_SURROGATE = /\p{Surrogate}/u;
/** c32: version, 20 bytes of hash and 4 of checksum; with the contract's name if it is a contract. */
const PRINCIPAL = /^S[0-9A-HJKMNP-TV-Z]{21,40}(?:\.[a-zA-Z][\w-]{0,127})?$/;

export class PrintFields {
  readonly #tuple: JsonObject;

  /** @throws {PrintError} if `value`, what was printed, is no tuple. */
  constructor(value: unknown) {
    const tuple = unwrap(value);
    if (!isObject(tuple)) throw new PrintError(`the print is no tuple but ${show(value)}`);
    this.#tuple = tuple;
  }

  /** A 128-bit uint as a decimal string. */
  id(name: string): string {
    return toId(this.#tuple[name], name);
  }

  optionalId(name: string): string | undefined {
    return this.#isNone(name) ? undefined : this.id(name);
  }

  /** A small uint as a number. */
  level(name: string): number {
    const digits = this.id(name);
    const level = Number(digits);
    if (!Number.isSafeInteger(level)) throw new PrintError(`${name} is ${digits}, 2^53 or more`, name);
    return level;
  }

  optionalLevel(name: string): number | undefined {
    return this.#isNone(name) ? undefined : this.level(name);
  }

  principal(name: string): string {
    return toPrincipal(this.#tuple[name], name);
  }

  /** A text, or a uint as text: contracts have used both for categories. */
  text(name: string): string {
    const value = unwrap(this.#tuple[name]);
    return typeof value === 'string' ? checkText(value, name) : toId(value, name);
  }

  optionalText(name: string): string | undefined {
    return this.#isNone(name) ? undefined : this.text(name);
  }

  flag(name: string): boolean {
    const value = unwrap(this.#tuple[name]);
    if (typeof value !== 'boolean') throw wrong(value, name, 'bool');
    return value;
  }

  ids(name: string): string[] {
    return this.#list(name).map((item, i) => toId(item, `${name}[${i}]`));
  }

  principals(name: string): string[] {
    return this.#list(name).map((item, i) => toPrincipal(item, `${name}[${i}]`));
  }

  #list(name: string): readonly unknown[] {
    const value = unwrap(this.#tuple[name]);
    if (!Array.isArray(value)) throw wrong(value, name, 'list');
    if (value.length > MAX_LIST) throw new PrintError(`${name} has ${value.length} items, ${MAX_LIST} at most`, name);
    return value;
  }

  #isNone(name: string): boolean {
    const value = this.#tuple[name];
    return value === undefined || value === null;
  }
}

/** `(ok x)`, which both forms give as `{ result: { success: true, value: x } }`, is x. */
function unwrap(value: unknown): unknown {
  if (!isObject(value)) return value;
  const result = value['result'];
  return isObject(result) && result['success'] === true ? result['value'] : value;
}

function toId(item: unknown, name: string): string {
  const value = unwrap(item);
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && value >= 0) return String(value);
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new PrintError(
        `${name} came as the JSON number ${value}, and beyond 2^53 those are not exact: ask the node for raw values`,
        name,
      );
    }
  }
  if (typeof value === 'bigint' && value >= 0n) return value.toString();
  if (typeof value === 'string' && DECIMAL.test(value)) {
    const uint = BigInt(value);
    if (uint <= MAX_UINT) return uint.toString();
  }
  throw wrong(value, name, 'uint');
}

/** Half a character is what no Clarity text holds, and what would come out of the log as another. */
function checkText(text: string, name: string): string {
  if (text.length > MAX_TEXT) throw new PrintError(`${name} has ${text.length} characters, ${MAX_TEXT} at most`, name);
  if (LONE_SURROGATE.test(text)) throw new PrintError(`${name} holds half of a surrogate pair: ${show(text)}`, name);
  return text;
}

function toPrincipal(item: unknown, name: string): string {
  const value = unwrap(item);
  if (typeof value !== 'string' || !PRINCIPAL.test(value)) throw wrong(value, name, 'principal');
  return value;
}

function wrong(value: unknown, name: string, wanted: string): PrintError {
  return value === undefined || value === null
    ? new PrintError(`${name} is missing`, name)
    : new PrintError(`${name} is no ${wanted}: ${show(value)}`, name);
}

/**
 * Enough of a wrong value to recognise it by, in a line and at once: it may fill a whole delivery, and to ask an object of a
 * million fields for the first of their names takes half as long as to read it.
 */
function show(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) {
    const { result } = value;
    return isObject(result) && result['success'] === false ? 'a response that is an error' : 'an object';
  }
  return inspect(value, { breakLength: Infinity, maxStringLength: MAX_SHOWN });
}
