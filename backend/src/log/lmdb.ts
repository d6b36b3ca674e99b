import type { Logger } from 'pino';
import { DEFAULT_APPEND_LIMITS } from './appendQueue.js';
import type { DocumentStore } from './documents.js';
import { Environment } from './environment.js';
import { LmdbDocuments } from './lmdbDocuments.js';
import { LmdbLog } from './lmdbLog.js';
import type { EventLog } from './log.js';

/** The embedded store: the event log and the documents in one LMDB file, `log.mdb`, of one process at a time. */
export interface LmdbStore {
  readonly log: EventLog;
  readonly documents: DocumentStore;
  /** From here on what was appended before is read as it is stored, and not as it was given. */
  forget(): void;
  /** Writes what waits to be written, then closes the file. */
  close(): Promise<void>;
}

export interface LmdbOptions {
  readonly logger: Logger;
  /** Entries that may wait for a flush; default 200,000, some 100 MB. */
  readonly maxPendingEntries?: number;
  /** Entries up to which calls share a commit; default 1,000, some 0.1 MB on disk. */
  readonly maxCommitEntries?: number;
}

/**
 * Opens the store in `dir`, which is made if it is missing.
 * @throws {LogUnavailableError} when the file cannot be opened, {LogFormatError} when a newer version wrote it.
 */
export async function openLmdb(dir: string, { logger, ...limits }: LmdbOptions): Promise<LmdbStore> {
  const environment = await Environment.open(dir, logger);
  try {
    const log = await LmdbLog.open(environment, { ...DEFAULT_APPEND_LIMITS, ...limits }, logger);
    return {
      log,
      documents: new LmdbDocuments(environment),
      forget: () => log.forget(),
      close: async () => {
        await log.close();
        await environment.close();
      },
    };
  } catch (error) {
    await environment.close();
    throw error;
  }
}
