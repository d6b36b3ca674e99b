import type { Logger } from 'pino';
import { AppendQueue, type AppendLimits, type AppendPosition } from './appendQueue.js';
import { encodeCommit, storedCommit } from './codec.js';
import type { Environment, Write } from './environment.js';
import type { Tables } from './lmdbFile.js';
import { countOf, LogUnavailableError, type Commit, type EventLog, type LogEntry } from './log.js';
import { RecentCommits } from './recentCommits.js';

/**
 * The event log in LMDB: one packed record a group commit, keyed by the `seq` of its first entry. A call that fails is
 * refused with everything that waits behind it, and leaves nothing that `head` or a reader would see.
 */

/** There is only ever one writer of a file. */
const TERM = 0;

export class LmdbLog implements EventLog {
  readonly #environment: Environment;
  readonly #logger: Logger;
  readonly #queue: AppendQueue;
  readonly #recent = new RecentCommits();
  /**
   * The record whose write is under way or failed last, last in the list; before it one that failed earlier and was found on
   * disk all the same, until a commit has taken its place.
   */
  #tried: readonly Buffer[] = [];
  /** Why this process must not append any more: its head is no longer the log's. */
  #superseded: Error | undefined;

  /** @throws {LogFormatError} when the last record cannot be read by this version. */
  static async open(environment: Environment, limits: AppendLimits, logger: Logger): Promise<LmdbLog> {
    const newest = await environment.read((tables) => {
      const seq = keyAtOrBelow(tables, Number.MAX_SAFE_INTEGER);
      return seq === undefined ? undefined : load(tables, seq);
    });
    const head = newest === undefined ? 0 : newest.seq + newest.entries.length - 1;
    return new LmdbLog(environment, limits, logger, head);
  }

  private constructor(environment: Environment, limits: AppendLimits, logger: Logger, head: number) {
    this.#environment = environment;
    this.#logger = logger;
    this.#queue = new AppendQueue(head, limits, logger, async (take) => {
      if (this.#superseded !== undefined) throw this.#superseded;
      let entries: readonly LogEntry[] = [];
      const appended = await environment.write((tables) => {
        entries = take(limits.maxCommitEntries);
        return this.#writesFor(tables, entries);
      });
      if (!appended) throw this.#supersede();
      const record = this.#tried.at(-1);
      this.#tried = [];
      this.#recent.add({
        seq: this.head + 1,
        term: TERM,
        entries,
        count: entries.length,
        ...(record !== undefined && { record }),
      });
      return [];
    });
  }

  get head(): number {
    return this.#queue.head;
  }

  get failure(): string | undefined {
    return this.#superseded?.message ?? this.#environment.failure;
  }

  append(entries: readonly LogEntry[]): Promise<AppendPosition> {
    return this.#queue.append(entries);
  }

  /** Nobody else writes to the file, and nothing is told of an append before it is durable. */
  confirm(): Promise<void> {
    return Promise.resolve();
  }

  /** From here on what was appended before is read as it is stored, and not as it was given. */
  forget(): void {
    this.#recent.clear();
  }

  async commitAt(commitSeq: number): Promise<Commit | undefined> {
    const recent = commitSeq > this.head ? undefined : this.#recent.get(commitSeq);
    if (recent !== undefined) return recent;
    return this.#environment.read((tables) => (commitSeq > this.head ? undefined : load(tables, commitSeq)));
  }

  async *read(after: number): AsyncGenerator<Commit> {
    if (after >= this.head) return;
    const first = await this.#environment.read((tables) => keyAtOrBelow(tables, Math.max(after, 0) + 1));
    for (let seq = first ?? 1; seq <= this.head;) {
      const commit = await this.#loadKnown(seq);
      yield commit;
      seq += countOf(commit);
    }
  }

  async *readBackwards(): AsyncGenerator<Commit> {
    for (let last = this.head; last > 0;) {
      const key = await this.#environment.read((tables) => keyAtOrBelow(tables, last));
      const commit = await this.#loadKnown(key ?? last);
      yield commit;
      last = commit.seq - 1;
    }
  }

  /** Writes what waits, then refuses further appends. The file itself belongs to the environment. */
  async close(): Promise<void> {
    await this.#queue.close();
    this.forget();
  }

  #writesFor(tables: Tables, entries: readonly LogEntry[]): Write[] {
    const seq = this.head + 1;
    const record = encodeCommit(TERM, entries);
    // A refused commit can have reached the disk after all, if only its last flush failed. It was never acknowledged,
    // so it goes before its place is taken. Anything else found there was acknowledged by another process.
    const found = tables.commits.get(seq);
    const refused = found && this.#tried.find((tried) => found.equals(tried));
    this.#tried = refused === undefined ? [record] : [refused, record];
    // `append` packs pages full and reports false when a key at or above `seq` exists.
    const put: Write = { bytes: record.length, run: () => tables.commits.put(seq, record, { append: true }) };
    return refused !== undefined ? [{ bytes: 0, run: () => tables.commits.remove(seq) }, put] : [put];
  }

  #supersede(): Error {
    this.#superseded = new Error('another process appends to it: stop one of the two');
    this.#logger.error({ head: this.head, reason: this.#superseded.message }, 'log takes no more appends');
    return this.#superseded;
  }

  async #loadKnown(seq: number): Promise<Commit> {
    const commit = await this.commitAt(seq);
    if (commit === undefined)
      throw new LogUnavailableError(`the log has no commit at ${seq}, its head is ${this.head}`);
    return commit;
  }
}

function load(tables: Tables, seq: number): Commit | undefined {
  const record = tables.commits.get(seq);
  return record === undefined ? undefined : storedCommit(seq, record);
}

/** Where the commit begins that holds `seq`, if the log reaches so far. */
function keyAtOrBelow(tables: Tables, seq: number): number | undefined {
  const [key] = tables.commits.getKeys({ start: seq, reverse: true, limit: 1 });
  return key;
}
