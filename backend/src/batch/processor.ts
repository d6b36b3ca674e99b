import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import { AHEAD } from '../analyzers/foresight.js';
import type { BlockIndex } from '../chain/blocks.js';
import type { FlushReason, Part } from '../contract/index.js';
import type { Change } from '../events/fact.js';
import { LogUnavailableError, type EventLog } from '../log/log.js';
import { derive, type Derived } from './derive.js';

/**
 * Folds the log into the analyzers in batches: as soon as `size` events wait, or `timeoutMs` after the first one that
 * waits, whichever is first; one batch at a time. What waits lies in the log, not in memory, so a backlog costs nothing
 * but time and is folded in larger bites. A commit is never split: a reorg is seen whole or not at all.
 */
export interface FoldedBatch {
  /** Log position that the analyzers now include. */
  readonly seq: number;
  readonly reason: FlushReason;
  readonly changes: readonly Change[];
  readonly changed: ReadonlySet<Part>;
  readonly reorgs: readonly NonNullable<Derived['reorg']>[];
  /** Time that reading and folding took, in ms. */
  readonly durationMs: number;
}

/** The fold that a batch updates. */
export interface Folds {
  apply(changes: readonly Change[]): ReadonlySet<Part>;
  /** Told of changes that are applied next, `AHEAD` at the most; of few it is not worth the call. */
  foresee?(changes: readonly Change[]): void;
}

export interface BatchOptions {
  /** Events that make a full batch (`ANALYTICS_BATCH_SIZE`). */
  readonly size: number;
  /** Longest wait of the first event of a batch (`ANALYTICS_BATCH_TIMEOUT_MS`). */
  readonly timeoutMs: number;
  /** Monotonic milliseconds, for durations. */
  readonly stopwatch: () => number;
  readonly logger: Logger;
  /** Told of each batch, one at a time and in order; the next one waits for it. */
  readonly onBatch: (batch: FoldedBatch) => void | Promise<void>;
  /** Told of a change that the folds could not take; it is set aside and the batch goes on. */
  readonly onRejected: (change: Change, error: unknown) => void | Promise<void>;
}

/**
 * Entries of one bite when a backlog is drained: large enough to be quick, small enough to answer requests between. With the
 * commit that fills it, which is never split, it comes to twice as many at most, some 20 ms; a delivery that has more by
 * itself is a bite of its own, of 20 µs an entry.
 */
export const BACKLOG_BITE = 1_000;
/**
 * Ms of folding after which a bite has no further commit, however few entries it has: what is folded now may be spread over
 * a state that no cache holds. At a start it may: what is told of each bite would cost as much again.
 */
const BITE_MS = 10;

/** Fewer changes than these are not worth being told of before they are folded. */
const FEW = 8;

/** Between two tries to fold the log at a start, in ms. */
const START_RETRY_MS = 1_000;

export class BatchProcessor {
  readonly #queue = new PQueue({ concurrency: 1 });
  #waiting = { events: 0, entries: 0 };
  #timer: NodeJS.Timeout | undefined;
  #inLine = false;
  #draining = false;
  #starting = false;
  #stopped = false;
  #position: number;

  /** @param position log position that `folds` and `blocks` already include (0, or that of the checkpoint). */
  constructor(
    private readonly log: EventLog,
    private readonly blocks: BlockIndex,
    private readonly folds: Folds,
    position: number,
    private readonly options: BatchOptions,
  ) {
    this.#position = position;
  }

  /** Log position that the analyzers include. */
  get position(): number {
    return this.#position;
  }

  /** Entries of the log, those of blocks included, that wait for the next batch; 0 while one is folded, or due. */
  get waiting(): number {
    return this.#inLine || this.#draining ? 0 : this.#waiting.entries;
  }

  /**
   * Folds what the log holds beyond the checkpoint, or part of it when it is stopped meanwhile. A log that is away is asked
   * again until it is there.
   * @throws when what it says cannot be read.
   */
  async start(): Promise<void> {
    this.#starting = true;
    await this.#foldTheLog().finally(() => (this.#starting = false));
  }

