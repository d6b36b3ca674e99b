import { closeSync, existsSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type PutOptions, type RootDatabase } from 'lmdb';
import type { Logger } from 'pino';
import { decodeCommit } from './codec.js';
import { LogUnavailableError } from './log.js';

/**
 * Opens the LMDB file under the log and the documents. A failed open inside `lmdb` 3.5 crashes the process, as does a look
 * at a page beyond the end of the file: what LMDB would trip over is seen beforehand, and refused in words.
 */
export interface Tables {
  /** Commits by the `seq` of their first entry. `put` takes options, which the types of `lmdb` leave out. */
  readonly commits: Omit<Database<Buffer, number>, 'put'> & {
    put(seq: number, record: Buffer, options: PutOptions): Promise<boolean>;
  };
  /** Documents by `collection NUL id`. */
  readonly documents: Database<Buffer, Uint8Array>;
}

export interface OpenFile extends Tables {
  readonly root: RootDatabase<Buffer>;
}

export const FILE = 'log.mdb';
/**
 * Addresses to map the file at, which cost nothing until it grows into them; beyond, `lmdb` maps it anew. By its default
 * it does so all the time and keeps the old maps: a file of 124 MB was resident two and a half times; and it reads values
 * of 16 MB and more through views that it remembers with the length of the map as it was.
 */
const MAP_BYTES = 2 ** 34;

/**
 * Opens the file of `dir` without the right to change it, which is safe while another process writes to it.
 * @throws {LogUnavailableError} when there is none, or none of ours.
 */
export function openToRead(dir: string): OpenFile {
  const path = join(dir, FILE);
  if (!existsSync(path)) throw new LogUnavailableError(`there is no ${path}`);
  return openFile(path, true);
}

/** Opens the file at `path`, made if missing. @throws {LogUnavailableError} that says what is wrong with it. */
export function openFile(path: string, readOnly = false): OpenFile {
  const missing = missingBytes(path, readOnly);
  if (missing > 0) throw cannotOpen(path, `it is cut off: ${missing} bytes are missing`);
  let root: RootDatabase<Buffer> | undefined;
  try {
    root = open<Buffer>({
      path,
      readOnly,
      encoding: 'binary',
      mapSize: MAP_BYTES,
      // A transaction is visible only once it is flushed, and one that fails to flush is gone: no state between.
      overlappingSync: false,
      // Every write here is its own batch. The event-turn batch of `lmdb` has a promise of its own that nobody can
      // catch when a commit fails.
      eventTurnBatching: false,
    });
    return {
      root,
      commits: root.openDB<Buffer, number>('commits', { encoding: 'binary' }) as unknown as Tables['commits'],
      documents: root.openDB<Buffer, Uint8Array>('documents', { encoding: 'binary', keyEncoding: 'binary' }),
    };
  } catch (error) {
    root?.close().catch(() => undefined);
    throw cannotOpen(path, messageOf(error));
  }
}

/**
 * Makes a file whole that lacks only pages which hold nothing: LMDB does not write those at its end that are free. A file
 * that lacks anything else stays as it is.
 * @throws {LogUnavailableError} when what is missing held commits or documents.
 */
export async function fillUp(path: string, logger: Logger): Promise<void> {
  const missing = missingBytes(path);
  if (missing === 0) return;
  const { size } = statSync(path);
  // With zeros in place of what is missing LMDB refuses to read it; without, the process would end with SIGBUS.
  truncateSync(path, size + missing);
  let file: OpenFile | undefined;
  try {
    file = openFile(path);
    for (const { key, value } of file.commits.getRange({})) decodeCommit(key, value);
    for (const { value } of file.documents.getRange({})) JSON.parse(value.toString());
    logger.warn({ file: path, missing }, 'store was shorter than its pages; what was missing held nothing');
  } catch (error) {
    truncateSync(path, size);
    throw cannotOpen(path, `it is cut off: ${missing} bytes with entries are missing (${messageOf(error)})`);
  } finally {
    await file?.root.close();
  }
}

/** Of `MDB_meta` in `mdb.c`, which two pages hold behind the page header; the one of the later transaction counts. */
const META = { magic: 24, pageSize: 48, lastPage: 144, transaction: 152, end: 160 } as const;
const MAGIC = 0xbeefc0de;

/**
 * Bytes between the end of the file and that of the last page that LMDB knows of; 0 when there is no file, or an empty one.
 * @throws {LogUnavailableError} when it cannot be read (or written, unless `readOnly`), or is none of LMDB's.
 */
function missingBytes(path: string, readOnly = false): number {
  if (!existsSync(path)) return 0;
  try {
    const file = openSync(path, readOnly ? 'r' : 'r+');
    try {
      const { size } = fstatSync(file);
      if (size === 0) return 0;
      const first = metaAt(file, 0);
      const second = metaAt(file, first.pageSize);
      const { lastPage } = second.transaction > first.transaction ? second : first;
      return Math.max(0, (lastPage + 1) * first.pageSize - size);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw cannotOpen(path, messageOf(error));
  }
}

function metaAt(file: number, position: number): { pageSize: number; lastPage: number; transaction: number } {
  const page = Buffer.alloc(META.end);
  const length = readSync(file, page, 0, META.end, position);
  if (length < META.end || page.readUInt32LE(META.magic) !== MAGIC)
    throw new Error(position === 0 ? 'it is no LMDB file' : 'its second page is damaged');
  return {
    pageSize: page.readUInt32LE(META.pageSize),
    lastPage: Number(page.readBigUInt64LE(META.lastPage)),
    transaction: Number(page.readBigUInt64LE(META.transaction)),
  };
}

const cannotOpen = (path: string, reason: string): LogUnavailableError =>
  new LogUnavailableError(`cannot open ${path}: ${reason}`);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
