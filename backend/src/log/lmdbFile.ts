import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Database, type PutOptions, type RootDatabase } from 'lmdb';
import { giveToOwner } from './directory.js';
import { missingBytes } from './lmdbPages.js';
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
/** LMDB's own, beside it: who has it open. */
export const LOCK = `${FILE}-lock`;
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
  const lock = join(dir, LOCK);
  const isNew = !existsSync(lock);
  const file = openFile(path, true);
  // LMDB makes it for readers, too.
  if (isNew && existsSync(lock)) giveToOwner(dir, lock);
  return file;
}

/** Opens the file at `path`, made if missing. @throws {LogUnavailableError} that says what is wrong with it. */
export function openFile(path: string, readOnly = false): OpenFile {
  expectWhole(path, readOnly);
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

/** Ids of the processes that have the file open and have read it. */
export function processesIn(root: RootDatabase<Buffer>): number[] {
  // A process that was killed leaves its place in LMDB's table of readers; its lock on it is gone.
  root.readerCheck();
  const readers = [...root.readerList().matchAll(/^ *(\d+) [0-9a-f]+ /gm)];
  return [...new Set(readers.map(([, pid]) => Number(pid)))];
}

/** @throws {LogUnavailableError} when it cannot be read (or written, unless `readOnly`), is none of LMDB's, or is cut off. */
function expectWhole(path: string, readOnly: boolean): void {
  if (!existsSync(path)) return;
  // LMDB would map it to read, and the process end with the first page.
  if (readOnly && statSync(path).size === 0) throw cannotOpen(path, 'it is empty');
  let missing: number;
  try {
    const file = openSync(path, readOnly ? 'r' : 'r+');
    try {
      missing = missingBytes(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw cannotOpen(path, messageOf(error));
  }
  if (missing > 0) throw cannotOpen(path, `it is cut off: ${missing} bytes are missing`);
}

const cannotOpen = (path: string, reason: string): LogUnavailableError =>
  new LogUnavailableError(`cannot open ${path}: ${reason}`);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
