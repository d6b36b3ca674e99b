import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type Config } from './config.js';

/** Where things lie under `DATA_DIR`. Everything but the log (and the tokens) is derived and may be lost. */
export function paths(dataDir: string): { log: string; checkpoint: string; warehouse: string; predicates: string } {
  return {
    log: join(dataDir, 'log'),
    checkpoint: join(dataDir, 'checkpoint', 'folds'),
    warehouse: join(dataDir, 'warehouse.duckdb'),
    predicates: join(dataDir, 'predicates'),
  };
}

/** DuckDB's share of memory: enough to sort a day of ten million events, little beside the folds. */
export const WAREHOUSE_MEMORY_MB = 384;

/** Makes `DATA_DIR` if it is missing, for its owner alone. @throws {ConfigError} when nothing can be written there. */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new ConfigError(`DATA_DIR cannot be used: ${(error as NodeJS.ErrnoException).message}`);
  }
}

/** @throws {ConfigError} for a command that works on the files of the embedded store, when the settings name another. */
export function needEmbedded({ cluster }: Pick<Config, 'cluster'>, instead: string): void {
  if (cluster !== undefined)
    throw new ConfigError(`This is for the embedded store, and MONGODB_URI is set: ${instead}`);
}
