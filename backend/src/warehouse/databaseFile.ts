import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { ConfigError } from '../config.js';
import { CREATE_CURRENT_TABLES } from './currentTables.js';
import type { Loaded } from './load.js';
import { ReadModelError } from './readModel.js';
import { CREATE_TABLES, SCHEMA_VERSION } from './schema.js';

/**
 * Opens the file of the read model, or makes it anew: nothing in it is worth more than the log that it comes from. A file
 * that is damaged, foreign or of another schema version is dropped with one log line; one that another process holds is not.
 */
export interface DatabaseFile {
  readonly path: string;
  /** Memory that DuckDB may use, in MB; what needs more goes to `<path>.tmp`. */
  readonly memoryLimitMb: number;
}

/** As much of a logger as is used here. */
export interface WarnLogger {
  warn(fields: object, message: string): void;
}

/** @throws {ConfigError} when another process holds the file, {Error} when not even an empty one can be made. */
export async function openOrRebuild(file: DatabaseFile, logger: WarnLogger): Promise<[DuckDBInstance, Loaded]> {
  try {
    return await openSound(file);
  } catch (error) {
    if (isHeldElsewhere(error)) throw heldElsewhere(file.path, error);
    logger.warn({ path: file.path, err: error }, 'read model dropped, will be rebuilt from the log');
    await removeFile(file.path);
    return openSound(file);
  }
}

export async function removeFile(path: string): Promise<void> {
  for (const name of [path, `${path}.wal`, `${path}.tmp`]) await rm(name, { force: true, recursive: true });
}

/** Values of a join that are looked for in the statistics of the other side one by one, and not as a range; 50 by itself. */
const FEW_VALUES = 5_000;

const SETTINGS = {
  // Its allocator gives back what it no longer needs also while nothing is asked of it, up to tens of MB.
  allocator_background_threads: 'true',
  dynamic_or_filter_threshold: String(FEW_VALUES),
  // By itself after 16 MB of its WAL, which compresses most rows two or three times: see `Warehouse`.
  checkpoint_threshold: '1GB',
};

async function openSound({ path, memoryLimitMb }: DatabaseFile): Promise<[DuckDBInstance, Loaded]> {
  const instance = await DuckDBInstance.create(path, { memory_limit: `${memoryLimitMb}MB`, ...SETTINGS });
  try {
    return [instance, await readPosition(instance)];
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** The position of a read model; makes an empty one in a database without tables. @throws {Error} for any other database. */
async function readPosition(instance: DuckDBInstance): Promise<Loaded> {
  const connection = await instance.connect();
  try {
    const tables = await connection.runAndReadAll('SELECT 1 FROM duckdb_tables()');
    if (tables.currentRowCount === 0)
      await connection.run(['BEGIN', ...CREATE_TABLES, ...CREATE_CURRENT_TABLES, 'COMMIT'].join('; '));
    const meta = await connection.runAndReadAll(
      'SELECT schema_version, seq, last_entry, (SELECT count(*) FROM fact) FROM meta',
    );
    const [version, seq, lastEntry, facts] = meta.getRowsJS()[0] ?? [];
    if (version !== BigInt(SCHEMA_VERSION)) throw new Error(`schema version ${String(version)}, not ${SCHEMA_VERSION}`);
    if (typeof seq !== 'bigint' || typeof lastEntry !== 'string') throw new Error('no position in table meta');
    return { seq: Number(seq), lastEntry, facts: Number(facts) };
  } finally {
    connection.closeSync();
  }
}

/** DuckDB locks its file. Its errors have no code, only a message. */
const isHeldElsewhere = (error: unknown): boolean => String(error).includes('Could not set lock');

function heldElsewhere(path: string, error: unknown): ConfigError {
  const pid = /PID (\d+)/.exec(String(error))?.[1];
  return new ConfigError(
    `DATA_DIR is in use by another process${pid ? ` (${pid})` : ''}, which holds ${path}: stop it first`,
  );
}

/** No room in memory or on the disk: the last is an error of the transaction when a commit meets it. */
const NO_ROOM = /^IO Error|Out of Memory Error|Could not write file/;

/** DuckDB's error as those hear it who can do nothing about it; any other as it is. */
export function heardOf(error: unknown): unknown {
  return isDamage(error) || NO_ROOM.test(messageOf(error))
    ? new ReadModelError(messageOf(error), { cause: error })
    : error;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Errors after which the file cannot be trusted. Checksums are verified as blocks are read, not when the file is opened. */
export const isDamage = (error: unknown): boolean =>
  /Corrupt database|has been invalidated|FATAL Error|INTERNAL Error/.test(String(error));
