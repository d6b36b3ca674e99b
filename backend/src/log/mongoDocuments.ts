import { randomUUID } from 'node:crypto';
import { checkLimit, checkNames, isName } from './documentNames.js';
import type { DocumentStore, ListOptions, StoredDocument } from './documents.js';
import { ask } from './ask.js';
import { LogUnavailableError, StaleWriterError } from './log.js';
import type { HeadDocument, Models, Put } from './mongoSchemas.js';

/**
 * Documents in MongoDB, put by the writer of a term, read by anyone. What is put together is written to a journal first and
 * made from there, again if need be before the next write or when the next term begins: whatever happens, all of it or
 * nothing remains, with no need for transactions, which a server without replicas lacks. Who reads meanwhile may see the
 * first of them. Each put bears a stamp that grows with the term and within it: one that arrives late replaces nothing newer,
 * and is refused. What is deleted leaves its stamp for a day, so that a put from before it does not bring it back.
 */

/** JSON up to this length lies in the document itself, larger in chunks. MongoDB's documents end at 16 MB. */
const INLINE_BYTES = 256 * 1024;
const CHUNK_BYTES = 8 * 1024 * 1024;
/** What of one `putMany` lies in the journal at most, beside the names. */
const JOURNAL_BYTES = 8 * 1024 * 1024;
/** Their names and nonces take 600 bytes each. */
const MAX_TOGETHER = 5_000;
/** How often a document is read that is replaced while it is read. */
const READ_TRIES = 5;
const JOURNAL = 'documents';
/** Above every character of a name. */
const AFTER_NAMES = '\x7f';
/** `chunks` of what stands in the place of a document that was deleted. */
const GONE = -1;
/** How long it stands there, in ms: a write is under way for seconds at most. By the clocks of the processes. */
const GONE_FOR_MS = 24 * 3_600_000;
/** How often those that have stood so long are removed, in ms, at the next delete. */
const SWEEP_MS = 3_600_000;
/** Puts of one term, at most: 2³², which leaves 2²¹ terms to the integers that a number holds exactly. */
const PUTS_A_TERM = 2 ** 32;

export class MongoDocuments implements DocumentStore {
  readonly #models: Models;
  #turn: Promise<unknown> = Promise.resolve();
  /** `turn` of the journal when it is known to be empty. */
  #journalTurn: number | undefined;
  /** Of the last put; undefined while another process writes. */
  #stamp: number | undefined;
  /** When this process last removed the stamps of what was deleted. */
  #sweptAtMs = 0;

  /** That this process puts documents in, the last one between terms. */
  #term = 0;

  /**
   * @param clock milliseconds since the epoch
   * @param confirm asks whether this process still is the writer. @throws {StaleWriterError} when it is not
   */
  constructor(
    models: Models,
    private readonly clock: () => number,
    private readonly confirm: () => Promise<void>,
  ) {
    this.#models = models;
  }

  /**
   * From here on this process puts documents, as the writer of `term`; finishes what a writer before began.
   * @throws {LogUnavailableError} when the server cannot be asked.
   */
  async beginTerm(term: number): Promise<void> {
    this.#stamp = term * PUTS_A_TERM;
    this.#term = term;
    this.#journalTurn = undefined;
    // The journal is this term's from now on: a writer before it can write nothing there, so what it puts together is refused whole.
    await this.#alone(async (turn) => {
      if (!(await this.#journal(turn, []))) throw anotherWrites();
    });
  }

  /** Resolves when nothing more is put. */
  async endTerm(): Promise<void> {
    this.#stamp = undefined;
    await this.#turn;
  }

