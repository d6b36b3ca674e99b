/**
 * Reads the cells of a packed record (see `fieldWriter.ts`) one after the other, straight out of its msgpack: a list of all of
 * them would have to be made first, with an object for each id. Checks every cell, never returns a value of another type
 * than was asked for, and never reads beyond the end.
 */

/** A record that this version cannot read: damaged, or written by a newer one. Nothing a caller can repair. */
export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
}

/** Msgpack's marks of what records are written of. The first ones hold a small number, or a length, themselves. */
const MAX_SMALL = 0x7f;
const [SHORT_LIST, MAX_SHORT_LIST] = [0x90, 0x9f];
const [SHORT_TEXT, MAX_SHORT_TEXT] = [0xa0, 0xbf];
const NULL = 0xc0;
const FALSE = 0xc2;
const TRUE = 0xc3;
const BYTES_8 = 0xc4;
const FLOAT_64 = 0xcb;
const UINT_8 = 0xcc;
const UINT_16 = 0xcd;
const UINT_32 = 0xce;
const INT_8 = 0xd0;
const INT_16 = 0xd1;
const INT_32 = 0xd2;
const TEXT_8 = 0xd9;
const TEXT_16 = 0xda;
const TEXT_32 = 0xdb;
const LIST_16 = 0xdc;
const LIST_32 = 0xdd;
const SMALL_NEGATIVE = 0xe0;

