import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Model } from 'mongoose';
import type { Logger } from 'pino';
import { AppendQueue, type AppendLimits, type AppendPosition, type TakeGroup } from './appendQueue.js';
import { messageOf } from './ask.js';
import { encodeCommit } from './codec.js';
import { LogUnavailableError, StaleWriterError, type Commit, type LogEntry } from './log.js';
import type { CommitDocument } from './mongoSchemas.js';

/**
 * The appends of one term. A commit is acknowledged when a majority has it on disk, and never twice in the log: it is
 * tried again only as the same document, and when its outcome is unknown, what is found at its `_id` decides. Whatever
 * else is found there ends the appends of this term. A call that is too large for one document is spread over several and
 * acknowledged with the last; where it ends between two of them, the term ends, too.
 */
export interface MongoAppendOptions {
  readonly limits: AppendLimits;
  /** How long a commit is tried before it is refused, in ms. */
  readonly giveUpMs: number;
  /** What one document holds of entries, packed. */
  readonly maxRecordBytes: number;
  readonly logger: Logger;
}

/** MongoDB takes 16 MB; the rest is room for the other fields and for what a later version adds. */
export const MAX_RECORD_BYTES = 12 * 1024 * 1024;
/** Between two tries of a commit, in ms. */
const RETRY_MS = 200;
/** How often a server that failed is asked whether it is back, in ms. */
const PROBE_MS = 1_000;

type Found = Pick<CommitDocument, 'term' | 'nonce'>;
/** What came of one try: done; what stands in its place; or why it is not known. */
type Outcome = 'done' | Found | (string & {});

/** A commit by which a log is known again. */
export type Mark = Pick<CommitDocument, '_id' | 'nonce'>;

/** What is to be written, packed and as it was given. */
interface Packed {
  readonly document: CommitDocument;
  readonly entries: readonly LogEntry[];
}

const commitOf = ({ document: { _id, term, entries: record }, entries }: Packed): Commit => ({
  seq: _id,
  term,
  entries,
  count: entries.length,
  record,
});

export class MongoAppends {
  readonly #queue: AppendQueue;
  #stale: StaleWriterError | undefined;
  /** Nonce of the last commit that was refused without knowing whether it will yet be written. */
  #refused: string | undefined;
  #failure: string | undefined;
  #probe: NodeJS.Timeout | undefined;
  #closed = false;
  #last: Mark | undefined;

  /**
   * @param head `seq` of the last entry of the log as far as it was read.
   * @param onStale told once, when the log is found to go on past the head without this term.
   * @param onCommitted told of each commit that is durable, before its appends are acknowledged.
   */
  constructor(
    readonly term: number,
    head: number,
    private readonly commits: Model<CommitDocument>,
    private readonly options: MongoAppendOptions,
    private readonly onStale: () => void,
    private readonly onCommitted: (commit: Commit) => void,
  ) {
    this.#queue = new AppendQueue(head, options.limits, options.logger, (take) => this.#commit(take));
  }

  /** `seq` of the last entry that is durable. */
  get head(): number {
    return this.#queue.head;
  }

  /** The last commit of this term that is durable. */
  get last(): Mark | undefined {
    return this.#last;
  }

  get failure(): string | undefined {
    return this.#stale?.message ?? this.#failure;
  }

  append(entries: readonly LogEntry[]): Promise<AppendPosition> {
    if (this.#closed) return Promise.reject(new StaleWriterError(`term ${this.term} has ended`));
    return this.#queue.append(entries);
  }

  /** As `EventLog.confirm`. */
  confirm(): Promise<void> {
    if (this.#closed) return Promise.reject(new StaleWriterError(`term ${this.term} has ended`));
    return this.#queue.confirm();
  }

  /** Writes what waits, then refuses further appends. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue.close();
    clearTimeout(this.#probe);
  }

  async #commit(take: TakeGroup): Promise<number[]> {
    if (this.#stale !== undefined) throw this.#stale;
    const packed = this.#pack(take);
    const [first, ...further] = packed;
    if (first === undefined) await this.#until(() => this.#look());
    for (const { document } of packed) {
      try {
        await this.#until(() => this.#insert(document), document.nonce);
      } catch (error) {
        if (document === first?.document || first === undefined || this.#stale !== undefined) throw error;
        // Of a call that is refused a part stands in the log: it is read on there as what another would have appended.
        this.#refused = first.document.nonce;
        throw this.#becomeStale(first.document);
      }
    }
    for (const commit of packed) this.onCommitted(commitOf(commit));
    const newest = packed.at(-1)?.document;
    if (newest !== undefined) this.#last = { _id: newest._id, nonce: newest.nonce };
    return further.map(({ document }) => document._id);
  }

  /** Resolves when `attempt` has succeeded. @param nonce of what it writes */
  async #until(attempt: () => Promise<Outcome>, nonce?: string): Promise<void> {
    const giveUpAt = performance.now() + this.options.giveUpMs;
    for (;;) {
      const outcome = await this.#within(giveUpAt, attempt());
      if (outcome === 'done') return this.#written();
      if (typeof outcome === 'object') throw this.#becomeStale(outcome);
      if (performance.now() + RETRY_MS >= giveUpAt) {
        this.#refused = nonce;
        this.#failed(outcome);
        throw new LogUnavailableError(outcome);
      }
      await pause(RETRY_MS);
    }
  }

  /** What came of a try, or that nothing has by then: it is left to itself, and may yet be written. */
  async #within(giveUpAt: number, trying: Promise<Outcome>): Promise<Outcome> {
    const waiting = new AbortController();
    const leftMs = Math.max(0, giveUpAt - performance.now());
    const silence = pause(leftMs, 'it was silent for too long', { signal: waiting.signal }).catch(() => '');
    try {
      return await Promise.race([trying, silence]);
    } finally {
      waiting.abort();
    }
  }