  async get<T>(collection: string, id: string): Promise<T | undefined> {
    if (!isName(id)) return undefined;
    for (let tries = 0; tries < READ_TRIES; tries += 1) {
      const head = await ask(() => this.#models.heads.findById(keyOf(collection, id)).lean());
      if (head === null || head.put.chunks === GONE) return undefined;
      const json = await this.#jsonOf(head);
      if (json !== undefined) return JSON.parse(json) as T;
    }
    throw new LogUnavailableError(`document ${id} of ${collection} lacks a part of its content`);
  }

  put<T>(collection: string, id: string, value: T): Promise<void> {
    return this.putMany(collection, [{ id, value }]);
  }

  async putMany<T>(collection: string, documents: readonly StoredDocument<T>[]): Promise<void> {
    checkNames(collection, documents);
    if (documents.length > MAX_TOGETHER)
      throw new RangeError(`${documents.length} documents cannot be put together, ${MAX_TOGETHER} at most`);
    const inline = Math.min(INLINE_BYTES, JOURNAL_BYTES / documents.length);
    const contents = documents.map(({ id, value }) => ({ id, json: Buffer.from(JSON.stringify(value)) }));
    await this.#alone(async (turn) => {
      const stamp = this.#nextStamp();
      const made = contents.map(({ id, json }) => {
        const chunks = json.length <= inline ? 0 : Math.ceil(json.length / CHUNK_BYTES);
        return { json, head: headOf(keyOf(collection, id), chunks, json, stamp) };
      });
      for (const { head, json } of made) await this.#putChunks(head, json);
      const heads = made.map(({ head }) => head);
      if (heads.length > 1 && !(await this.#journal(turn, heads))) throw anotherWrites();
      const areThere = await this.#putHeads(heads);
      // Not stale: these are put by now, and are not to be put by another once more.
      if (heads.length > 1 && !(await this.#journal(turn + 1, []))) throw new LogUnavailableError(ANOTHER_WRITES);
      if (!areThere) throw anotherWrites();
      await this.#confirmPut();
    });
  }

  async delete(collection: string, id: string): Promise<boolean> {
    if (!isName(id)) return false;
    const _id = keyOf(collection, id);
    let existed = false;
    await this.#alone(async () => {
      const stamp = this.#nextStamp();
      const put: Put = { stamp, nonce: randomUUID(), chunks: GONE, body: Buffer.alloc(0), goneAtMs: this.clock() };
      // Also where there is none: one may be on its way whose writer was told that nobody knows what came of it.
      const before = await this.#models.heads
        .findOneAndUpdate({ _id }, { $max: { put } }, { upsert: true, returnDocument: 'before' })
        .lean();
      if (before !== null && before.put.stamp > stamp) throw anotherWrites();
      existed = before !== null && before.put.chunks !== GONE;
      await this.#models.chunks.deleteMany({ document: _id, stamp: { $lt: stamp } });
      await this.#sweep();
      await this.#confirmPut();
    });
    return existed;
  }

  async list<T>(collection: string, options: ListOptions): Promise<StoredDocument<T>[]> {
    const { limit, reverse = false } = options;
    checkLimit(limit);
    const order = reverse ? -1 : 1;
    const heads = await ask(() =>
      this.#models.heads
        .find({ _id: rangeOf(collection, options), ...IS_THERE })
        .sort({ _id: order })
        .limit(limit)
        .lean(),
    );
    const found: StoredDocument<T>[] = [];
    for (const head of heads) {
      const id = head._id.slice(keyOf(collection, '').length);
      const json = await this.#jsonOf(head);
      const value = json === undefined ? await this.get<T>(collection, id) : (JSON.parse(json) as T);
      // Undefined when it was deleted since.
      if (value !== undefined) found.push({ id, value });
    }
    return found;
  }

  count(collection: string): Promise<number> {
    return ask(() => this.#models.heads.countDocuments({ _id: rangeOf(collection, {}), ...IS_THERE }));
  }

  async collections(): Promise<string[]> {
    const names: string[] = [];
    for (let after = ''; ;) {
      const found = await ask(() =>
        this.#models.heads
          .findOne({ _id: { $gt: after }, ...IS_THERE })
          .sort({ _id: 1 })
          .select({ _id: 1 })
          .lean(),
      );
      if (found === null) return names;
      const name = found._id.slice(0, found._id.indexOf('\n'));
      names.push(name);
      after = keyOf(name, AFTER_NAMES);
    }
  }

  /** @returns the content, undefined when it was replaced or deleted since the head was read. */
  async #jsonOf({ put: { nonce, chunks, body } }: HeadDocument): Promise<string | undefined> {
    if (chunks === 0) return body.toString();
    const parts: Buffer[] = [];
    for (let index = 0; index < chunks; index += 1) {
      const chunk = await ask(() => this.#models.chunks.findById(`${nonce}/${index}`).lean());
      if (chunk === null) return undefined;
      parts.push(chunk.data);
    }
    return Buffer.concat(parts).toString();
  }

  async #putChunks({ _id, put: { stamp, nonce, chunks } }: HeadDocument, json: Buffer): Promise<void> {
    for (let index = 0; index < chunks; index += 1) {
      const data = json.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
      await this.#models.chunks.insertOne({ _id: `${nonce}/${index}`, document: _id, stamp, data });
    }
  }

  /**
   * The same heads again change nothing, and one that is older than what stands there changes nothing either. Chunks of
   * what they replace, or of an attempt that failed, go after them.
   * @returns false when something newer stands in the place of one of them.
   */
  async #putHeads(heads: readonly HeadDocument[]): Promise<boolean> {
    const { modifiedCount, upsertedCount } = await this.#models.heads.bulkWrite(
      heads.map(({ _id, put }) => ({ updateOne: { filter: { _id }, update: { $max: { put } }, upsert: true } })),
    );
    const ids = heads.map(({ _id }) => _id);
    // Those that are put together bear one stamp.
    const stamp = Math.min(...heads.map(({ put }) => put.stamp));
    await this.#models.chunks.deleteMany({ document: { $in: ids }, stamp: { $lt: stamp } });
    return modifiedCount + upsertedCount === heads.length || !(await this.#isAnyNewer(ids, stamp));
  }

