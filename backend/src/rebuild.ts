import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { FoldStateFile } from './batch/foldState.js';
import { BatchProcessor } from './batch/processor.js';
import { ConfigError, readConfig } from './config.js';
import { claimStore } from './log/claim.js';
import { openLmdb } from './log/lmdb.js';
import { expectUnused } from './log/records.js';
import { withProgress } from './progress.js';
import { SnapshotScheduler } from './snapshots/scheduler.js';
import { Snapshots } from './snapshots/snapshot.js';
import { SnapshotStore } from './snapshots/store.js';
import { needEmbedded, paths, WAREHOUSE_MEMORY_MB } from './storage.js';
import { ThreadedWarehouse } from './warehouse/threadedWarehouse.js';

/**
 * `npm run rebuild`: drops everything that is derived (checkpoint, warehouse, what is known of snapshots) and makes it
 * again from the log, which is only read. The service must not be running: the store has one process at a time.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  needEmbedded(config, 'end the process and remove checkpoint and warehouse.duckdb under DATA_DIR, its start rebuilds');
  const { dataDir } = config;
  const logger = pino({ level: 'warn' });
  const where = paths(dataDir);
  if (!existsSync(where.log)) throw new ConfigError(`DATA_DIR holds no log: there is nothing in ${where.log}`);
  const claim = await claimStore(where.log);
  await expectUnused(where.log);
  const store = await openLmdb(where.log, { logger });
  const { log, documents } = store;
  // Before anything is touched, as one process at a time holds it.
  const warehouse = await ThreadedWarehouse.open({
    path: where.warehouse,
    memoryLimitMb: WAREHOUSE_MEMORY_MB,
    log,
    logger: pino({ level: 'silent' }),
  });
  process.stdout.write(`Rebuilding from ${log.head} log entries in ${dataDir}\n`);

  await rm(where.checkpoint, { force: true });
  const checkpoint = new FoldStateFile(where.checkpoint, log, pino({ level: 'silent' }));
  const folds = await checkpoint.load();
  await withProgress('metrics', log.head, async (reached) => {
    const processor = new BatchProcessor(log, folds.blocks, folds.aggregator, 0, {
      size: config.batchSize,
      timeoutMs: config.batchTimeoutMs,
      stopwatch: () => performance.now(),
      logger,
      onBatch: ({ seq }) => reached(seq),
      // Set aside when it came in; here it is only left out again.
      onRejected: () => undefined,
    });
    await processor.start();
    await checkpoint.save(folds);
  });

  await withProgress('warehouse', log.head, (reached) => warehouse.rebuild(log, reached));

  const snapshotStore = new SnapshotStore(documents);
  // What is covered stays known: an hour too old to be taken anew is still corrected.
  const { covered } = await snapshotStore.progress();
  await snapshotStore.saveProgress({ seq: 0, covered });
  const sources = { warehouse, log, store: snapshotStore, clock: Date.now };
  const snapshots = new Snapshots(sources);
  const scheduler = new SnapshotScheduler({ ...sources, snapshots, logger });
  let taken = 0;
  snapshots.onRecorded(() => (taken += 1));
  await scheduler.bringUpToDate();
  process.stdout.write(`snapshots  ${taken} taken again\n`);

  await warehouse.close();
  await store.close();
  await claim.release();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
