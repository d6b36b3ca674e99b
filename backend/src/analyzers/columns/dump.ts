import { pack, unpack } from 'msgpackr';

/**
 * The bytes of a state, in parts: first msgpack of the little that is not numbers, then typed arrays as they lie in memory,
 * in this machine's byte order, and long lists as slices of msgpack. A dump packs nothing but that first part: an array is
 * lent until it is taken, and of whatever changes meanwhile it is kept what was; a slice is packed when it is taken.
 * A reader trusts the layout of its own version, refuses any other, and takes the bytes over: they belong to the restored
 * state.
 */
export interface Part {
  /**
   * The bytes as they were when the dump was made. To be called once: nothing is kept for the part from here on.
   * @param room that they may be copied to, if it is large enough; whoever gives it knows how long they are needed
   */
  take(room?: Uint8Array): Uint8Array;
  /** Whether the bytes are packed when they are taken, which takes half a millisecond. */
  readonly isPacked?: boolean;
  /** It will not be taken, or was. More than once is as good as once. */
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

/** Bytes of one's own out of a dump: for a second state beside the first. */
export function copiesOf(dump: readonly Part[]): Uint8Array[] {
  return dump.map((part) => new Uint8Array(part.take()));
}

/** A part that nobody else holds. */
export const ownPart = (bytes: Uint8Array): Part => ({ take: () => bytes, release: () => undefined });

/** A part of what will not change, packed when it is taken. */
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

  /** Lends an array, whose words `DumpReader.words` gives back. */
  lend(part: Part): void {
    this.#parts.push(part);
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

class Slice implements Part {
  readonly isPacked = true;

  constructor(private readonly items: () => unknown) {}

  take(): Uint8Array {
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
