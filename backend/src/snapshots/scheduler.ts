import type { Logger } from 'pino';
import { PERIODS, type Period } from '../contract/snapshots.js';
import { LogUnavailableError } from '../log/log.js';
import { changesSince, type ChangesSince } from '../warehouse/changesSince.js';
import { derivePeriods, type Derivation } from '../warehouse/periodFigures.js';
import { endOf, PERIOD_MS, startOf } from './periods.js';
import { planSnapshots, slicesOf, type Plan } from './plan.js';
import type { Snapshots, SnapshotSources } from './snapshot.js';

/**
 * Keeps the snapshots complete and right: takes each at its period's end, on start those that were missed, and again what
 * a late block or a reorg has touched, which is right again after two passes and `MAX_REST_MS` at most. What is pending is
 * what the log holds beyond the progress that is stored with the snapshots, so a crash at any moment loses none of it. It
 * works beside the service, never before an answer.
 */
export interface SchedulerOptions extends SnapshotSources {
  readonly snapshots: Snapshots;
  readonly logger: Logger;
}

/** Every period ends at a full hour. */
const TICK: Period = 'hourly';
/**
 * Snapshots derived at once: each time the spans are gone through once, some 0.3 s for a million events. What this holds in
 * memory is within DuckDB's share, or beside its file, at ten million.
 */
const SLICE = 128;
/**
 * Rest after a pass that a late block asked for, as a multiple of its duration: late blocks in a row cost a tenth of the
 * time at most,
 */
const REST = 9;
/** unless a pass is long, as of a long history or on a machine that is busy: snapshots are not stale for minutes then. */
const MAX_REST_MS = 20_000;
/**
 * Nothing late has come for so long, in ms, when a pass begins: of a history that is delivered the same snapshots would be
 * taken again and again, at the cost of a quarter of all that it takes. It waits no longer for that than it may rest.
 */
const CALM_MS = 500;
/** Wait before a failed pass is tried again, ms. */
const RETRY_MS = 60_000;

export class SnapshotScheduler {
  readonly #upSinceMs: number;
  readonly #forget: () => void;
  #started = false;
  #stopped = false;
  #tick: NodeJS.Timeout | undefined;
  #nextPass: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #passing = false;
  #failing = false;
  /** Asked for while a pass ran. */
  #again = false;
  /** What asked for the pass that comes next was late: not the start, nor a period's end. */
  #late = false;
  #restUntilMs = 0;
  #calmFromMs = 0;
  /** When the pass that comes next was asked for first. */
  #askedMs: number | undefined;
  /** End of the last period of which a snapshot is stored: what is touched before it is stale. Not known before a look. */
  #lastEndMs = Number.POSITIVE_INFINITY;
  /** Log positions: what was told, the last of it that made a snapshot stale, and what the last pass included. */
  #toldSeq = 0;
  #staleSeq = 0;
  #passedSeq: number | undefined;

