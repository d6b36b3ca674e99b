/**
 * Writes serialised Clarity (Stacks improvement proposal 5) straight into one buffer that is used again: a print takes
 * some 2 µs, so that the load generator is not what is measured. A test reads it back with `@stacks/transactions`.
 */
const UINT = 0x01;
const TRUE = 0x03;
const FALSE = 0x04;
const STANDARD_PRINCIPAL = 0x05;
const LIST = 0x0b;
const TUPLE = 0x0c;
const ASCII = 0x0d;
const UTF8 = 0x0e;

/** Far more than a batch of 20 takes, some 900 bytes. */
const CAPACITY = 64 * 1024;

export type Write = (writer: ClarityWriter) => void;

export class ClarityWriter {
  readonly #bytes = Buffer.alloc(CAPACITY);
  #end = 0;

  /** A tuple as hex with `0x`; its fields in the order in which a node writes them, that of their names. */
  tuple(fields: Readonly<Record<string, Write>>): string {
    this.#end = 0;
    const names = Object.keys(fields).sort();
    this.#byte(TUPLE);
    this.#length(names.length);
    for (const name of names) {
      this.#byte(name.length);
      this.#end += this.#bytes.write(name, this.#end, 'latin1');
      fields[name]?.(this);
    }
    return `0x${this.#bytes.toString('hex', 0, this.#end)}`;
  }

  /** @param value below 2^53 */
  uint(value: number): void {
    this.#byte(UINT);
    this.#bytes.fill(0, this.#end, this.#end + 8);
    this.#bytes.writeUInt32BE(Math.floor(value / 2 ** 32), this.#end + 8);
    this.#bytes.writeUInt32BE(value >>> 0, this.#end + 12);
    this.#end += 16;
  }

  /** @param address version and hash, 21 bytes */
  principal(address: Buffer): void {
    this.#byte(STANDARD_PRINCIPAL);
    this.#end += address.copy(this.#bytes, this.#end);
  }

  ascii(text: string): void {
    this.#text(ASCII, text);
  }

  utf8(text: string): void {
    this.#text(UTF8, text);
  }

  flag(value: boolean): void {
    this.#byte(value ? TRUE : FALSE);
  }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.#byte(LIST);
    this.#length(items.length);
    items.forEach(write);
  }

  #text(type: number, text: string): void {
    this.#byte(type);
    this.#length(Buffer.byteLength(text));
    this.#end += this.#bytes.write(text, this.#end);
  }

  #byte(value: number): void {
    this.#end = this.#bytes.writeUInt8(value, this.#end);
  }

  #length(value: number): void {
    this.#end = this.#bytes.writeUInt32BE(value, this.#end);
  }
}
