import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openLmdb, type LmdbStore } from '../../src/log/lmdb.js';
import { SnapshotScheduler } from '../../src/snapshots/scheduler.js';
import { Snapshots } from '../../src/snapshots/snapshot.js';
import { SnapshotStore } from '../../src/snapshots/store.js';
import { Warehouse } from '../../src/warehouse/duckdb.js';

/** Snapshots over a real log and a real read model in a directory of their own, with a clock that stands still. */
export interface SnapshotService {
  readonly store: LmdbStore;
  readonly warehouse: Warehouse;
  readonly documents: SnapshotStore;
  readonly snapshots: Snapshots;
  readonly scheduler: SnapshotScheduler;
  /** `period timestamp` of each snapshot that was stored, in order. */
  readonly recorded: string[];
  /** Sets the clock; ISO 8601. */
  setNow(now: string): void;
  /** Stops without deleting anything. */
  stop(): Promise<void>;
}

export const temporaryDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'passportx-snapshots-'));

export const removeDirectory = (dir: string): Promise<void> => rm(dir, { recursive: true });

export async function startSnapshots(dir: string, now: string): Promise<SnapshotService> {
  const logger = pino({ level: 'silent' });
  const store = await openLmdb(join(dir, 'log'), { logger });
  const warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 64, logger });
  const documents = new SnapshotStore(store.documents);
  let nowMs = Date.parse(now);
  const sources = { warehouse, log: store.log, store: documents, clock: () => nowMs };
  const snapshots = new Snapshots(sources);
  const scheduler = new SnapshotScheduler({ ...sources, snapshots, logger });
  const recorded: string[] = [];
  snapshots.onRecorded(({ period, timestamp }) => recorded.push(`${period} ${timestamp}`));
  return {
    store,
    warehouse,
    documents,
    snapshots,
    scheduler,
    recorded,
    setNow: (moment) => (nowMs = Date.parse(moment)),
    stop: async () => {
      await scheduler.stop();
      await warehouse.close();
      await store.close();
    },
  };
}
