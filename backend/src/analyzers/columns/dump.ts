import { pack, unpack } from 'msgpackr';

/**
 * The bytes of a state: 32-bit words in this machine's byte order, typed arrays as they are in memory, and msgpack for
 * the little that is not numbers. A reader trusts the layout of its own version, refuses any other, and takes the bytes
 * over: they belong to the restored state.
 */
export interface Stored {
  save(to: DumpWriter): void;
  /** Fills a state that is still empty. */
  restore(from: DumpReader): void;
}

/** Several states as one, always in this order. */
export function together(...parts: readonly Stored[]): Stored {
  return {
    save: (to) => parts.forEach((part) => part.save(to)),
    restore: (from) => parts.forEach((part) => part.restore(from)),
  };
}

/** "PXAS"; on a machine of the other byte order it reads as another number, and the dump is refused. */
const MAGIC = 0x53_41_58_50;

export class DumpWriter {
  readonly #segments: Uint8Array[] = [];
  #size = 0;

  constructor(version: number) {
    this.ints(Int32Array.of(MAGIC, version));
  }

  int(value: number): void {
    this.ints(Int32Array.of(value));
  }

  /** The array itself is kept until `finish`, not copied. */
  ints(values: Int32Array): void {
    this.#push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  value(value: unknown): void {
    const bytes = pack(value);
    this.int(bytes.length);
    this.#push(bytes);
    this.#push(new Uint8Array(-bytes.length & 3));
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#size);
    let at = 0;
    for (const segment of this.#segments) {
      all.set(segment, at);
      at += segment.length;
    }
    return all;
  }

  #push(segment: Uint8Array): void {
    this.#segments.push(segment);
    this.#size += segment.length;
  }
}

export class DumpReader {
  #at = 0;

  /** @throws {Error} when the bytes are not a dump of this version made on a machine like this one. */
  constructor(
    private readonly bytes: Uint8Array,
    version: number,
  ) {
    if (this.int() !== MAGIC) throw new Error('not a state of the analyzers, or of a machine of another byte order');
    const found = this.int();
    if (found !== version) throw new Error(`state of the analyzers has version ${found}, this code reads ${version}`);
  }

  int(): number {
    return this.ints(1)[0] ?? 0;
  }

  /** The next words: a view of the dump where it lies on a word's boundary, so whoever reads may change it. */
  ints(count: number): Int32Array {
    const bytes = this.#take(count * 4);
    if (bytes.byteOffset % 4 === 0) return new Int32Array(bytes.buffer, bytes.byteOffset, count);
    // A constructor, as `slice` of a Buffer would not copy.
    return new Int32Array(new Uint8Array(bytes).buffer);
  }

  /** What `value` wrote; its type is a promise of the same version, not checked again. */
  value<T>(): T {
    const length = this.int();
    const value = unpack(this.#take(length)) as T;
    this.#take(-length & 3);
    return value;
  }

  /** @throws {Error} when something is left over. */
  end(): void {
    if (this.#at !== this.bytes.length) throw new Error('state of the analyzers is longer than its contents');
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (length < 0 || end > this.bytes.length) throw new Error('state of the analyzers is cut short');
    const taken = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
