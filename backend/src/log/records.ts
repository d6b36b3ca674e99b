import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { ConfigError } from '../config.js';
import { decodeCommit } from './codec.js';
import { Environment, type Write } from './environment.js';
import { LogFormatError } from './fields.js';
import { FILE, openToRead, processesIn } from './lmdbFile.js';

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

/** @throws {ConfigError} when a process has the store in `dir` open. */
export async function expectUnused(dir: string): Promise<void> {
  if (!existsSync(join(dir, FILE))) return;
  const { root } = openToRead(dir);
  const [pid] = processesIn(root);
  await root.close();
  if (pid !== undefined) throw new ConfigError(`process ${pid} uses ${resolve(dir)}: stop it first`);
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
