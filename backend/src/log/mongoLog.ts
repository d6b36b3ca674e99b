import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Model } from 'mongoose';
import type { Logger } from 'pino';
import { AppendQueue, type AppendLimits, type AppendPosition, type TakeGroup } from './appendQueue.js';
import { decodeCommit, encodeCommit } from './codec.js';
import { LogUnavailableError, StaleWriterError, type Commit, type EventLog, type LogEntry } from './log.js';
import type { CommitDocument } from './mongoSchemas.js';

/**
 * The event log in MongoDB: one document a group commit, its `_id` the `seq` of its first entry. A commit is acknowledged
 * when a majority has it on disk, and never twice in the log: it is tried again only as the same document, and when its
 * outcome is unknown, what is found at its `_id` decides. Whatever else is found there ends this writer's appends.
 */
export interface MongoLogOptions {
  /** Term of this writer: what it writes bears it. */
  readonly term: number;
  readonly limits: AppendLimits;
  /** How long a commit is tried before it is refused, in ms. */
  readonly giveUpMs: number;
  readonly logger: Logger;
}

/** MongoDB takes 16 MB; the rest is room for the other fields and for what a later version adds. */
const MAX_RECORD_BYTES = 12 * 1024 * 1024;
/** Between two tries of a commit, in ms. */
const RETRY_MS = 200;
/** How often a server that failed is asked whether it is back, in ms. */
const PROBE_MS = 1_000;
/** Documents that a reader fetches at a time. */
const READ_BATCH = 100;

export class MongoLog implements EventLog {
  readonly #commits: Model<CommitDocument>;
  readonly #options: MongoLogOptions;
  readonly #queue: AppendQueue;
  #stale: StaleWriterError | undefined;
  /** Nonce of the last commit that was refused without knowing whether it will yet be written. */
  #refused: string | undefined;
  #failure: string | undefined;
  #probe: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws {LogUnavailableError} when the server cannot be asked. */
  static async open(commits: Model<CommitDocument>, options: MongoLogOptions): Promise<MongoLog> {
    const newest = await ask(() => commits.findOne().sort({ _id: -1 }).select({ count: 1 }).lean());
    return new MongoLog(commits, options, newest === null ? 0 : newest._id + newest.count - 1);
  }

  private constructor(commits: Model<CommitDocument>, options: MongoLogOptions, head: number) {
    this.#commits = commits;
    this.#options = options;
    this.#queue = new AppendQueue(head, options.limits, options.logger, (take) => this.#commit(take));
  }

  get head(): number {
    return this.#queue.head;
  }

  get failure(): string | undefined {
    return this.#stale?.message ?? this.#failure;
  }

  append(entries: readonly LogEntry[]): Promise<AppendPosition> {
    return this.#queue.append(entries);
  }

  async commitAt(commitSeq: number): Promise<Commit | undefined> {
    if (commitSeq > this.head) return undefined;
    const found = await ask(() => this.#commits.findById(commitSeq).lean());
    return found === null ? undefined : commitOf(found);
  }

  async *read(after: number): AsyncGenerator<Commit> {
    if (after >= this.head) return;
    let next = (await this.#holding(Math.max(after, 0) + 1)).seq;
    while (next <= this.head) {
      const from = next;
      try {
        for await (const commit of this.#from(from)) {
          yield commit;
          next = commit.seq + commit.entries.length;
        }
      } catch (error) {
        // A cursor dies with its server, or when nobody asks for ten minutes: another goes on where it was.
        if (next === from) throw error;
      }
    }
  }

  async *readBackwards(): AsyncGenerator<Commit> {
    for (let last = this.head; last > 0;) {
      const commit = await this.#holding(last);
      yield commit;
      last = commit.seq - 1;
    }
  }

  /** Writes what waits, then refuses further appends. The connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.#queue.close();
    this.#closed = true;
    clearTimeout(this.#probe);
  }

  /** The commits that begin at `from` and follow it up to the head, as long as one cursor lasts. */
  async *#from(from: number): AsyncGenerator<Commit> {
    const cursor = this.#commits
      .find({ _id: { $gte: from } })
      .sort({ _id: 1 })
      .lean()
      .cursor({ batchSize: READ_BATCH });
    try {
      for (let next = from; next <= this.head;) {
        const found = await ask(() => cursor.next());
        // What was appended since is for the next cursor.
        if (found === null && next > from) return;
        if (found?._id !== next) throw this.#hole(next);
        yield commitOf(found);
        next += found.count;
      }
    } finally {
      await cursor.close().catch(() => undefined);
    }
  }

  async #holding(seq: number): Promise<Commit> {
    const found = await ask(() =>
      this.#commits
        .findOne({ _id: { $lte: seq } })
        .sort({ _id: -1 })
        .lean(),
    );
    if (found === null || found._id + found.count <= seq) throw this.#hole(seq);
    return commitOf(found);
  }

