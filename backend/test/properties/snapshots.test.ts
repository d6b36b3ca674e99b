import { join } from 'node:path';
import fc from 'fast-check';
import type { LogEntry } from '../../src/log/log.js';
import { composeSnapshot } from '../../src/snapshots/compose.js';
import { PERIOD_MS, startOf } from '../../src/snapshots/periods.js';
import { SnapshotScheduler } from '../../src/snapshots/scheduler.js';
import { Snapshots } from '../../src/snapshots/snapshot.js';
import { SnapshotStore } from '../../src/snapshots/store.js';
import { Warehouse } from '../../src/warehouse/duckdb.js';
import { derivePeriods } from '../../src/warehouse/periodFigures.js';
import { PERIODS, type AnalyticsSnapshot, type Period } from '../../src/contract/index.js';
import { canonicalIn, logsAround } from '../generators/logs.js';
import { instantsAround, nows } from '../generators/instants.js';
import { snapshot } from '../reference/snapshot.js';
import { expectSame } from './comparison.js';
import { inDirectory, silent, withStore } from './store.js';

/**
 * Figures of past periods, as the read model derives them from the log, against the reference: for many periods at once,
 * and as the scheduler keeps them while the log goes on and blocks come and go.
 */

// Some seconds each; a busy machine may need many times that.
jest.setTimeout(180_000);
const withWarehouse = <T>(work: (warehouse: Warehouse) => Promise<T>): Promise<T> =>
  inDirectory(async (dir) => {
    const warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 256, logger: silent });
    try {
      return await work(warehouse);
    } finally {
      await warehouse.close();
    }
  });

const withoutStamps = ({ seq: _seq, takenAt: _takenAt, ...rest }: AnalyticsSnapshot) => rest;

/** How many periods of each length are asked for at once. */
const COUNTS: Readonly<Record<Period, number>> = { hourly: 5, daily: 4, weekly: 3 };

interface Case {
  readonly commits: LogEntry[][];
  readonly now: number;
  /** Moment that the last period of each run is seen at. */
  readonly asOfMs: number;
}

const cases: fc.Arbitrary<Case> = nows.chain((now) =>
  fc.record({ commits: logsAround(now), now: fc.constant(now), asOfMs: instantsAround(now) }),
);

describe('figures of past periods', () => {
  it('equal the reference for any log, period and moment', async () => {
    await fc.assert(
      fc.asyncProperty(cases, ({ commits, asOfMs }) =>
        withStore(({ log }) =>
          withWarehouse(async (warehouse) => {
            for (const entries of commits) await log.append(entries);
            await warehouse.catchUp(log);
            const canonical = canonicalIn(commits.flat());
            const firstOf = (period: Period) => startOf(period, asOfMs) - (COUNTS[period] - 1) * PERIOD_MS[period];
            await derivePeriods(warehouse, firstOf('weekly'), async ({ figures }) => {
              for (const period of PERIODS) {
                const run = { firstMs: firstOf(period), lengthMs: PERIOD_MS[period], count: COUNTS[period], asOfMs };
                const taken = (await figures(run)).map((of) => withoutStamps(composeSnapshot(of, period, 0, 0)));
                const expected = taken.map((_, index) =>
                  snapshot(canonical, period, run.firstMs + index * run.lengthMs, asOfMs),
                );
                expectSame(taken, expected);
              }
            });
          }),
        ),
      ),
      { numRuns: 25 },
    );
  });
});

describe('snapshots that are kept while the log goes on', () => {
  it('equal the reference after late facts and reorgs, also those of the open period and those taken on request', async () => {
    const stories = cases.chain(({ commits, now }) =>
      fc.record({
        now: fc.constant(now),
        steps: fc
          .array(fc.record({ pauseMs: fc.nat(20 * 3_600_000), taken: fc.constantFrom(undefined, ...PERIODS) }), {
            minLength: commits.length,
            maxLength: commits.length,
          })
          .map((steps) => steps.map((step, index) => ({ ...step, entries: commits[index] ?? [] }))),
      }),
    );
    await fc.assert(
      fc.asyncProperty(stories, ({ now, steps }) =>
        withStore(({ log, documents }) =>
          withWarehouse(async (warehouse) => {
            // History is short, so that hundreds of periods before it need not be compared.
            const recent = steps.map((step) => ({ ...step, entries: step.entries.map((entry) => within(entry, now)) }));
            let time = now;
            const clock = (): number => time;
            const store = new SnapshotStore(documents);
            const snapshots = new Snapshots({ warehouse, log, store, clock });
            const scheduler = new SnapshotScheduler({ warehouse, log, store, clock, snapshots, logger: silent });
            for (const { pauseMs, taken, entries } of recent) {
              time += pauseMs;
              if (entries.length > 0) await log.append(entries);
              if (taken !== undefined) await snapshots.take(taken, time);
              else await scheduler.bringUpToDate();
            }
            await scheduler.bringUpToDate();
            const canonical = canonicalIn(recent.flatMap(({ entries }) => entries));
            for (const period of PERIODS) {
              const all = await snapshots.list({ period, limit: 1000 });
              expect(startsOf(all, period, time)).toEqual(endedPeriods(period, [now, ...timesOf(recent)], time));
              const kept = all.slice(0, 12);
              const expected = kept.map(({ timestamp, takenAt }) =>
                snapshot(canonical, period, Date.parse(timestamp), Date.parse(takenAt)),
              );
              expectSame(kept.map(withoutStamps), expected);
            }
          }),
        ),
      ),
      { numRuns: 8 },
    );
  });
});

const timesOf = (steps: readonly { entries: readonly LogEntry[] }[]): number[] =>
  steps.flatMap(({ entries }) => entries.flatMap((entry) => (entry.kind === 'fact' ? [entry.fact.atMs] : [])));

/** Starts of the periods that ended by `time`, from the one of the first of `moments` on, oldest first. */
function endedPeriods(period: Period, moments: readonly number[], time: number): string[] {
  const starts: string[] = [];
  let start = startOf(period, Math.min(...moments));
  for (; start + PERIOD_MS[period] <= time; start += PERIOD_MS[period]) starts.push(new Date(start).toISOString());
  return starts;
}

const startsOf = (newestFirst: readonly AnalyticsSnapshot[], period: Period, time: number): string[] =>
  newestFirst
    .map(({ timestamp }) => timestamp)
    .filter((timestamp) => Date.parse(timestamp) + PERIOD_MS[period] <= time)
    .reverse();

/** The entry, with the time of its fact within two days of `now`. */
function within(entry: LogEntry, now: number): LogEntry {
  if (entry.kind !== 'fact') return entry;
  const { fact } = entry;
  return { kind: 'fact', fact: { ...fact, atMs: now + ((fact.atMs - now) % (2 * 86_400_000)) } };
}
