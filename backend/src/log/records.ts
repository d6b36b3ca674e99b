import { accessSync, constants, existsSync } from 'node:fs';
import { rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { ConfigError } from '../config.js';
import { decodeCommit } from './codec.js';
import { Environment, type Write } from './environment.js';
import { LogFormatError } from './fieldReader.js';
import { FILE, LOCK, openToRead, processesIn } from './lmdbFile.js';

/**
 * A store record by record, for a copy of it: what was durable at one moment, also while another process writes to it,
 * and a new store made of such records. Log and documents are of the same moment.
 */
export type StoredRecord =
  /** A commit by the `seq` of its first entry, packed as `codec.ts` does. */
  | { readonly table: 'commits'; readonly key: number; readonly value: Uint8Array }
  /** A document's JSON by `collection NUL id`. */
  | { readonly table: 'documents'; readonly key: Uint8Array; readonly value: Uint8Array };

export interface FrozenStore {
  /** `seq` of the last log entry. */
  readonly head: number;
  /** Commits in order, then documents. */
  records(): Generator<StoredRecord>;
  close(): Promise<void>;
}

/** Bytes that one transaction writes: one flush for some ten thousand badges. */
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Reads the store in `dir` as it is now. Until it is closed LMDB reuses no page that it may need: the file of a busy
 * service grows meanwhile, by what is written.
 * @throws {LogUnavailableError} when there is no store. @throws {LogFormatError} when a newer version wrote it.
 */
export function freezeStore(dir: string): FrozenStore {
  const { root, commits, documents } = openToRead(dir);
  const transaction = root.useReadTransaction();
  const [last] = [...commits.getRange({ transaction, reverse: true, limit: 1 })];
  return {
    head: last === undefined ? 0 : lastSeqOf(last.key, last.value),
    *records() {
      for (const { key, value } of commits.getRange({ transaction })) yield { table: 'commits', key, value };
      for (const { key, value } of documents.getRange({ transaction })) yield { table: 'documents', key, value };
    },
    async close() {
      transaction.done();
      await root.close();
    },
  };
}

/** @throws {ConfigError} when a process has the store in `dir` open. @throws {LogUnavailableError} when it is damaged. */
export async function expectUnused(dir: string): Promise<void> {
  if (existsSync(join(dir, FILE))) await expectNobodyIn(dir, dir);
}

/**
 * Of a store that is damaged: nobody starts on it, but who did before may still have it open. Its lock tells, which is
 * read with the file of another. Whoever holds it may find that its writes fail from then on, as the two are not of one
 * store: of what it wrote nothing could be opened again.
 * @param whole directory of a store that nobody uses, and that is opened once, with the lock of the damaged one
 * @throws {ConfigError} when a process has the store in `dir` open. @throws {Error} when this user may not look.
 */
export async function expectDamagedUnused(dir: string, whole: string): Promise<void> {
  const [file, lock] = [join(dir, FILE), join(dir, LOCK)];
  accessSync(file, constants.R_OK);
  if (!existsSync(lock)) return;
  // Without the right to write to it LMDB sees nobody there.
  accessSync(lock, constants.R_OK | constants.W_OK);
  await rm(join(whole, LOCK), { force: true });
  await symlink(resolve(lock), join(whole, LOCK));
  await expectNobodyIn(whole, dir);
}

/** @param named the directory to tell of */
async function expectNobodyIn(dir: string, named: string): Promise<void> {
  const { root } = openToRead(dir);
  const [pid] = processesIn(root);
  await root.close();
  if (pid !== undefined) throw new ConfigError(`process ${pid} uses ${resolve(named)}: stop it first`);
}

/**
 * Makes a new store in `dir` of `records`, durable when it resolves.
 * @param reached told the `seq` of the last log entry that is written. @returns it, in the end.
 * @throws {LogFormatError} when a commit cannot be read by this version, or does not follow the one before.
 */
export async function fillStore(
  dir: string,
  records: AsyncIterable<StoredRecord>,
  { logger, reached }: { readonly logger: Logger; readonly reached: (seq: number) => void },
): Promise<number> {
  const environment = await Environment.open(dir, logger);
  let head = 0;
  let batch: StoredRecord[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const records = batch;
    batch = [];
    bytes = 0;
    await environment.write((tables) =>
      records.map((record): Write => ({
        bytes: record.value.length,
        run: () =>
          record.table === 'commits'
            ? tables.commits.put(record.key, Buffer.from(record.value), { append: true })
            : tables.documents.put(record.key, Buffer.from(record.value)),
      })),
    );
    reached(head);
  };
  try {
    for await (const record of records) {
      if (record.table === 'commits') {
        if (record.key !== head + 1) throw new LogFormatError(`entry ${head + 1} of the log is missing`);
        head = lastSeqOf(record.key, record.value);
      }
      batch.push(record);
      if ((bytes += record.value.length) >= BATCH_BYTES) await flush();
    }
    await flush();
  } finally {
    await environment.close();
  }
  return head;
}

function lastSeqOf(seq: number, record: Uint8Array): number {
  return seq + decodeCommit(seq, record).entries.length - 1;
}