  async #foldTheLog(): Promise<void> {
    while (!this.#stopped) {
      try {
        return await this.#queue.add(() => this.#drain('start'));
      } catch (error) {
        if (!(error instanceof LogUnavailableError)) throw error;
        if (this.#stopped) return;
        this.options.logger.error(
          { err: error, position: this.#position },
          'the log could not be folded, will be tried again',
        );
        await sleep(START_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** Tells that `entries` more are durable, of which `events` are none of blocks. Never throws and never waits. */
  committed(events: number, entries = events): void {
    if (this.#stopped) return;
    this.#waiting.events += events;
    this.#waiting.entries += entries;
    if (this.#waiting.events >= this.options.size) this.#flush('size');
    else this.#timer ??= setTimeout(() => this.#flush('time'), this.options.timeoutMs);
  }

  /** Tells of entries that came another way, as from another process: they have waited there, and are folded at once. */
  followed(): void {
    if (!this.#stopped) this.#flush('time');
  }

  /**
   * Folds what waits and ends; what a start has not come to yet, what cannot be read any more, and what commits afterwards,
   * is folded at the next one. Never rejects.
   */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const starting = this.#starting;
    try {
      await this.#queue.add(async () => starting || this.#drain('shutdown'));
    } catch (error) {
      this.options.logger.error({ err: error, position: this.#position }, 'what waits is folded at the next start');
    }
  }

  #flush(reason: FlushReason): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One flush in line is enough: it takes all that waits when its turn comes.
    if (this.#inLine) return;
    this.#inLine = true;
    this.#queue
      .add(() => {
        this.#inLine = false;
        return this.#drain(reason);
      })
      .catch((error: unknown) => this.#retry(error));
  }

  /** The log could not be read just now (a database that is away): nothing is lost, it is tried again. */
  #retry(error: unknown): void {
    this.options.logger.error({ err: error, position: this.#position }, 'batch failed, will be tried again');
    if (!this.#stopped) this.#timer ??= setTimeout(() => this.#flush('time'), this.options.timeoutMs);
  }

  async #drain(reason: FlushReason): Promise<void> {
    this.#waiting = { events: 0, entries: 0 };
    this.#draining = true;
    let bite = newBite(this.options.stopwatch());
    let bites = 0;
    const emit = async (): Promise<void> => {
      if (bite.seq > 0) await this.#emit(bite, reason === 'size' && bites > 0 ? 'backlog' : reason);
      bites += 1;
      bite = newBite(this.options.stopwatch());
    };
    try {
      for await (const commit of this.log.read(this.#position)) {
        const begunAt = this.options.stopwatch();
        const derived = await derive(commit, this.blocks, this.log);
        const rejections: Rejection[] = [];
        for (const [index, change] of derived.changes.entries()) {
          if (index % AHEAD === 0) this.#foresee(derived.changes.slice(index, index + AHEAD));
          this.#fold(change, bite, rejections);
        }
        if (derived.reorg !== undefined) bite.reorgs.push(derived.reorg);
        this.#position = bite.seq = commit.seq + commit.entries.length - 1;
        bite.entries += commit.entries.length;
        bite.foldingMs += this.options.stopwatch() - begunAt;
        // Only now, as others may read in the meantime: the folds hold the whole commit, under its own position.
        for (const rejection of rejections) await this.#reject(rejection);
        // A commit of blocks alone changes nothing or, when those move, more than it has entries.
        const isFull = Math.max(bite.entries, bite.changes.length) >= BACKLOG_BITE;
        if (!isFull && (reason === 'start' || bite.foldingMs < BITE_MS)) continue;
        await emit();
        if (reason === 'start' && this.#stopped) return;
        await new Promise(setImmediate);
      }
    } finally {
      // Also when the log failed half-way: what is folded is told.
      await emit().finally(() => (this.#draining = false));
    }
  }

  #foresee(changes: readonly Change[]): void {
    if (changes.length < FEW) return;
    try {
      this.folds.foresee?.(changes);
    } catch {
      // Whatever is wrong with one of them is met when that one is folded.
    }
  }

  #fold(change: Change, bite: Bite, rejections: Rejection[]): void {
    try {
      for (const part of this.folds.apply([change])) bite.changed.add(part);
      bite.changes.push(change);
    } catch (error) {
      rejections.push({ change, error });
    }
  }

  async #reject({ change, error }: Rejection): Promise<void> {
    const { fact } = change;
    this.options.logger.error({ err: error, factId: fact.id, type: fact.type }, 'event could not be folded');
    try {
      await this.options.onRejected(change, error);
    } catch (failure) {
      // The log has the fact. To stop here would fold anew what was folded of this commit.
      this.options.logger.error({ err: failure, factId: fact.id }, 'event that could not be folded was not set aside');
    }
  }

  async #emit(bite: Bite, reason: FlushReason): Promise<void> {
    const { seq, changes, changed, reorgs } = bite;
    const durationMs = Math.round((this.options.stopwatch() - bite.startedAt) * 100) / 100;
    await this.options.onBatch({ seq, reason, changes, changed, reorgs, durationMs });
  }
}

/** A change that the folds could not take, and why. */
interface Rejection {
  readonly change: Change;
  readonly error: unknown;
}

interface Bite {
  seq: number;
  /** Of the log. */
  entries: number;
  readonly startedAt: number;
  /** Time that it took without what others did meanwhile, or the log had to be waited for. */
  foldingMs: number;
  readonly changes: Change[];
  readonly changed: Set<Part>;
  readonly reorgs: NonNullable<Derived['reorg']>[];
}

function newBite(startedAt: number): Bite {
  return { seq: 0, entries: 0, startedAt, foldingMs: 0, changes: [], changed: new Set(), reorgs: [] };
}
