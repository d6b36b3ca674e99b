import { join } from 'node:path';
import type * as AggregatorModule from '../../../backend/src/analyzers/aggregator.js';
import type * as DuckdbModule from '../../../backend/src/warehouse/duckdb.js';
import type * as PeriodFiguresModule from '../../../backend/src/warehouse/periodFigures.js';
import type { EventLog } from '../../../backend/src/log/log.js';
import type { Warehouse } from '../../../backend/src/warehouse/duckdb.js';
import { warnings } from '../../../backend/test/support/warnings.js';
import { percentile } from '../arithmetic.js';
import { built } from '../built.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';
import { changesOf, withLog } from '../openLog.js';

const BATCH = 50;
const READS = 50;
/** Of each rival, of which the median counts. */
const REFRESHES = 5;
const AIMED_EVENTS = 1_000_000;
const RANGE_DAYS = 30;
const MS_PER_DAY = 86_400_000;
const WAREHOUSE_MEMORY_MB = 384;

/** The warehouse is caught up before it is asked: what reading the batch costs it is left out. */
export const allMetrics: Measurement = {
  name: 'all-metrics',
  what: 'all metrics after a batch of 50, beside their recomputation by SQL, and 200 count queries for each refresh',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : AIMED_EVENTS;
    const dataDir = await histories.settled(events);
    const [own, recomputed, counted] = await withLog(join(dataDir, 'log'), async (log) => {
      const foldedMs = await medianAfterBatch(log);
      return [
        foldedMs,
        ...(await withWarehouse(
          join(dataDir, 'warehouse.duckdb'),
          log,
          async (warehouse) =>
            [await median(() => recompute(warehouse)), await median(() => count(warehouse))] as const,
        )),
      ] as const;
    });
    const what = `all metrics after a batch of ${BATCH}, ${events.toLocaleString('en')} events`;
    const size = { measured: events, aimed: AIMED_EVENTS };
    const common = { what, value: own, unit: 'ms', aim: { atMost: 0.01 }, size };
    return [
      { ...common, id: 'all-metrics.sql', beside: { what: 'recomputed by SQL', value: recomputed } },
      { ...common, id: 'all-metrics.counts', beside: { what: '200 count queries', value: counted } },
    ];
  },
};

/** The last batch leaves and comes again; coming again and all that is then read is what is timed. */
async function medianAfterBatch(log: EventLog): Promise<number> {
  const { Aggregator } = await built<typeof AggregatorModule>('analyzers/aggregator.js');
  const changes = await changesOf(log);
  const folds = new Aggregator();
  folds.apply(changes);
  const batch = changes.slice(-BATCH);
  const now = Date.now();
  const today = Math.floor(now / MS_PER_DAY);
  const range = { from: today - RANGE_DAYS + 1, to: today };
  const eachMs = Array.from({ length: READS }, () => {
    folds.apply(batch.map(({ fact }) => ({ fact, weight: -1 })));
    const startedAt = performance.now();
    folds.apply(batch);
    JSON.stringify([
      folds.issuance(range, now),
      folds.community(range, now),
      folds.users(range, now),
      folds.distribution(now),
      folds.metrics(),
      folds.headline(range),
    ]);
    return performance.now() - startedAt;
  });
  return percentile(eachMs, 0.5);
}

async function median(measure: () => Promise<number>): Promise<number> {
  const eachMs: number[] = [];
  for (let n = 0; n < REFRESHES; n += 1) eachMs.push(await measure());
  return percentile(eachMs, 0.5);
}

/** Lends the read model that the service of this history has left. */
async function withWarehouse<T>(path: string, log: EventLog, work: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const { Warehouse } = await built<typeof DuckdbModule>('warehouse/duckdb.js');
  const warehouse = await Warehouse.open({
    path,
    memoryLimitMb: WAREHOUSE_MEMORY_MB,
    logger: warnings,
  });
  try {
    await warehouse.catchUp(log);
    return await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

/** The figures of a snapshot of today, in ms: fewer than all metrics, so the rival has less to do. */
async function recompute(warehouse: Warehouse): Promise<number> {
  const { derivePeriods } = await built<typeof PeriodFiguresModule>('warehouse/periodFigures.js');
  const now = Date.now();
  const run = { firstMs: now - (now % MS_PER_DAY), lengthMs: MS_PER_DAY, count: 1, asOfMs: now };
  const startedAt = performance.now();
  await derivePeriods(warehouse, run.firstMs, ({ figures }) => figures(run));
  return performance.now() - startedAt;
}

/** A query for every day, week and month of a series and for every breakdown, as in the public code, in ms. */
async function count(warehouse: Warehouse): Promise<number> {
  const now = Date.now();
  const spans = [
    ...Array.from({ length: 40 }, () => 1),
    ...Array.from({ length: 12 }, () => 7),
    ...Array.from({ length: 12 }, () => 30),
  ];
  const counts = ['badge_issued', 'badge_revoked', 'member_added'].flatMap((type) =>
    spans.map((days, ago) => {
      const to = now - ago * days * MS_PER_DAY;
      return `SELECT count(*) FROM fact WHERE type = '${type}' AND at_ms >= ${to - days * MS_PER_DAY} AND at_ms < ${to}`;
    }),
  );
  const groups = ['template_id', 'issuer', 'subject', 'level', 'category', 'community_id', 'type', 'actor'].map(
    (column) => `SELECT ${column}, count(*) AS n FROM fact GROUP BY 1 ORDER BY n DESC LIMIT 20`,
  );
  return warehouse.use(async (connection) => {
    const startedAt = performance.now();
    for (const query of [...counts, ...groups]) await connection.rows(query);
    return performance.now() - startedAt;
  });
}
