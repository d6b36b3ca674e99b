import type { Logger } from 'pino';
import { LogUnavailableError, StaleWriterError, type LogEntry } from './log.js';

/**
 * Groups the appends that wait for the same flush, for any store: calls keep their order, one call is never split, and a
 * failure refuses everything that waits behind it, so that what is in the log is always a prefix of what was asked for.
 */
export interface AppendLimits {
  /** Entries that may wait for a flush; a call that would exceed it is refused at once. */
  readonly maxPendingEntries: number;
  /** Calls share a commit up to this many entries; one call is never split. Bounds what a reader folds without a pause. */
  readonly maxCommitEntries: number;
}

export const DEFAULT_APPEND_LIMITS: AppendLimits = { maxPendingEntries: 200_000, maxCommitEntries: 1_000 };

export interface AppendPosition {
  readonly seq: number;
  readonly commitSeq: number;
  /** Where the other commits begin, in order, when a call was too large for one; then it shares none with another call. */
  readonly furtherCommits?: readonly number[];
}

/**
 * The entries of the calls that come next: up to `maxEntries` together, one call at least. Taken again, those of the
 * former group go back first.
 */
export type TakeGroup = (maxEntries: number) => readonly LogEntry[];

interface Call {
  readonly entries: readonly LogEntry[];
  readonly resolve: (position: AppendPosition) => void;
  readonly reject: (error: Error) => void;
}

export class AppendQueue {
  #head: number;
  #calls: Call[] = [];
  #pendingEntries = 0;
  #flushing: Promise<void> | undefined;
  /** Of a refusal that not all whom it was told may have heard of yet. */
  #refusing: LogUnavailableError | undefined;
  #closed = false;

  /**
   * @param head `seq` of the last entry that is durable.
   * @param commit takes a group when it is its turn and makes it durable at `head + 1`; one without entries is to confirm
   * that the log ends at `head`. What it throws refuses the group and all that waits. Resolves with where the commits begin
   * that it has made beside the first, of a call that is too large for one.
   */
  constructor(
    head: number,
    private readonly limits: AppendLimits,
    private readonly logger: Logger,
    private readonly commit: (take: TakeGroup) => Promise<readonly number[]>,
  ) {
    this.#head = head;
  }

  get head(): number {
    return this.#head;
  }

  append(entries: readonly LogEntry[]): Promise<AppendPosition> {
    if (entries.length === 0) return Promise.reject(new RangeError('an append needs at least one entry'));
    if (this.#closed) return Promise.reject(new LogUnavailableError('the log is closed'));
    // It would be written though what was asked for before it is not, which it may build on.
    if (this.#refusing !== undefined) return Promise.reject(this.#refusing);
    const pending = this.#pendingEntries + entries.length;
    if (this.#pendingEntries > 0 && pending > this.limits.maxPendingEntries)
      return Promise.reject(
        new LogUnavailableError(
          `${this.#pendingEntries} entries wait to be written, ${this.limits.maxPendingEntries} at most`,
        ),
      );
    this.#pendingEntries = pending;
    return this.#enqueue(entries);
  }

  /** Resolves after a commit that took place since: of what waits, or of nothing, if nothing does. */
  async confirm(): Promise<void> {
    if (this.#closed) throw new LogUnavailableError('the log is closed');
    await this.#enqueue([]);
  }

  /** Writes what waits, then refuses further appends. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#flushing;
  }

  #enqueue(entries: readonly LogEntry[]): Promise<AppendPosition> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ entries, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Never rejects: every call learns its own fate. */
  async #flush(): Promise<void> {
    while (this.#calls.length > 0) {
      let group: Call[] = [];
      try {
        const furtherCommits = await this.commit((maxEntries) => {
          this.#calls.unshift(...group);
          group = this.#takeGroup(maxEntries);
          return group.flatMap((call) => call.entries);
        });
        this.#acknowledge(group, furtherCommits);
      } catch (error) {
        this.#refuse([...group, ...this.#calls.splice(0)], error);
      }
    }
    // In the same step as the last look at the queue: a call that comes now starts the next flush.
    this.#flushing = undefined;
  }

  #takeGroup(maxEntries: number): Call[] {
    let entries = 0;
    const beyond = this.#calls.findIndex((call, index) => {
      entries += call.entries.length;
      return index > 0 && entries > maxEntries;
    });
    return this.#calls.splice(0, beyond < 0 ? this.#calls.length : beyond);
  }

  #acknowledge(group: readonly Call[], furtherCommits: readonly number[]): void {
    const commitSeq = this.#head + 1;
    for (const call of group) {
      const seq = this.#head + 1;
      this.#head += call.entries.length;
      this.#pendingEntries -= call.entries.length;
      call.resolve({ seq, commitSeq, ...(furtherCommits.length > 0 && { furtherCommits }) });
    }
  }

  /** Why is logged where it is found out, once. */
  #refuse(calls: readonly Call[], cause: unknown): void {
    const error = refusal(cause);
    this.logger.debug({ calls: calls.length, head: this.#head, reason: error.message }, 'log refused appends');
    this.#refusing = error;
    setImmediate(() => (this.#refusing = undefined));
    for (const call of calls) {
      this.#pendingEntries -= call.entries.length;
      call.reject(error);
    }
  }
}

function refusal(cause: unknown): LogUnavailableError {
  if (cause instanceof StaleWriterError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LogUnavailableError(`the log could not be appended to: ${reason}`, { cause });
}
