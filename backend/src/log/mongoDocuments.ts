import { randomUUID } from 'node:crypto';
import { checkLimit, checkNames, isName } from './documentNames.js';
import type { DocumentStore, ListOptions, StoredDocument } from './documents.js';
import { ask } from './ask.js';
import { LogUnavailableError, StaleWriterError } from './log.js';
import { MongoChunks } from './mongoChunks.js';
import { anotherWrites, MongoJournal, unknownWhoWrites } from './mongoJournal.js';
import type { HeadDocument, Models, Put } from './mongoSchemas.js';

/**
 * Documents in MongoDB, put by the writer of a term, read by anyone. Each put bears a stamp that grows with the term and
 * within it: one that arrives late replaces nothing newer, and is refused. What is deleted leaves its stamp for a day, so
 * that a put from before it does not bring it back.
 */

/** JSON up to this length lies in the document itself, larger in chunks. MongoDB's documents end at 16 MB. */
const INLINE_BYTES = 256 * 1024;
/** What of one `putMany` lies in the journal at most, beside the names. */
const JOURNAL_BYTES = 8 * 1024 * 1024;
/** Their names and nonces take 600 bytes each. */
const MAX_TOGETHER = 5_000;
/** How often a document is read that is replaced while it is read. */
const READ_TRIES = 5;
/** Above every character of a name. */
const AFTER_NAMES = '\x7f';
/** `chunks` of what stands in the place of a document that was deleted. */
const GONE = -1;
/**
 * How long it stands there, and chunks that no head names lie there, in ms: a write is under way for seconds at most. By
 * the clocks of the processes.
 */
const LEFT_FOR_MS = 24 * 3_600_000;
/** How often what has lain so long is removed, in ms, at the next write that may leave something. */
const SWEEP_MS = 3_600_000;
/** Puts of one term, at most: 2³², which leaves 2²¹ terms to the integers that a number holds exactly. */
const PUTS_A_TERM = 2 ** 32;