  #hole(seq: number): LogUnavailableError {
    return new LogUnavailableError(`the log has no entry ${seq}, its head is ${this.head}`);
  }

  async #commit(take: TakeGroup): Promise<void> {
    if (this.#stale !== undefined) throw this.#stale;
    const document = this.#documentOf(take);
    const giveUpAt = performance.now() + this.#options.giveUpMs;
    for (;;) {
      const reason = await this.#tryOnce(document);
      if (reason === undefined) return this.#written();
      if (performance.now() >= giveUpAt) {
        this.#refused = document.nonce;
        this.#failed(reason);
        throw new LogUnavailableError(reason);
      }
      await pause(RETRY_MS);
    }
  }

  #documentOf(take: TakeGroup): CommitDocument {
    const { term, limits } = this.#options;
    for (let maxEntries = limits.maxCommitEntries; ; maxEntries = Math.floor(maxEntries / 2)) {
      const taken = take(maxEntries);
      const entries = encodeCommit(term, taken);
      if (entries.length <= MAX_RECORD_BYTES)
        return { _id: this.head + 1, term, nonce: randomUUID(), count: taken.length, entries };
      if (maxEntries <= 1) {
        const reason = `one append of ${taken.length} entries has ${entries.length} bytes, ${MAX_RECORD_BYTES} at most fit`;
        this.#options.logger.error({ reason }, 'an append is too large for MongoDB');
        throw new LogUnavailableError(reason);
      }
    }
  }

  /** @returns why it is not known to be written, undefined if it is. @throws {StaleWriterError} */
  async #tryOnce(document: CommitDocument): Promise<string | undefined> {
    try {
      await this.#commits.insertOne(document);
      return undefined;
    } catch (error) {
      const found = await this.#commits
        .findById(document._id)
        .select({ nonce: 1, term: 1 })
        .lean()
        .catch(() => null);
      if (found?.nonce === document.nonce) return undefined;
      if (found !== null) throw this.#becomeStale(found);
      return messageOf(error);
    }
  }

  #becomeStale({ term, nonce }: Pick<CommitDocument, 'term' | 'nonce'>): StaleWriterError {
    const { logger, term: own } = this.#options;
    const whose = nonce === this.#refused ? 'this writer, which was refused,' : `another writer, of term ${term},`;
    this.#stale = new StaleWriterError(`a commit of ${whose} stands at entry ${this.head + 1}: open the log anew`);
    logger.error({ head: this.head, term: own, reason: this.#stale.message }, 'log takes no more appends');
    return this.#stale;
  }

  /** Said once, however many appends it refuses. */
  #failed(reason: string): void {
    if (this.#failure === undefined)
      this.#options.logger.error({ reason }, 'MongoDB takes no writes: nothing is acknowledged until it does');
    this.#failure = reason;
    if (!this.#closed) this.#probe ??= setTimeout(() => void this.#askAgain(), PROBE_MS).unref();
  }

  #written(): void {
    if (this.#failure !== undefined) this.#options.logger.info('MongoDB takes writes again');
    this.#failure = undefined;
  }

  /** Nobody may come who writes, as long as the service says that it cannot. Never rejects. */
  async #askAgain(): Promise<void> {
    this.#probe = undefined;
    try {
      await this.#commits.db.db?.command({ ping: 1 });
      this.#written();
    } catch (error) {
      this.#failed(messageOf(error));
    }
  }
}

const commitOf = ({ _id, entries }: CommitDocument): Commit => decodeCommit(_id, entries);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws {LogUnavailableError} instead of what the driver throws. */
export async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof LogUnavailableError) throw error;
    throw new LogUnavailableError(`MongoDB did not answer: ${messageOf(error)}`, { cause: error });
  }
}