export class FieldReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #at = 0;
  /** Number of the cell that is read next, to tell where one is wrong. */
  #cell = 0;
  #table: (string | undefined)[] = [];
  /** Where its strings stand. */
  #starts: readonly number[] = [];

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.#bytes = Buffer.from(buffer, byteOffset, byteLength);
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** The length of a list, of which the items come next; undefined where none begins. */
  list(): number | undefined {
    const mark = this.#bytes[this.#at] ?? NULL;
    if (mark >= SHORT_LIST && mark <= MAX_SHORT_LIST) return this.#after(1, mark - SHORT_LIST);
    if (mark === LIST_16) return this.#after(3, this.#view.getUint16(this.#at + 1));
    return mark === LIST_32 ? this.#after(5, this.#view.getUint32(this.#at + 1)) : undefined;
  }

  /** Reads over the table of `length` strings to which the cells refer that come next: each is made when one does. */
  table(length: number): void {
    const starts: number[] = [];
    for (let place = 0; place < length; place += 1) {
      starts.push(this.#at);
      this.skip(1);
    }
    this.#starts = starts;
    this.#table = new Array<string | undefined>(length).fill(undefined);
    this.#cell = 0;
  }

  /** Reads over so many cells, whatever they hold. */
  skip(cells: number): void {
    for (let i = 0; i < cells; i += 1) this.#cellOf(this.#sizeHere(), undefined);
  }

  number(wanted = 'a number'): number {
    const mark = this.#bytes[this.#at] ?? NULL;
    if (mark <= MAX_SMALL) return this.#cellOf(1, mark);
    const view = this.#view;
    const at = this.#at + 1;
    switch (mark) {
      case UINT_8:
        return this.#cellOf(2, view.getUint8(at));
      case UINT_16:
        return this.#cellOf(3, view.getUint16(at));
      case UINT_32:
        return this.#cellOf(5, view.getUint32(at));
      case FLOAT_64:
        return this.#cellOf(9, view.getFloat64(at));
      case INT_8:
        return this.#cellOf(2, view.getInt8(at));
      case INT_16:
        return this.#cellOf(3, view.getInt16(at));
      case INT_32:
        return this.#cellOf(5, view.getInt32(at));
      default:
        return mark >= SMALL_NEGATIVE ? this.#cellOf(1, mark - 0x100) : this.#fail(wanted);
    }
  }

  flag(): boolean {
    const mark = this.#bytes[this.#at];
    return mark === TRUE || mark === FALSE ? this.#cellOf(1, mark === TRUE) : this.#fail('a flag');
  }

  text(): string {
    return this.#textHere() ?? this.#fail('a text');
  }

  shared(): string {
    const place = this.number();
    return this.#table[place] ?? this.#sharedAt(place);
  }

  decimal(): string {
    return this.#textHere() ?? String(this.number('a decimal'));
  }

  id(): string {
    return this.#bytesHere('base64url') ?? this.#textHere() ?? this.#fail('an id');
  }

  /** Whether the cell stands for an absent value; if so, it is read. */
  absent(): boolean {
    return this.#bytes[this.#at] === NULL && this.#cellOf(1, true);
  }

  #sharedAt(place: number): string {
    const start = this.#starts[place];
    if (start === undefined)
      throw new LogFormatError(`cell ${this.#cell - 1} is ${place}, which the table does not have`);
    const [at, cell] = [this.#at, this.#cell];
    this.#at = start;
    const hash = this.#bytesHere('hex');
    const text = hash === undefined ? this.text() : `0x${hash}`;
    this.#at = at;
    this.#cell = cell;
    this.#table[place] = text;
    return text;
  }

  /** Bytes that the cell takes that begins here. */
  #sizeHere(): number {
    const mark = this.#bytes[this.#at] ?? this.#fail('a cell');
    if (mark <= MAX_SMALL || mark >= SMALL_NEGATIVE) return 1;
    if (mark >= SHORT_TEXT && mark <= MAX_SHORT_TEXT) return 1 + mark - SHORT_TEXT;
    const [view, at] = [this.#view, this.#at + 1];
    switch (mark) {
      case NULL:
      case FALSE:
      case TRUE:
        return 1;
      case UINT_8:
      case INT_8:
        return 2;
      case UINT_16:
      case INT_16:
        return 3;
      case UINT_32:
      case INT_32:
        return 5;
      case FLOAT_64:
        return 9;
      case BYTES_8:
      case TEXT_8:
        return 2 + view.getUint8(at);
      case TEXT_16:
        return 3 + view.getUint16(at);
      case TEXT_32:
        return 5 + view.getUint32(at);
      default:
        return this.#fail('a cell');
    }
  }

  /** The text that begins here; undefined, and nothing is read, where something else does. */
  #textHere(): string | undefined {
    const mark = this.#bytes[this.#at] ?? NULL;
    if (mark >= SHORT_TEXT && mark <= MAX_SHORT_TEXT) return this.#textOf(1, mark - SHORT_TEXT);
    if (mark === TEXT_8) return this.#textOf(2, this.#view.getUint8(this.#at + 1));
    if (mark === TEXT_16) return this.#textOf(3, this.#view.getUint16(this.#at + 1));
    return mark === TEXT_32 ? this.#textOf(5, this.#view.getUint32(this.#at + 1)) : undefined;
  }

  #textOf(head: number, length: number): string {
    const start = this.#at + head;
    this.#cellOf(head + length, undefined);
    return this.#bytes.toString('utf8', start, start + length);
  }

  #bytesHere(encoding: 'hex' | 'base64url'): string | undefined {
    if (this.#bytes[this.#at] !== BYTES_8) return undefined;
    const start = this.#at + 2;
    const length = this.#view.getUint8(start - 1);
    this.#cellOf(2 + length, undefined);
    return this.#bytes.toString(encoding, start, start + length);
  }

  /** Moves on by the bytes of one cell. @returns its value */
  #cellOf<T>(bytes: number, value: T): T {
    this.#cell += 1;
    return this.#after(bytes, value);
  }

  #after<T>(bytes: number, value: T): T {
    this.#at += bytes;
    if (this.#at > this.#bytes.length) throw new LogFormatError('it ends too early');
    return value;
  }

  #fail(wanted: string): never {
    throw new LogFormatError(`cell ${this.#cell} is ${kindOf(this.#bytes[this.#at])} where ${wanted} belongs`);
  }
}

function kindOf(mark: number | undefined): string {
  if (mark === undefined) return 'missing';
  if (mark <= MAX_SMALL || mark >= SMALL_NEGATIVE || (mark >= FLOAT_64 && mark <= INT_32)) return 'number';
  if ((mark >= SHORT_TEXT && mark <= MAX_SHORT_TEXT) || (mark >= TEXT_8 && mark <= TEXT_32)) return 'string';
  return mark === TRUE || mark === FALSE ? 'boolean' : 'object';
}
