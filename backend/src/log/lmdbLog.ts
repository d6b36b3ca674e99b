import type { Logger } from 'pino';
import { decodeCommit, encodeCommit } from './codec.js';
import type { Environment, Write } from './environment.js';
import type { Tables } from './lmdbFile.js';
import { LogUnavailableError, type Commit, type EventLog, type LogEntry } from './log.js';

/**
 * The event log in LMDB: one packed record a group commit, keyed by the `seq` of its first entry. A call that fails is
 * refused with everything that waits behind it, and leaves nothing that `head` or a reader would see.
 */
export interface LmdbLogLimits {
  /** Entries that may wait for a flush; a call that would exceed it is refused at once. */
  readonly maxPendingEntries: number;
  /** Calls share a commit up to this many entries; one call is never split. Bounds what a reader holds at a time. */
  readonly maxCommitEntries: number;
}

interface Position {
  readonly seq: number;
  readonly commitSeq: number;
}

interface Call {
  readonly entries: readonly LogEntry[];
  readonly resolve: (position: Position) => void;
  readonly reject: (error: Error) => void;
}

/** There is only ever one writer of a file. */
const TERM = 0;

export class LmdbLog implements EventLog {
  readonly #environment: Environment;
  readonly #limits: LmdbLogLimits;
  readonly #logger: Logger;
  #head: number;
  #calls: Call[] = [];
  #pendingEntries = 0;
  #flushing: Promise<void> | undefined;
  /** The record whose write failed, or is under way. */
  #tried: Buffer | undefined;
  /** Why this process must not append any more: its head is no longer the log's. */
  #superseded: Error | undefined;
  #closed = false;

  /** @throws {LogFormatError} when the last record cannot be read by this version. */
  static async open(environment: Environment, limits: LmdbLogLimits, logger: Logger): Promise<LmdbLog> {
    const newest = await environment.read((tables) => {
      const seq = keyAtOrBelow(tables, Number.MAX_SAFE_INTEGER);
      return seq === undefined ? undefined : load(tables, seq);
    });
    const head = newest === undefined ? 0 : newest.seq + newest.entries.length - 1;
    return new LmdbLog(environment, limits, logger, head);
  }

  private constructor(environment: Environment, limits: LmdbLogLimits, logger: Logger, head: number) {
    this.#environment = environment;
    this.#limits = limits;
    this.#logger = logger;
    this.#head = head;
  }

  get head(): number {
    return this.#head;
  }

  get failure(): string | undefined {
    return this.#superseded?.message ?? this.#environment.failure;
  }

  append(entries: readonly LogEntry[]): Promise<Position> {
    if (entries.length === 0) return Promise.reject(new RangeError('an append needs at least one entry'));
    if (this.#closed) return Promise.reject(new LogUnavailableError('the log is closed'));
    if (this.#superseded !== undefined) return Promise.reject(refusal(this.#superseded));
    const pending = this.#pendingEntries + entries.length;
    if (this.#pendingEntries > 0 && pending > this.#limits.maxPendingEntries)
      return Promise.reject(
        new LogUnavailableError(
          `${this.#pendingEntries} entries wait to be written, ${this.#limits.maxPendingEntries} at most`,
        ),
      );
    this.#pendingEntries = pending;
    return new Promise((resolve, reject) => {
      this.#calls.push({ entries, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  commitAt(commitSeq: number): Promise<Commit | undefined> {
    return this.#environment.read((tables) => (commitSeq > this.#head ? undefined : load(tables, commitSeq)));
  }

  async *read(after: number): AsyncGenerator<Commit> {
    if (after >= this.#head) return;
    const first = await this.#environment.read((tables) => keyAtOrBelow(tables, Math.max(after, 0) + 1));
    for (let seq = first ?? 1; seq <= this.#head;) {
      const commit = await this.#loadKnown(seq);
      yield commit;
      seq += commit.entries.length;
    }
  }

  async *readBackwards(): AsyncGenerator<Commit> {
    for (let last = this.#head; last > 0;) {
      const key = await this.#environment.read((tables) => keyAtOrBelow(tables, last));
      const commit = await this.#loadKnown(key ?? last);
      yield commit;
      last = commit.seq - 1;
    }
  }

  /** Writes what waits, then refuses further appends. The file itself belongs to the environment. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#flushing;
  }

  /** Never rejects: every call learns its own fate. */
  async #flush(): Promise<void> {
    while (this.#calls.length > 0) {
      let group: Call[] = [];
      try {
        const appended = await this.#environment.write((tables) => {
          group = this.#takeGroup();
          return this.#writesFor(tables, group);
        });
        if (!appended) throw this.#supersede();
        this.#acknowledge(group);
      } catch (error) {
        this.#refuse([...group, ...this.#calls.splice(0)], error);
      }
    }
    // In the same step as the last look at the queue: a call that comes now starts the next flush.
    this.#flushing = undefined;
  }

  #takeGroup(): Call[] {
    let entries = 0;
    const beyond = this.#calls.findIndex((call, index) => {
      entries += call.entries.length;
      return index > 0 && entries > this.#limits.maxCommitEntries;
    });
    return this.#calls.splice(0, beyond < 0 ? this.#calls.length : beyond);
  }

  #writesFor(tables: Tables, group: readonly Call[]): Write[] {
    const seq = this.#head + 1;
    const record = encodeCommit(
      TERM,
      group.flatMap((call) => call.entries),
    );
    // A refused commit can have reached the disk after all, if only its last flush failed. It was never acknowledged,
    // so it goes before its place is taken. Anything else found there was acknowledged by another process.
    const isRefused = this.#tried !== undefined && tables.commits.get(seq)?.equals(this.#tried) === true;
    this.#tried = record;
    // `append` packs pages full and reports false when a key at or above `seq` exists.
    const put = (): Promise<boolean> => tables.commits.put(seq, record, { append: true });
    return isRefused ? [() => tables.commits.remove(seq), put] : [put];
  }

  #acknowledge(group: readonly Call[]): void {
    const commitSeq = this.#head + 1;
    this.#tried = undefined;
    for (const call of group) {
      const seq = this.#head + 1;
      this.#head += call.entries.length;
      this.#pendingEntries -= call.entries.length;
      call.resolve({ seq, commitSeq });
    }
  }

  #supersede(): Error {
    this.#superseded = new Error('another process appends to it: stop one of the two');
    this.#logger.error({ head: this.#head, reason: this.#superseded.message }, 'log takes no more appends');
    return this.#superseded;
  }

  /** Why is logged where it is found out, once. */
  #refuse(calls: readonly Call[], cause: unknown): void {
    const error = refusal(cause);
    this.#logger.debug({ calls: calls.length, head: this.#head, reason: error.message }, 'log refused appends');
    for (const call of calls) {
      this.#pendingEntries -= call.entries.length;
      call.reject(error);
    }
  }

  async #loadKnown(seq: number): Promise<Commit> {
    const commit = await this.commitAt(seq);
    if (commit === undefined)
      throw new LogUnavailableError(`the log has no commit at ${seq}, its head is ${this.#head}`);
    return commit;
  }
}

function refusal(cause: unknown): LogUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LogUnavailableError(`the log could not be appended to: ${reason}`, { cause });
}

function load(tables: Tables, seq: number): Commit | undefined {
  const record = tables.commits.get(seq);
  return record === undefined ? undefined : decodeCommit(seq, record);
}

/** Where the commit begins that holds `seq`, if the log reaches so far. */
function keyAtOrBelow(tables: Tables, seq: number): number | undefined {
  const [key] = tables.commits.getKeys({ start: seq, reverse: true, limit: 1 });
  return key;
}
