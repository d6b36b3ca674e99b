import type { Model } from 'mongoose';
import type { AppendPosition } from './appendQueue.js';
import { ask } from './ask.js';
import { StoreChangedError } from './changed.js';
import { storedCommit } from './codec.js';
import { LogUnavailableError, StaleWriterError, type Commit, type EventLog, type LogEntry } from './log.js';
import { MongoAppends, type Mark, type MongoAppendOptions } from './mongoAppends.js';
import type { CommitDocument } from './mongoSchemas.js';
import { RecentCommits } from './recentCommits.js';

/**
 * The event log in MongoDB: one document a group commit, its `_id` the `seq` of its first entry. A process follows what
 * others append until a term of its own begins; during that term its head moves with its own appends alone. Where two
 * processes believe that they write, they meet at one `_id`, and one of them ends.
 */

/** Documents that a reader fetches at a time. */
const READ_BATCH = 100;

export class MongoLog implements EventLog {
  readonly #commits: Model<CommitDocument>;
  readonly #options: MongoAppendOptions;
  readonly #recent = new RecentCommits();
  #head: number;
  #lastTerm: number;
  /** The newest commit that was read; undefined in an empty log. */
  #last: Mark | undefined;
  #appends: MongoAppends | undefined;

  /** @throws {LogUnavailableError} when the server cannot be asked. */
  static async open(commits: Model<CommitDocument>, options: MongoAppendOptions): Promise<MongoLog> {
    const newest = await ask(() => commits.findOne().sort({ _id: -1 }).select(HEADER).lean<Header>());
    return new MongoLog(commits, options, newest ?? undefined);
  }

  private constructor(commits: Model<CommitDocument>, options: MongoAppendOptions, newest: Header | undefined) {
    this.#commits = commits;
    this.#options = options;
    this.#head = newest === undefined ? 0 : lastSeqOf(newest);
    this.#lastTerm = newest?.term ?? 0;
    this.#last = newest;
  }

  get head(): number {
    return this.#appends?.head ?? this.#head;
  }

  get failure(): string | undefined {
    return this.#appends?.failure;
  }

  /** Of the newest commit that was read or written; 0 in an empty log. */
  get lastTerm(): number {
    return this.#appends?.term ?? this.#lastTerm;
  }

  /**
   * From here on this process appends, as the writer of `term`.
   * @param onStale told when another turns out to write: end the term, follow, and begin another or leave it.
   */
  beginTerm(term: number, onStale: () => void): void {
    if (this.#appends !== undefined) throw new Error(`term ${this.#appends.term} has not ended`);
    this.#appends = new MongoAppends(term, this.#head, this.#commits, this.#options, onStale, (commit) =>
      this.#recent.add(commit),
    );
  }

  /** Writes what waits, then refuses appends. The head stays where this term has brought it. */
  async endTerm(): Promise<void> {
    const appends = this.#appends;
    if (appends === undefined) return;
    await appends.close();
    this.#head = appends.head;
    this.#lastTerm = appends.term;
    this.#last = appends.last ?? this.#last;
    this.#appends = undefined;
  }

  append(entries: readonly LogEntry[]): Promise<AppendPosition> {
    return this.#appends?.append(entries) ?? Promise.reject(new StaleWriterError('another process writes the log'));
  }

  confirm(): Promise<void> {
    return this.#appends?.confirm() ?? Promise.reject(new StaleWriterError('another process writes the log'));
  }