  constructor(private readonly options: SchedulerOptions) {
    this.#upSinceMs = options.clock();
    this.#forget = options.snapshots.onRecorded(({ period, timestamp }, seq) => {
      const endMs = endOf(period, Date.parse(timestamp));
      this.#lastEndMs = Math.max(this.#lastEndMs, endMs);
      // Of an open period there was none to be stale when more was told while this one was derived.
      if (seq < this.#toldSeq && endMs > options.clock()) this.#becameStale();
    });
  }

  /** Log position up to which every snapshot that is stored is right; 0 before the first pass. */
  get seq(): number {
    if (this.#passedSeq === undefined) return 0;
    return this.#passedSeq < this.#staleSeq ? this.#passedSeq : Math.max(this.#passedSeq, this.#toldSeq);
  }

  /** Takes what is missing, and from now on what becomes so. Returns at once. */
  start(): void {
    this.#started = true;
    // What was told while the log was folded is no later than what the first pass asks for.
    this.#late = false;
    this.#armTick();
    this.#ask();
  }

  /**
   * Tells that the log is folded up to `seq`, and that the earliest fact which came or went since it last told was of event
   * time `atMs`: late for a snapshot that is stored, or of a history that is only now delivered, of whose ended periods
   * there is none yet. Cheap, never throws and never waits.
   */
  touched(atMs: number, seq: number): void {
    this.#toldSeq = seq;
    if (atMs < Math.max(this.#lastEndMs, startOf(TICK, this.options.clock()))) this.#becameStale();
  }

  /** Ends after the slice that is being taken; what is left is done at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forget();
    clearTimeout(this.#tick);
    clearTimeout(this.#nextPass);
    await this.#running;
  }

  /** Takes all that is missing or stale now. */
  async bringUpToDate(): Promise<void> {
    const { warehouse, store, clock, logger } = this.options;
    const startedMs = clock();
    const { changes, plan } = await this.#look();
    const stale = changes.touchedMs !== null && changes.touchedMs < this.#lastEndMs;
    if (stale || plan.runs.length > 0) {
      const sinceMs = Math.min(startOf('weekly', clock()), ...plan.runs.map(({ run }) => run.firstMs));
      const taken = await derivePeriods(warehouse, sinceMs, (derivation) => {
        expectWhole(derivation.seq, changes.seq);
        return this.#take(plan, changes, derivation);
      });
      if (this.#stopped) return;
      if (taken > 0) logger.info({ taken, seq: changes.seq, durationMs: clock() - startedMs }, 'snapshots taken');
    }
    await store.saveProgress({ seq: changes.seq, covered: plan.covered });
    this.#passedSeq = changes.seq;
  }

  /** What has changed since the snapshots were last brought up to date, and what is to be taken for it. */
  async #look(): Promise<{ changes: ChangesSince; plan: Plan }> {
    const { warehouse, log, store, snapshots, clock } = this.options;
    const { head } = log;
    await warehouse.catchUp(log);
    const { seq, covered } = await store.progress();
    // A log that was restored from an older copy: nothing is known of what the snapshots include.
    const changes = await changesSince(warehouse, seq > warehouse.seq ? 0 : seq);
    expectWhole(changes.seq, head);
    // In a turn: a snapshot that is being derived from less of the log is stored by then and seen here, or derived again.
    await snapshots.inTurn(async () => {
      this.#lastEndMs = await store.lastEndMs();
      snapshots.atLeast(changes.seq);
    });
    return {
      changes,
      plan: planSnapshots({ nowMs: clock(), upSinceMs: this.#upSinceMs, covered, ...changes }),
    };
  }

  /** @returns how many were taken */
  async #take(plan: Plan, { touchedMs }: ChangesSince, derivation: Derivation): Promise<number> {
    const { snapshots, clock } = this.options;
    let taken = 0;
    for (const { period, run } of plan.runs) {
      for (const slice of slicesOf(run, SLICE)) {
        if (this.#stopped) return taken;
        await snapshots.inTurn(() => snapshots.record({ period, run: slice, takenAtMs: clock() }, derivation));
        taken += slice.count;
      }
    }
    for (const period of touchedMs === null ? [] : PERIODS) {
      if (await snapshots.inTurn(() => this.#takeOpen(period, touchedMs ?? 0, derivation))) taken += 1;
    }
    return taken;
  }

  /** Takes the snapshot of the open period again, if there is one and the touched moment is not after the period. */
  async #takeOpen(period: Period, touchedMs: number, derivation: Derivation): Promise<boolean> {
    const { snapshots, store, clock } = this.options;
    const takenAtMs = clock();
    const firstMs = startOf(period, takenAtMs);
    if (touchedMs >= endOf(period, takenAtMs) || !(await store.has(period, firstMs))) return false;
    const run = { firstMs, lengthMs: PERIOD_MS[period], count: 1, asOfMs: takenAtMs };
    await snapshots.record({ period, run, takenAtMs }, derivation);
    return true;
  }

  #armTick(): void {
    const { clock } = this.options;
    this.#tick = setTimeout(
      () => {
        this.#armTick();
        // A period's end waits neither for the rest after the pass before nor for calm.
        this.#restUntilMs = 0;
        this.#calmFromMs = 0;
        this.#ask();
      },
      endOf(TICK, clock()) - clock(),
    );
  }

  #becameStale(): void {
    this.#staleSeq = this.#toldSeq;
    this.#late = true;
    this.#calmFromMs = this.options.clock() + CALM_MS;
    this.#ask();
  }

  /** One pass takes all that is pending, so asking often costs no more than asking once. The first comes with the start. */
  #ask(): void {
    if (!this.#started || this.#stopped) return;
    if (this.#passing) {
      this.#again = true;
      return;
    }
    const nowMs = this.options.clock();
    this.#askedMs ??= nowMs;
    const beginMs = Math.max(this.#restUntilMs, Math.min(this.#calmFromMs, this.#askedMs + MAX_REST_MS));
    clearTimeout(this.#nextPass);
    this.#nextPass = setTimeout(() => this.#pass(), Math.max(0, beginMs - nowMs));
  }

  #pass(): void {
    const { clock, logger } = this.options;
    this.#askedMs = undefined;
    this.#passing = true;
    const late = this.#late;
    this.#late = false;
    const startedMs = clock();
    this.#running = this.bringUpToDate()
      .then(() => {
        this.#failing = false;
        if (late) this.#restUntilMs = clock() + Math.min(REST * (clock() - startedMs), MAX_REST_MS);
      })
      .catch((error: unknown) => {
        // What it read from is closed already.
        if (this.#stopped) return;
        // A store that takes no writes has said so itself; another failure is told once, until a pass ends well.
        const level = error instanceof LogUnavailableError || this.#failing ? 'debug' : 'error';
        this.#failing ||= level === 'error';
        logger[level]({ err: error }, 'snapshots could not be taken, will be tried again');
        this.#restUntilMs = clock() + RETRY_MS;
        this.#again = true;
      })
      .then(() => {
        this.#passing = false;
        const again = this.#again;
        this.#again = false;
        if (again) this.#ask();
      });
  }
}

/** @throws {Error} when the read model was dropped and could not be read again: snapshots of a part would replace those of all. */
function expectWhole(seq: number, least: number): void {
  if (seq < least) throw new Error(`the read model holds the log up to ${seq} only, ${least} at least is needed`);
}