export class MongoDocuments implements DocumentStore {
  readonly #models: Models;
  readonly #chunks: MongoChunks;
  readonly #journal: MongoJournal;
  #turn: Promise<unknown> = Promise.resolve();
  /** Of the last put; undefined while another process writes. */
  #stamp: number | undefined;
  /** When this process last removed what was left behind. */
  #sweptAtMs = 0;

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
    this.#chunks = new MongoChunks(models);
    this.#journal = new MongoJournal(models.journals, (heads) => this.#putHeads(heads));
  }

  /**
   * From here on this process puts documents, as the writer of `term`; finishes what a writer before began.
   * @throws {LogUnavailableError} when the server cannot be asked.
   */
  async beginTerm(term: number): Promise<void> {
    this.#stamp = term * PUTS_A_TERM;
    await this.#inTurn(() => this.#journal.beginTerm(term));
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
    checkTogether(
      collection,
      documents.map(({ id }) => id),
    );
    const inline = Math.min(INLINE_BYTES, JOURNAL_BYTES / documents.length);
    const contents = documents.map(({ id, value }) => ({ id, json: Buffer.from(JSON.stringify(value)) }));
    await this.#alone(async () => {
      const stamp = this.#nextStamp();
      const made = contents.map(({ id, json }) => {
        const chunks = json.length <= inline ? 0 : MongoChunks.number(json.length);
        return { json, head: headOf(keyOf(collection, id), chunks, json, stamp) };
      });
      for (const { head, json } of made) await this.#chunks.put(head, json, this.clock());
      await this.#put(made.map(({ head }) => head));
      if (made.some(({ head }) => head.put.chunks > 0)) await this.#sweep();
      await this.#confirmPut();
    });
  }

  /** Between terms it is for whoever writes then, who has begun with it. */
  async settle(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#stamp !== undefined) await this.#journal.settle();
    });
  }

  async delete(collection: string, id: string): Promise<boolean> {
    if (!isName(id)) return false;
    const _id = keyOf(collection, id);
    let existed = false;
    await this.#alone(async () => {
      const stamp = this.#nextStamp();
      const { put } = this.#gone(_id, stamp);
      // Also where there is none: one may be on its way whose writer was told that nobody knows what came of it.
      const before = await this.#models.heads
        .findOneAndUpdate({ _id }, { $max: { put } }, { upsert: true, returnDocument: 'before' })
        .lean();
      if (before !== null && before.put.stamp > stamp) throw anotherWrites();
      existed = before !== null && before.put.chunks !== GONE;
      await this.#chunks.removeBefore(stamp, [_id]);
      await this.#sweep();
      await this.#confirmPut();
    });
    return existed;
  }

  async deleteMany(collection: string, ids: readonly string[]): Promise<void> {
    checkTogether(collection, ids);
    await this.#alone(async () => {
      const stamp = this.#nextStamp();
      await this.#put(ids.map((id) => this.#gone(keyOf(collection, id), stamp)));
      await this.#sweep();
      await this.#confirmPut();
    });
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
  async #jsonOf(head: HeadDocument): Promise<string | undefined> {
    const { chunks, body } = head.put;
    return (chunks === 0 ? body : await ask(() => this.#chunks.read(head)))?.toString();
  }

  /** What stands in the place of a document that was deleted. */
  #gone(_id: string, stamp: number): HeadDocument {
    const put: Put = { stamp, nonce: randomUUID(), chunks: GONE, body: Buffer.alloc(0), goneAtMs: this.clock() };
    return { _id, put };
  }

  /** @throws {StaleWriterError} when something newer stands in the place of one, or a later writer has the journal. */
  async #put(heads: readonly HeadDocument[]): Promise<void> {
    if (!(await (heads.length > 1 ? this.#journal.putTogether(heads) : this.#putHeads(heads)))) throw anotherWrites();
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
    await this.#chunks.removeBefore(stamp, ids);
    return modifiedCount + upsertedCount === heads.length || !(await this.#isAnyNewer(ids, stamp));
  }

  /** Whether a writer of a later term has put one of them. */
  async #isAnyNewer(ids: readonly string[], stamp: number): Promise<boolean> {
    return (await this.#models.heads.exists({ _id: { $in: ids }, 'put.stamp': { $gt: stamp } })) !== null;
  }

  /** Removes what would add up: stamps of what was deleted long ago, and chunks of puts that failed long ago. */
  async #sweep(): Promise<void> {
    const now = this.clock();
    if (now < this.#sweptAtMs + SWEEP_MS) return;
    this.#sweptAtMs = now;
    await this.#models.heads.deleteMany({ 'put.goneAtMs': { $lt: now - LEFT_FOR_MS } });
    await this.#chunks.sweep(now - LEFT_FOR_MS);
  }

  /**
   * A put whose place nobody has taken since is there, also when a writer has begun that read its documents before: nobody
   * may rely on it then. @throws {LogUnavailableError}, as nobody knows whether that writer has seen it
   */
  async #confirmPut(): Promise<void> {
    try {
      await this.confirm();
    } catch (error) {
      throw error instanceof StaleWriterError ? unknownWhoWrites(error) : error;
    }
  }

  /** @throws {StaleWriterError} between terms. */
  #nextStamp(): number {
    if (this.#stamp === undefined) throw anotherWrites();
    return (this.#stamp += 1);
  }

  /** Runs `write` when those before it are done, and what of them failed half-way is made. */
  #alone(write: () => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#journal.finish();
      await write();
    });
  }

  #inTurn(write: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => ask(write));
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** @throws {RangeError} */
function checkTogether(collection: string, ids: readonly string[]): void {
  checkNames(collection, ids);
  if (ids.length > MAX_TOGETHER)
    throw new RangeError(`${ids.length} documents cannot be written together, ${MAX_TOGETHER} at most`);
}

function headOf(_id: string, chunks: number, json: Buffer, stamp: number): HeadDocument {
  return { _id, put: { stamp, nonce: randomUUID(), chunks, body: chunks === 0 ? json : Buffer.alloc(0) } };
}

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