  /** Nothing when there is nothing to be written; several commits when the next call is too large for one. */
  #pack(take: TakeGroup): Packed[] {
    for (let maxEntries = this.options.limits.maxCommitEntries; ;) {
      const entries = take(maxEntries);
      if (entries.length === 0) return [];
      const record = encodeCommit(this.term, entries);
      if (record.length <= this.options.maxRecordBytes) return [this.#packed(this.head + 1, entries, record)];
      // More than was asked for is one call.
      if (entries.length > maxEntries || entries.length === 1) return this.#spread(this.head + 1, entries);
      maxEntries = Math.floor(Math.min(maxEntries, entries.length) / 2);
    }
  }

  #spread(seq: number, entries: readonly LogEntry[]): Packed[] {
    const record = encodeCommit(this.term, entries);
    if (record.length <= this.options.maxRecordBytes) return [this.#packed(seq, entries, record)];
    if (entries.length === 1) {
      const reason = `one entry has ${record.length} bytes, ${this.options.maxRecordBytes} at most fit`;
      this.options.logger.error({ reason }, 'an entry is too large for MongoDB');
      throw new LogUnavailableError(reason);
    }
    const half = Math.ceil(entries.length / 2);
    return [...this.#spread(seq, entries.slice(0, half)), ...this.#spread(seq + half, entries.slice(half))];
  }

  #packed(_id: number, entries: readonly LogEntry[], record: Buffer): Packed {
    const { length: count } = entries;
    return { document: { _id, term: this.term, nonce: randomUUID(), count, entries: record }, entries };
  }

  /** Never rejects. */
  async #insert(document: CommitDocument): Promise<Outcome> {
    try {
      await this.commits.insertOne(document);
      return 'done';
    } catch (error) {
      const found = await this.#at(document._id).catch(() => null);
      if (found?.nonce === document.nonce) return 'done';
      return found ?? messageOf(error);
    }
  }

  /**
   * Whether the log ends at the head. Linearizable: a primary that was deposed and does not know it yet must not be the
   * one that says so. Never rejects.
   */
  async #look(): Promise<Outcome> {
    try {
      return (await this.#at(this.head + 1).readConcern('linearizable')) ?? 'done';
    } catch (error) {
      return messageOf(error);
    }
  }

  #at(_id: number) {
    return this.commits.findById(_id).select<Found>({ nonce: 1, term: 1 }).lean<Found>();
  }

  #becomeStale({ term, nonce }: Found): StaleWriterError {
    const { logger } = this.options;
    const whose = nonce === this.#refused ? 'this writer, which was refused,' : `another writer, of term ${term},`;
    this.#stale = new StaleWriterError(
      `a commit of ${whose} stands at entry ${this.head + 1}: the log must be read on`,
    );
    logger.warn({ head: this.head, term: this.term, reason: this.#stale.message }, 'log takes no more appends');
    this.onStale();
    return this.#stale;
  }

  /** Said once, however many appends it refuses. */
  #failed(reason: string): void {
    if (this.#failure === undefined)
      this.options.logger.error({ reason }, 'MongoDB takes no writes: nothing is acknowledged until it does');
    this.#failure = reason;
    if (!this.#closed) this.#probe ??= setTimeout(() => void this.#askAgain(), PROBE_MS).unref();
  }

  #written(): void {
    if (this.#failure !== undefined) this.options.logger.info('MongoDB takes writes again');
    this.#failure = undefined;
  }

  /** Nobody may come who writes, as long as the service says that it cannot. Never rejects. */
  async #askAgain(): Promise<void> {
    this.#probe = undefined;
    try {
      await this.commits.db.db?.command({ ping: 1 });
      this.#written();
    } catch (error) {
      this.#failed(messageOf(error));
    }
  }
}
