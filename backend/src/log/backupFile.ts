import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Packr } from 'msgpackr';
import { syncDirectory } from './directory.js';
import type { StoredRecord } from './records.js';

/**
 * A store in one file: a line that says what it is, the records compressed, and a line with the SHA-256 of all before
 * it. It appears under its name only when it is whole and on disk; one that was changed or cut off later is refused.
 *
 * `passportx-analytics backup {"format":1,…}\n`, gzip of (length: u32 LE, msgpack `[table, key, value]`)…,
 * `\nsha256 <hex>\n`
 */
export interface BackupHeader {
  /** Raised when the layout of the file changes. */
  readonly format: number;
  /** `seq` of the last log entry in it. */
  readonly seq: number;
  /** When it was taken, ISO 8601 UTC. */
  readonly at: string;
}

/** The file is no backup, not whole, or newer than this version. The message is one line that names it. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export const BACKUP_FORMAT = 1;
const TITLE = 'passportx-analytics backup ';
/** More than any first line needs. */
const MAX_HEADER_BYTES = 1024;
const SEAL = /^\nsha256 ([0-9a-f]{64})\n$/;
const SEAL_BYTES = 73;
const LENGTH_BYTES = 4;
const TABLES = ['commits', 'documents'] as const;

const packr = new Packr({ useRecords: false });

/** Writes `records` to `path`, whole or not at all; readable by its owner only. @throws {BackupError} when `path` exists. */
export async function writeBackup(
  path: string,
  header: Omit<BackupHeader, 'format'>,
  records: Iterable<StoredRecord>,
): Promise<void> {
  expectNew(path);
  // Its own: another backup to the same name may be under way.
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    const title = Buffer.from(`${TITLE}${JSON.stringify({ format: BACKUP_FORMAT, ...header })}\n`);
    await pipeline(
      framed(records),
      createGzip(),
      (chunks: AsyncIterable<Buffer>) => sealed(title, chunks),
      createWriteStream(partial, { mode: 0o600, flush: true }),
    );
    expectNew(path);
    await rename(partial, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

function expectNew(path: string): void {
  if (existsSync(path)) throw new BackupError(`${path} exists already`);
}

/** Reads the whole file once. @throws {BackupError} unless it is whole, and of a format that this version reads. */
export async function checkBackup(path: string): Promise<BackupHeader> {
  const { header, bodyEnd, size } = await ends(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { end: bodyEnd - 1 })) hash.update(chunk as Buffer);
  const [, expected] = SEAL.exec(await textAt(path, bodyEnd, size)) ?? [];
  if (expected === undefined) throw new BackupError(`${path} is cut off: it does not end with its checksum`);
  if (hash.digest('hex') !== expected) throw new BackupError(`${path} is damaged: its content has another checksum`);
  return header;
}

/** The records of a file that was checked, in the order in which they were written. */
export async function* readBackup(path: string): AsyncGenerator<StoredRecord> {
  const { bodyStart, bodyEnd } = await ends(path);
  const body = createReadStream(path, { start: bodyStart, end: bodyEnd - 1 });
  const gunzip = createGunzip();
  const done = pipeline(body, gunzip);
  // Told by the loop as well; here it only must not go uncaught.
  done.catch(() => undefined);
  for await (const frame of frames(gunzip)) yield recordOf(frame);
  await done;
}

interface Ends {
  readonly header: BackupHeader;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly size: number;
}

async function ends(path: string): Promise<Ends> {
  const size = await sizeOf(path);
  const start = await textAt(path, 0, Math.min(size, MAX_HEADER_BYTES));
  const line = start.slice(0, Math.max(0, start.indexOf('\n')));
  if (!line.startsWith(TITLE)) throw new BackupError(`${path} is no backup of this service`);
  const bodyStart = line.length + 1;
  const header = headerIn(line.slice(TITLE.length));
  if (header === undefined) throw new BackupError(`${path} is damaged: its first line cannot be read`);
  if (header.format > BACKUP_FORMAT)
    throw new BackupError(
      `${path} has format ${header.format}, this version reads up to ${BACKUP_FORMAT}: update the service`,
    );
  if (size < bodyStart + SEAL_BYTES) throw new BackupError(`${path} is cut off: it does not end with its checksum`);
  return { header, bodyStart, bodyEnd: size - SEAL_BYTES, size };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path, 'r');
    const { size } = await file.stat().finally(() => file.close());
    return size;
  } catch (error) {
    throw new BackupError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** The bytes from `start` to before `end`, one character a byte. */
async function textAt(path: string, start: number, end: number): Promise<string> {
  const chunks: Buffer[] = [];
  if (end > start)
    for await (const chunk of createReadStream(path, { start, end: end - 1 })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}

function headerIn(text: string): BackupHeader | undefined {
  try {
    const { format, seq, at } = JSON.parse(text) as Partial<Record<keyof BackupHeader, unknown>>;
    return typeof format === 'number' && typeof seq === 'number' && typeof at === 'string'
      ? { format, seq, at }
      : undefined;
  } catch {
    return undefined;
  }
}

function* framed(records: Iterable<StoredRecord>): Generator<Buffer> {
  for (const { table, key, value } of records) {
    const packed = packr.pack([TABLES.indexOf(table), key, value]);
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(packed.length);
    yield Buffer.concat([length, packed]);
  }
}

/** `title`, then what comes, then the checksum of both. */
async function* sealed(title: Buffer, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256').update(title);
  yield title;
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  yield Buffer.from(`\nsha256 ${hash.digest('hex')}\n`);
}

/** Frames as they were written, whatever the chunks in which they come. */
async function* frames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  /** Bytes until the next frame is complete: only then are chunks joined, as one of 40 MB comes in thousands. */
  let needed = LENGTH_BYTES;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < needed) continue;
    let rest = Buffer.concat(waiting);
    for (;;) {
      needed = rest.length < LENGTH_BYTES ? LENGTH_BYTES : LENGTH_BYTES + rest.readUInt32LE();
      if (rest.length < needed) break;
      yield rest.subarray(LENGTH_BYTES, needed);
      rest = rest.subarray(needed);
    }
    waiting = [rest];
    length = rest.length;
  }
}

function recordOf(frame: Buffer): StoredRecord {
  const [table, key, value] = packr.unpack(frame) as [number, unknown, Uint8Array];
  return { table: TABLES[table], key, value } as StoredRecord;
}
