import { join } from 'node:path';
import { Aggregator } from '../../src/analyzers/aggregator.js';
import { derive } from '../../src/batch/derive.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import type { EventLog } from '../../src/log/log.js';
import { Queries } from '../../src/query/queries.js';
import { Current } from '../../src/warehouse/current.js';
import { Warehouse } from '../../src/warehouse/duckdb.js';
import { silent } from '../properties/store.js';

/** The folds and the read model of one log with what is asked of both; `fold` is what a batch does. */
export interface Readers {
  readonly aggregator: Aggregator;
  readonly warehouse: Warehouse;
  readonly queries: Queries;
  /** Folds what the log holds beyond the position. */
  fold(): Promise<void>;
  position(): number;
}

export async function withReaders<T>(dir: string, log: EventLog, work: (readers: Readers) => Promise<T>): Promise<T> {
  const warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 256, logger: silent });
  const aggregator = new Aggregator();
  const blocks = new BlockIndex();
  let position = 0;
  const queries = new Queries({
    folds: aggregator,
    current: new Current(warehouse, log),
    position: () => position,
    ttlMs: 60_000,
    clock: () => 0,
  });
  const fold = async (): Promise<void> => {
    for await (const commit of log.read(position)) {
      aggregator.apply((await derive(commit, blocks, log)).changes);
      position = commit.seq + commit.entries.length - 1;
    }
  };
  try {
    return await work({ aggregator, warehouse, queries, fold, position: () => position });
  } finally {
    await warehouse.close();
  }
}
