import { BACKLOG_BITE, type BatchProcessor } from './batch/processor.js';
import type { Membership } from './cluster/membership.js';
import type { EventLog } from './log/log.js';

/**
 * Whether this process is up to date, and whether it answers viewers. One that writes always does. One of a cluster that
 * follows turns them away until it is ready for the first time, and when it has not been for a while: of another they hear
 * what is so now, here they would be told of a part, or of before, as if it were all.
 */
export interface ReadinessParts {
  readonly log: Pick<EventLog, 'failure'>;
  readonly membership: Pick<Membership, 'part' | 'failure'>;
  readonly processor: Pick<BatchProcessor, 'position' | 'waiting'>;
  /** Log position of the last durable entry, as far as is known here. */
  readonly head: () => number;
  /** Events that make a full batch. */
  readonly batchSize: number;
  /** Whether the log was folded up to where it was at the start. */
  readonly started: () => boolean;
  /** Monotonic milliseconds. */
  readonly stopwatch: () => number;
}

/**
 * Viewers are answered for so long by one that is not ready any more: a large commit that is being folded passes by sooner,
 * or an election of the database's (mostly within 12 s), during which no process could answer them.
 */
export const GRACE_MS = 15_000;
/** How often it is noted whether this process is ready, in ms. */
const NOTE_MS = 500;

export class Readiness {
  readonly #parts: ReadinessParts;
  /** When this process was last ready; undefined before it was for the first time. */
  #readyAtMs: number | undefined;
  #noting: NodeJS.Timeout | undefined;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** Ready: the log is open and the folds are within one batch of it. */
  now(): { readonly ready: boolean; readonly reasons: readonly string[] } {
    const { log, membership, processor, head, batchSize, started, stopwatch } = this.#parts;
    // Less what waits for the next batch: of blocks without many events that is as much as comes in its time.
    const behind = head() - processor.position - processor.waiting;
    const reasons = [
      ...(started() ? [] : ['the log is being folded']),
      ...(log.failure === undefined ? [] : [`the log cannot be written: ${log.failure}`]),
      ...(membership.failure === undefined ? [] : [`the log cannot be followed: ${membership.failure}`]),
      ...(behind > Math.max(batchSize, BACKLOG_BITE) ? [`${behind} entries are not folded yet`] : []),
    ];
    const ready = reasons.length === 0;
    if (ready) this.#readyAtMs = stopwatch();
    return { ready, reasons };
  }

  /** Why viewers are not answered here at present; undefined while they are. */
  refusal(): string | undefined {
    if (this.#parts.membership.part === 'writer') return undefined;
    const { ready, reasons } = this.now();
    const wasReady = this.#readyAtMs !== undefined && this.#parts.stopwatch() - this.#readyAtMs < GRACE_MS;
    return ready || wasReady ? undefined : reasons.join('; ');
  }

  /** Notes from here on when this process is ready, also while nobody asks. */
  start(): void {
    this.#noting = setInterval(() => this.now(), NOTE_MS).unref();
  }

  stop(): void {
    clearInterval(this.#noting);
  }
}