  /** Whether a writer of a later term has put one of them. */
  async #isAnyNewer(ids: readonly string[], stamp: number): Promise<boolean> {
    return (await this.#models.heads.exists({ _id: { $in: ids }, 'put.stamp': { $gt: stamp } })) !== null;
  }

  /** Removes the stamps of what was deleted long ago, so that they do not add up. */
  async #sweep(): Promise<void> {
    const now = this.clock();
    if (now < this.#sweptAtMs + SWEEP_MS) return;
    this.#sweptAtMs = now;
    await this.#models.heads.deleteMany({ 'put.goneAtMs': { $lt: now - GONE_FOR_MS } });
  }

  /**
   * A put whose place nobody has taken since is there, also when a writer has begun that read its documents before: nobody
   * may rely on it then. @throws {LogUnavailableError}, as nobody knows whether that writer has seen it
   */
  async #confirmPut(): Promise<void> {
    try {
      await this.confirm();
    } catch (error) {
      throw error instanceof StaleWriterError ? new LogUnavailableError(ANOTHER_WRITES, { cause: error }) : error;
    }
  }

  /** @returns false when the journal was not at `turn`, or is a later writer's: then nothing was written. */
  async #journal(turn: number, documents: readonly HeadDocument[]): Promise<boolean> {
    this.#journalTurn = undefined;
    const { matchedCount } = await this.#models.journals.updateOne(
      { _id: JOURNAL, turn, term: { $not: { $gt: this.#term } } },
      { $set: { turn: turn + 1, term: this.#term, documents } },
    );
    if (matchedCount === 0) return false;
    if (documents.length === 0) this.#journalTurn = turn + 1;
    return true;
  }

  /** @throws {StaleWriterError} between terms. */
  #nextStamp(): number {
    if (this.#stamp === undefined) throw anotherWrites();
    return (this.#stamp += 1);
  }

  /** Runs `write` when those before it are done, with the journal empty and at `turn`. */
  #alone(write: (turn: number) => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => ask(async () => write(this.#journalTurn ?? (await this.#finish()))));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Makes what the journal holds. @returns its turn. */
  async #finish(): Promise<number> {
    const journal =
      (await this.#models.journals.findById(JOURNAL).lean()) ??
      (await this.#models.journals.insertOne({ _id: JOURNAL, turn: 0, documents: [] }));
    if (journal.documents.length === 0) return (this.#journalTurn = journal.turn);
    await this.#putHeads(journal.documents);
    if (!(await this.#journal(journal.turn, []))) throw anotherWrites();
    return journal.turn + 1;
  }
}

function headOf(_id: string, chunks: number, json: Buffer, stamp: number): HeadDocument {
  return { _id, put: { stamp, nonce: randomUUID(), chunks, body: chunks === 0 ? json : Buffer.alloc(0) } };
}

const ANOTHER_WRITES = 'another process writes the documents';
const anotherWrites = (): StaleWriterError => new StaleWriterError(ANOTHER_WRITES);

const IS_THERE = { 'put.chunks': { $ne: GONE } };

const keyOf = (collection: string, id: string): string => `${collection}\n${id}`;

function rangeOf(
  collection: string,
  { before, after, prefix = '' }: Omit<ListOptions, 'limit'>,
): { $gte: string; $lt: string; $gt?: string } {
  const end = keyOf(collection, prefix + AFTER_NAMES);
  const bound = before === undefined ? end : keyOf(collection, before);
  return {
    $gte: keyOf(collection, prefix),
    $lt: bound < end ? bound : end,
    ...(after !== undefined && { $gt: keyOf(collection, after) }),
  };
}
