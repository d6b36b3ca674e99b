import { createHash } from 'node:crypto';
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Logger } from 'pino';
import type { Part } from '../analyzers/columns/dump.js';
import { newBytes } from '../analyzers/columns/memory.js';
import { syncDirectory } from '../log/directory.js';

/**
 * The state of the folds at one log position, in a file, so that a start need not read the whole log. It is written
 * beside, flushed and renamed: the file is the old one or the new one, never half of one. A file that is missing,
 * damaged or of another code version loads as undefined, which costs a rebuild and never gives a wrong number.
 *
 * A state of a gigabyte is written and read a megabyte at a time. Of a part its CRC-32 is kept, which finds any damage
 * within 32 bits that follow each other, and all but one in four thousand million of any other: a bad sector, a page of
 * another write, a part in another's place. Who forges one can forge the log beside it, too.
 */
export interface Checkpoint {
  /** Log position that the parts include. */
  readonly seq: number;
  /** Those that were saved, in their order, each in a buffer of its own. */
  readonly parts: readonly Uint8Array[];
}

/**
 * The parts one after the other; the table, of each part its length (u32), its CRC-32 (u32) and 28 zeros; the foot: SHA-256
 * of the table and of what follows (32 bytes), code version (u32), seq (u64), number of parts (u32), name. All little-endian.
 * The zeros stand where former versions have the rest of a SHA-256: the table of either can be read, and so its version told.
 */
const NAME = Buffer.from('PXCP');
const DIGEST_BYTES = 32;
const TABLE_ROW = 4 + 32;
const CRC_AT = 4;
const FOOT = { version: DIGEST_BYTES, seq: DIGEST_BYTES + 4, count: DIGEST_BYTES + 12, name: DIGEST_BYTES + 16 };
const FOOT_BYTES = FOOT.name + NAME.length;

/** Parts that are written or read in one go, and what most of them have. */
const PARTS_AT_ONCE = 16;
const PART_BYTES = 64 * 1024;
/** As many of those are read at a time: one is summed up while another comes. */
const READS = 2;

export class CheckpointFile {
  readonly #path: string;
  readonly #version: number;
  readonly #logger: Logger;

  /** @param version code version of the payload: raised whenever the folds or their dump change meaning. */
  constructor(path: string, version: number, logger: Logger) {
    this.#path = path;
    this.#version = version;
    this.#logger = logger;
  }

  /**
   * Replaces the checkpoint; on disk when it resolves. Calls must not overlap.
   * @param parts taken as there is time to write them, a megabyte at a time.
   */
  async save(seq: number, parts: Iterable<Part>): Promise<void> {
    const directory = dirname(this.#path);
    await mkdir(directory, { recursive: true });
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w');
    try {
      const [table, end] = await writeParts(file, parts);
      const foot = Buffer.alloc(FOOT_BYTES);
      foot.writeUInt32LE(this.#version, FOOT.version);
      foot.writeBigUInt64LE(BigInt(seq), FOOT.seq);
      foot.writeUInt32LE(table.length / TABLE_ROW, FOOT.count);
      NAME.copy(foot, FOOT.name);
      digestOf(table, foot.subarray(DIGEST_BYTES)).copy(foot);
      await writeAll(file, [table, foot], end);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    await syncDirectory(directory);
  }

  /** Whether there is a file, of whatever use it is, but for one that was saved at position 0. */
  async isOfEntries(): Promise<boolean> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path, 'r');
      return (await readTable(file))?.seq !== 0;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'ENOENT';
    } finally {
      await file?.close();
    }
  }

