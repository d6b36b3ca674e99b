import type { OpenRange } from '../analyzers/calendar.js';
import type { AnalyticsSnapshot, Period, SnapshotRecorded, Trend } from '../contract/index.js';
import { Gate } from '../chain/gate.js';
import type { EventLog } from '../log/log.js';
import type { ReadModel } from '../warehouse/readModel.js';
import { derivePeriods, type Derivation } from '../warehouse/periodFigures.js';
import type { PeriodRun } from '../warehouse/spans.js';
import { composeSnapshot } from './compose.js';
import { endOf, PERIOD_MS, startOf } from './periods.js';
import type { SnapshotStore } from './store.js';
import { trendOf, type TrendQuery } from './trends.js';

/**
 * The snapshots: one for each period and period start, derived from the log by way of the read model. A snapshot is as of
 * the end of its period, or of the moment it is taken while the period is open. What is stored is always whole: all
 * figures of a snapshot include the same log position.
 */
export interface SnapshotSources {
  readonly warehouse: ReadModel;
  readonly log: EventLog;
  readonly store: SnapshotStore;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Longest time that a snapshot that is asked for waits for those before it, in ms. */
  readonly maxWaitMs?: number;
}

const MAX_WAIT_MS = 10_000;
/** Snapshots composed and stored at once: some 10 ms on the JavaScript thread. */
const AT_ONCE = 64;

/** Which snapshots are taken, and when: not before the moment that an open period is seen at. */
export interface Taking {
  readonly period: Period;
  readonly run: PeriodRun;
  readonly takenAtMs: number;
}

export class Snapshots {
  readonly #listeners = new Set<(recorded: SnapshotRecorded, seq: number) => void>();
  /** Each holds a connection of the read model and tables of its own. */
  readonly #asked: Gate;
  #turn: Promise<unknown> = Promise.resolve();
  /** What is stored from now on must include this log position. */
  #leastSeq = 0;

  constructor(private readonly sources: SnapshotSources) {
    this.#asked = new Gate({ maxPending: 1, maxWaitMs: sources.maxWaitMs ?? MAX_WAIT_MS });
  }

  /**
   * Takes the snapshot of the period that contains `atMs`, which is not to come; `replaced` if there was one already.
   * @throws {BusyError} when those that were asked for before took too long
   */
  take(period: Period, atMs: number): Promise<{ snapshot: AnalyticsSnapshot; replaced: boolean }> {
    return this.#asked.run(() => this.#take(period, atMs));
  }

  async #take(period: Period, atMs: number): Promise<{ snapshot: AnalyticsSnapshot; replaced: boolean }> {
    const { warehouse, log } = this.sources;
    const { head } = log;
    for (;;) {
      await warehouse.catchUp(log);
      const taken = await derivePeriods(warehouse, startOf(period, atMs), (derivation) =>
        this.inTurn(async () =>
          // Less than that when the scheduler has looked at more of the log since.
          derivation.seq < Math.max(head, this.#leastSeq) ? undefined : this.#takeFrom(derivation, period, atMs),
        ),
      );
      if (taken !== undefined) return taken;
    }
  }

  /** Of the periods that start in these days, newest first. */
  list(query: {
    readonly period: Period;
    readonly limit: number;
    readonly range?: OpenRange;
  }): Promise<AnalyticsSnapshot[]> {
    return this.sources.store.newest(query.period, query.limit, query.range);
  }

  trend(query: TrendQuery): Promise<Trend> {
    return trendOf(this.sources.store, query);
  }

  /**
   * @param listener told of each snapshot that is stored, also of one that replaces an earlier one of its period, and of
   * the log position that it includes
   * @returns how to end that
   */
  onRecorded(listener: (recorded: SnapshotRecorded, seq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks that whatever is stored from now on includes this log position. To be called in a turn. */
  atLeast(seq: number): void {
    this.#leastSeq = Math.max(this.#leastSeq, seq);
  }

  /**
   * Runs `work` when no other writer of snapshots runs. Nobody waits for the read model in a turn: it may wait for all who
   * use it, and they for their turns.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }

  /** Derives and stores snapshots. To be called in a turn. */
  async record({ period, run, takenAtMs }: Taking, derivation: Derivation): Promise<AnalyticsSnapshot[]> {
    const figures = await derivation.figures(run);
    const recorded: AnalyticsSnapshot[] = [];
    while (recorded.length < figures.length) {
      const next = figures.slice(recorded.length, recorded.length + AT_ONCE);
      const snapshots = next.map((of) => composeSnapshot(of, period, derivation.seq, takenAtMs));
      await this.sources.store.put(period, snapshots);
      for (const { timestamp } of snapshots)
        for (const listener of this.#listeners) listener({ period, timestamp }, derivation.seq);
      recorded.push(...snapshots);
    }
    return recorded;
  }

  async #takeFrom(
    derivation: Derivation,
    period: Period,
    atMs: number,
  ): Promise<{ snapshot: AnalyticsSnapshot; replaced: boolean }> {
    const { store, clock } = this.sources;
    const takenAtMs = clock();
    const firstMs = startOf(period, atMs);
    const asOfMs = Math.min(endOf(period, atMs) - 1, takenAtMs);
    const run = { firstMs, lengthMs: PERIOD_MS[period], count: 1, asOfMs };
    const replaced = await store.has(period, firstMs);
    const [snapshot] = await this.record({ period, run, takenAtMs }, derivation);
    if (snapshot === undefined) throw new Error(`no figures of the ${period} period from ${firstMs}`);
    return { snapshot, replaced };
  }
}