  /**
   * The commits that others appended beyond the head, in order, up to the last that there is now. The head moves with
   * them; one that whoever asks fails to take comes again the next time. Only between terms.
   * @param mayGoOn asked after each that was taken. To leave it there otherwise is to fail to take it.
   * @throws {LogFormatError} when this version cannot read a commit: the head stays before it. {StoreChangedError} when they
   * are of another log: nothing of it is given.
   */
  async *follow(mayGoOn: () => boolean = () => true): AsyncGenerator<Commit> {
    // One look-up by `_id` tells that there is nothing, which is the rule.
    let found = await ask(() => this.#commits.findById(this.#head + 1).lean());
    // They follow by number alone.
    if (found !== null) await this.needSame();
    while (found !== null) {
      const commit = commitOf(found);
      const before = { head: this.#head, term: this.#lastTerm, last: this.#last };
      let isTaken = false;
      try {
        // Before it is taken: whoever is told of it then reads the log up to it.
        this.#head = lastSeqOf(found);
        this.#lastTerm = found.term;
        this.#last = { _id: found._id, nonce: found.nonce };
        this.#recent.add(commit);
        yield commit;
        isTaken = true;
      } finally {
        if (!isTaken) {
          this.#head = before.head;
          this.#lastTerm = before.term;
          this.#last = before.last;
        }
      }
      if (!mayGoOn()) return;
      // Spread over shards, a later commit may be seen before an earlier one: what does not follow has to wait.
      const next = this.#head + 1;
      found = await ask(() => this.#commits.findById(next).lean());
    }
  }

  /**
   * Asks whether the newest commit that was read or written here is in the database.
   * @throws {StoreChangedError} when it is not: the database holds another log. {LogUnavailableError}
   */
  async needSame(): Promise<void> {
    const last = this.#appends?.last ?? this.#last;
    if (last === undefined) return;
    const find = () => this.#commits.findById(last._id).select<Mark>({ nonce: 1 }).lean<Mark>();
    if ((await ask(find))?.nonce === last.nonce) return;
    // A primary that was elected just now may not know yet what a majority has: this read waits until it does.
    if ((await ask(() => find().readConcern('linearizable')))?.nonce === last.nonce) return;
    throw new StoreChangedError(
      `the MongoDB database was replaced while this service ran: the commit that it knows at entry ${last._id} is not there; start the service again`,
    );
  }

  /**
   * Calls `onAppended` when there may be something to follow, sooner than one who asks now and then would find it; where
   * the server has no change streams, or loses this one, never. @returns how to end that
   */
  watch(onAppended: () => void): () => Promise<void> {
    const stream = this.#commits.watch([{ $project: { _id: 1 } }]);
    stream.on('change', onAppended);
    const end = (): Promise<void> => stream.close().catch(() => undefined);
    stream.on('error', () => void end());
    return end;
  }

  /** From here on what was appended before is read as it is stored, and not as it was given. */
  forget(): void {
    this.#recent.clear();
  }

  async commitAt(commitSeq: number): Promise<Commit | undefined> {
    if (commitSeq > this.head) return undefined;
    const recent = this.#recent.get(commitSeq);
    if (recent !== undefined) return recent;
    const found = await ask(() => this.#commits.findById(commitSeq).lean());
    return found === null ? undefined : commitOf(found);
  }

  async *read(after: number): AsyncGenerator<Commit> {
    if (after >= this.head) return;
    let next = await this.#beginning(Math.max(after, 0) + 1);
    while (next <= this.head) {
      const recent = this.#recent.get(next);
      if (recent !== undefined) {
        yield recent;
        next += recent.entries.length;
        continue;
      }
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
      const seq = await this.#beginning(last);
      const commit = await this.commitAt(seq);
      if (commit === undefined) throw this.#hole(seq);
      yield commit;
      last = commit.seq - 1;
    }
  }

  /** Ends the term. The connection belongs to whoever opened it. */
  async close(): Promise<void> {
    await this.endTerm();
    this.forget();
  }

  /** The commits that begin at `from` and follow it up to the head or to what is at hand, as long as one cursor lasts. */
  async *#from(from: number): AsyncGenerator<Commit> {
    const cursor = this.#commits
      .find({ _id: { $gte: from } })
      .sort({ _id: 1 })
      .lean()
      .cursor({ batchSize: READ_BATCH });
    try {
      for (let next = from; next <= this.head && this.#recent.get(next) === undefined;) {
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

  /** Where the commit begins that holds `seq`. */
  async #beginning(seq: number): Promise<number> {
    if (this.#recent.get(seq) !== undefined) return seq;
    // Mostly one is asked for where it begins.
    if ((await ask(() => this.#commits.exists({ _id: seq }))) !== null) return seq;
    const found = await ask(() =>
      this.#commits
        .findOne({ _id: { $lte: seq } })
        .sort({ _id: -1 })
        .select({ count: 1 })
        .lean(),
    );
    if (found === null || lastSeqOf(found) < seq) throw this.#hole(seq);
    return found._id;
  }

  #hole(seq: number): LogUnavailableError {
    return new LogUnavailableError(`the log has no entry ${seq}, its head is ${this.head}`);
  }
}

const commitOf = ({ _id, entries: record }: CommitDocument): Commit => storedCommit(_id, record);

/** What of a commit is asked for to know where the log ends, and which log it is. */
const HEADER = { count: 1, term: 1, nonce: 1 } as const;
type Header = Pick<CommitDocument, '_id' | keyof typeof HEADER>;

const lastSeqOf = ({ _id, count }: Pick<CommitDocument, '_id' | 'count'>): number => _id + count - 1;
