import { pack, unpack } from 'msgpackr';

/**
 * The bytes of a state, in parts: first msgpack of the little that is not numbers, then typed arrays as they lie in memory,
 * in this machine's byte order, and long lists as slices of msgpack. Taking a dump packs nothing but that first part: an
 * array is lent until it is released, and whatever changes meanwhile leaves it alone; a slice is packed when it is taken.
 * A reader trusts the layout of its own version, refuses any other, and takes the bytes over: they belong to the restored
 * state.
 */
export interface Part {
  /** To be read once. */
  readonly bytes: Uint8Array;
  /** Whether they are packed when they are read, which takes half a millisecond. */
  readonly isPacked?: boolean;
  /** The bytes are not needed any more, and may change from here on. More than once is as good as once. */
  release(): void;
}

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

/** Bytes of one's own out of a dump, which is released: for a second state beside the first. */
export function copiesOf(dump: readonly Part[]): Uint8Array[] {
  return dump.map((part) => {
    const copy = new Uint8Array(part.bytes);
    part.release();
    return copy;
  });
}

/** A part that nobody else holds. */
export const ownPart = (bytes: Uint8Array): Part => ({ bytes, release: () => undefined });

/** A part of what will not change, packed when it is read. */
export const packedPart = (items: () => unknown): Part => new Slice(items);

/** Items of a list that make a part: as many bytes as a chunk of rows has, packed in half a millisecond. */
const ITEMS_A_PART = 500;

const NAME = 'PassportX analyzers';
/** 1 where the lowest byte comes first. */
const byteOrder = (): number => new Uint8Array(Int32Array.of(1).buffer)[0] ?? 0;

/** What the first part holds. */
type Head = readonly [name: string, byteOrder: number, version: number, values: readonly unknown[]];

export class DumpWriter {
  readonly #values: unknown[] = [];
  readonly #parts: Part[] = [];

  constructor(private readonly version: number) {}

  /** Kept as it is until `finish`, which packs it: for what is small. */
  value(value: unknown): void {
    this.#values.push(value);
  }

  /** Lends the first `count` words of an array, which must not change until it is given back. */
  words(values: Int32Array, count: number, lender: Lender, index: number): void {
    this.#parts.push(new LentWords(values, count, lender, index));
  }

  /**
   * Lends a list, which must not change any more, nor an item of it.
   * @param plainOf what is packed of an item: arrays are packed and read several times faster than objects.
   */
  list<T>(items: readonly T[], plainOf: (item: T) => unknown): void {
    this.value(Math.ceil(items.length / ITEMS_A_PART));
    for (let at = 0; at < items.length; at += ITEMS_A_PART) {
      this.#parts.push(new Slice(() => items.slice(at, at + ITEMS_A_PART).map(plainOf)));
    }
  }

  finish(): Part[] {
    const head: Head = [NAME, byteOrder(), this.version, this.#values];
    return [ownPart(pack(head)), ...this.#parts];
  }
}

/** Who lends arrays. */
export interface Lender {
  /** Nobody else holds the array any more that was lent under this number. */
  giveBack(index: number, values: Int32Array): void;
}

/** A large state lends sixteen thousand of these in one go: they are small, and a view of the bytes is made of one at a time. */
class LentWords implements Part {
  private isLent = true;

  constructor(
    private readonly values: Int32Array,
    private readonly count: number,
    private readonly lender: Lender,
    private readonly index: number,
  ) {}

  get bytes(): Uint8Array {
    return new Uint8Array(this.values.buffer, this.values.byteOffset, this.count * 4);
  }

  release(): void {
    if (this.isLent) this.lender.giveBack(this.index, this.values);
    this.isLent = false;
  }
}

class Slice implements Part {
  readonly isPacked = true;

  constructor(private readonly items: () => unknown) {}

  get bytes(): Uint8Array {
    return pack(this.items());
  }

  release(): void {
    // Its items do not change.
  }
}

export class DumpReader {
  readonly #values: readonly unknown[];
  #nextValue = 0;
  #nextPart = 1;

  /** @throws {Error} when the parts are no dump of this version made on a machine like this one. */
  constructor(
    private readonly parts: readonly Uint8Array[],
    version: number,
  ) {
    const [name, order, found, values] = headOf(parts[0]);
    if (name !== NAME || order !== byteOrder())
      throw new Error('not a state of the analyzers, or of a machine of another byte order');
    if (found !== version) throw new Error(`state of the analyzers has version ${found}, this code reads ${version}`);
    this.#values = values;
  }

  /** What `value` wrote; its type is a promise of the same version, not checked again. */
  value<T>(): T {
    if (this.#nextValue >= this.#values.length) throw new Error('state of the analyzers is cut short');
    return this.#values[this.#nextValue++] as T;
  }

  /** What `list` wrote. */
  list<T>(): T[] {
    const slices = Array.from({ length: this.value<number>() }, () => this.#nextBytes());
    return slices.flatMap((bytes) => unpack(bytes) as T[]);
  }

  /** The next array, which whoever reads may keep and change. */
  words(count: number): Int32Array {
    const bytes = this.#nextBytes();
    if (bytes.length !== count * 4) throw new Error('state of the analyzers is cut short');
    if (bytes.byteOffset % 4 === 0) return new Int32Array(bytes.buffer, bytes.byteOffset, count);
    // A constructor, as `slice` of a Buffer would not copy.
    return new Int32Array(new Uint8Array(bytes).buffer);
  }

  /** @throws {Error} when something is left over. */
  end(): void {
    if (this.#nextValue !== this.#values.length || this.#nextPart !== this.parts.length)
      throw new Error('state of the analyzers is longer than its contents');
  }

  #nextBytes(): Uint8Array {
    const bytes = this.parts[this.#nextPart++];
    if (bytes === undefined) throw new Error('state of the analyzers is cut short');
    return bytes;
  }
}

function headOf(bytes: Uint8Array | undefined): Head {
  try {
    const head: unknown = unpack(bytes ?? new Uint8Array());
    if (Array.isArray(head) && Array.isArray(head[3])) return head as unknown as Head;
  } catch {
    // Said below, as for any other bytes.
  }
  throw new Error('not a state of the analyzers, or of a machine of another byte order');
}