  /** The last checkpoint saved, or undefined with a log line that says why there is none to use. */
  async load(): Promise<Checkpoint | undefined> {
    const refuse = (reason: string): undefined => {
      this.#logger.info({ file: this.#path, reason }, 'no checkpoint to use: everything is folded anew');
      return undefined;
    };
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path, 'r');
      const found = await readTable(file);
      if (found === undefined) return refuse('damaged');
      const { version, seq, table } = found;
      if (version !== this.#version) return refuse(`of code version ${version}, not ${this.#version}`);
      const parts = await readParts(file, table);
      return parts === undefined ? refuse('damaged') : { seq, parts };
    } catch (error) {
      return refuse((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none yet' : String(error));
    } finally {
      await file?.close();
    }
  }
}

/** @returns the table of the parts, and where they end. */
async function writeParts(file: FileHandle, parts: Iterable<Part>): Promise<[Buffer, number]> {
  const rows: Buffer[] = [];
  let end = 0;
  // One at most of those that are packed now: sixteen would hold everybody up.
  const endsBatch = ({ isPacked }: Part): boolean => isPacked === true;
  // Written over by the next batch: memory that is new would cost more than the copy.
  const room = Array.from({ length: PARTS_AT_ONCE }, () => new Uint8Array(PART_BYTES));
  for (const batch of batchesOf(parts, endsBatch)) {
    const start = end;
    const taken = batch.map((part, at) => {
      const bytes = part.take(room[at]);
      const row = Buffer.alloc(TABLE_ROW);
      row.writeUInt32LE(bytes.length);
      row.writeUInt32LE(crc32(bytes), CRC_AT);
      rows.push(row);
      end += bytes.length;
      return bytes;
    });
    await writeAll(file, taken, start);
  }
  return [Buffer.concat(rows), end];
}

interface Table {
  readonly version: number;
  readonly seq: number;
  readonly table: Buffer;
}

/** Undefined when the file is none that `save` has written to its end. */
async function readTable(file: FileHandle): Promise<Table | undefined> {
  const { size } = await file.stat();
  if (size < FOOT_BYTES) return undefined;
  const foot = Buffer.alloc(FOOT_BYTES);
  await readAll(file, [foot], size - FOOT_BYTES);
  const length = foot.readUInt32LE(FOOT.count) * TABLE_ROW;
  if (!foot.subarray(FOOT.name).equals(NAME) || length > size - FOOT_BYTES) return undefined;
  const table = Buffer.alloc(length);
  const start = size - FOOT_BYTES - length;
  await readAll(file, [table], start);
  if (!digestOf(table, foot.subarray(DIGEST_BYTES)).equals(foot.subarray(0, DIGEST_BYTES))) return undefined;
  if (placesIn(table).reduce((sum, { length: bytes }) => sum + bytes, 0) !== start) return undefined;
  return { version: foot.readUInt32LE(FOOT.version), seq: Number(foot.readBigUInt64LE(FOOT.seq)), table };
}

/** Undefined when one of them is not what was written. */
async function readParts(file: FileHandle, table: Buffer): Promise<Uint8Array[] | undefined> {
  const parts: Uint8Array[] = [];
  let isWhole = true;
  await eachOf(batchesOf(placesIn(table)), READS, async (batch) => {
    if (!isWhole) return;
    // Each in memory of its own, which is free again as soon as the state has let go of that part.
    const read = batch.map((place) => ({ ...place, bytes: newBytes(place.length) }));
    const all = read.map(({ bytes }) => bytes);
    await readAll(file, all, read[0]?.start ?? 0);
    for (const { index, crc, bytes } of read) {
      parts[index] = bytes;
      if (crc32(bytes) !== crc) isWhole = false;
    }
  });
  return isWhole ? parts : undefined;
}

interface Place {
  readonly index: number;
  readonly start: number;
  readonly length: number;
  readonly crc: number;
}

function placesIn(table: Buffer): Place[] {
  let end = 0;
  return Array.from({ length: table.length / TABLE_ROW }, (_, index) => {
    const row = table.subarray(index * TABLE_ROW, (index + 1) * TABLE_ROW);
    const length = row.readUInt32LE();
    const start = end;
    end += length;
    return { index, start, length, crc: row.readUInt32LE(CRC_AT) };
  });
}

/** @param endsBatch whether an item is the last of its batch, however few that has */
function* batchesOf<T>(items: Iterable<T>, endsBatch: (item: T) => boolean = () => false): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < PARTS_AT_ONCE && !endsBatch(item)) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Runs `work` on each item, taken in order, `atOnce` at a time. When one fails no more are taken; it rejects when those
 * under way have ended, so that nothing goes on with a file that is closed.
 */
async function eachOf<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    try {
      while (!failed) {
        const next = left.next();
        if (next.done === true) return;
        await work(next.value);
      }
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}

async function writeAll(file: FileHandle, all: readonly Uint8Array[], start: number): Promise<void> {
  let at = start;
  for (let left = after(0, all); left.length > 0;) {
    const { bytesWritten } = await file.writev(left, at);
    at += bytesWritten;
    left = after(bytesWritten, left);
  }
}

/** @throws {Error} when the file ends before. */
async function readAll(file: FileHandle, into: readonly Uint8Array[], start: number): Promise<void> {
  let at = start;
  for (let left = after(0, into); left.length > 0;) {
    const { bytesRead } = await file.readv(left, at);
    if (bytesRead === 0) throw new Error('the file became shorter');
    at += bytesRead;
    left = after(bytesRead, left);
  }
}

/** What lies after the first `done` bytes of several arrays. */
function after(done: number, arrays: readonly Uint8Array[]): Uint8Array[] {
  let start = 0;
  return arrays.flatMap((bytes) => {
    const left = bytes.subarray(Math.max(0, done - start));
    start += bytes.length;
    return left.length === 0 ? [] : [left];
  });
}

function digestOf(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
