import type { Logger } from 'pino';
import { FoldStateFile, type FoldState } from './batch/foldState.js';
import { BlockIndex } from './chain/blocks.js';
import { Intake, type IntakeOptions } from './chain/intake.js';
import { ConfigError, type Config } from './config.js';
import type { EventLog } from './log/log.js';
import { paths, WAREHOUSE_MEMORY_MB } from './storage.js';
import { ThreadedWarehouse } from './warehouse/threadedWarehouse.js';

/** What a service begins with beside its store: all of it is derived from the log, and made anew where it is lost. */
export interface Opened {
  readonly checkpoint: FoldStateFile;
  /** As of the checkpoint. */
  readonly folds: FoldState;
  /** As of the head of the log. */
  readonly intake: Intake;
  readonly warehouse: ThreadedWarehouse;
}

export interface OpeningParts {
  readonly log: EventLog;
  readonly logger: Logger;
  readonly intake: Omit<IntakeOptions, 'log' | 'logger' | 'blocks'>;
}

/**
 * Opens them, the read model beside what is read of checkpoint and log: its thread, DuckDB and what that replays take half
 * a second, nearly all of it elsewhere.
 * @throws {ConfigError} when the log is lost and what was read from it is not.
 */
export async function openDerived(config: Config, { log, logger, ...parts }: OpeningParts): Promise<Opened> {
  const where = paths(config.dataDir);
  const checkpoint = new FoldStateFile(where.checkpoint, log, logger);
  const readState = async (): Promise<Pick<Opened, 'folds' | 'intake'>> => {
    const folds = await checkpoint.load();
    // The intake stands at the head of the log, the folds at theirs: each knows of blocks what is true at its position.
    const blocks = BlockIndex.load(folds.blocks.dump());
    return { folds, intake: await Intake.open({ log, logger, blocks, ...parts.intake }) };
  };
  const [warehouse, { folds, intake }] = await withWarehouse(
    ThreadedWarehouse.open({ path: where.warehouse, memoryLimitMb: WAREHOUSE_MEMORY_MB, log, logger }),
    readState(),
  );
  // Opening has made a damaged read model anew: the checkpoint tells, too.
  const isLogLost = log.head === 0 && (warehouse.seq > 0 || (await checkpoint.isOfEntries()));
  if (isLogLost && config.cluster === undefined)
    throw new ConfigError(
      `The log in ${where.log} is empty, and what was read from it is still there: restore a backup, or remove checkpoint and warehouse.duckdb* under DATA_DIR to begin anew`,
    );
  if (warehouse.seq === 0 && log.head > 0) logger.info({ entries: log.head }, 'read model is empty: it reads the log');
  return { checkpoint, folds, intake, warehouse };
}

/** Both, or neither: ended in the middle of its opening, the thread of DuckDB would abort the process. */
async function withWarehouse<T>(
  opening: Promise<ThreadedWarehouse>,
  work: Promise<T>,
): Promise<[ThreadedWarehouse, T]> {
  const [opened, worked] = await Promise.allSettled([opening, work]);
  if (opened.status === 'rejected') throw opened.reason;
  if (worked.status === 'fulfilled') return [opened.value, worked.value];
  await opened.value.close();
  throw worked.reason;
}
