import { join } from 'node:path';

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
