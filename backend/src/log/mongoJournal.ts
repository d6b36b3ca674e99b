import type { Model } from 'mongoose';
import { LogUnavailableError, StaleWriterError } from './log.js';
import type { HeadDocument, JournalDocument } from './mongoSchemas.js';

/**
 * Puts several documents together, with no need for transactions, which a server without replicas lacks. They are written
 * down in one document first and made from there, again if need be before the next write or when the next term begins:
 * whatever happens, all of them are put or none. Who reads meanwhile may see the first of them.
 */
const JOURNAL = 'documents';

export class MongoJournal {
  /** That this process writes in. */
  #term = 0;
  /** Of the journal when it is known to be empty. */
  #turn: number | undefined;

  /** @param put makes what was written down. @returns false when something newer stands in the place of one of them */
  constructor(
    private readonly journals: Model<JournalDocument>,
    private readonly put: (heads: readonly HeadDocument[]) => Promise<boolean>,
  ) {}

  /**
   * The journal is this term's from now on: a writer before it can write nothing there, so what it puts together is refused
   * whole. What it had written down is made. @throws {StaleWriterError} when a later writer has it
   */
  async beginTerm(term: number): Promise<void> {
    this.#term = term;
    await this.settle();
  }

  /** Makes what was written down here; what was to be, and arrives only now, finds another turn. @throws as `beginTerm` */
  async settle(): Promise<void> {
    this.#turn = undefined;
    await this.#write(await this.#finished(), []);
  }

  /** Makes what a put that failed left here: to be called before each write. @throws as `beginTerm` */
  async finish(): Promise<void> {
    await this.#finished();
  }

  /**
   * Puts `heads`, all or none. @returns false when something newer stands in the place of one of them.
   * @throws {StaleWriterError} when a later writer has the journal: nothing is put
   */
  async putTogether(heads: readonly HeadDocument[]): Promise<boolean> {
    const turn = await this.#finished();
    await this.#write(turn, heads);
    const areThere = await this.put(heads);
    await this.#write(turn + 1, []).catch((error: unknown) => {
      // Not stale: these are put by now, and are not to be put by another once more.
      throw error instanceof StaleWriterError ? unknownWhoWrites(error) : error;
    });
    return areThere;
  }

  /** @returns the turn of the journal, which is empty then. */
  async #finished(): Promise<number> {
    if (this.#turn !== undefined) return this.#turn;
    const { turn, documents } =
      (await this.journals.findById(JOURNAL).lean()) ??
      (await this.journals.insertOne({ _id: JOURNAL, turn: 0, documents: [] }));
    if (documents.length === 0) return (this.#turn = turn);
    await this.put(documents);
    await this.#write(turn, []);
    return turn + 1;
  }

  /** @throws {StaleWriterError} when the journal was not at `turn`, or is a later writer's: then nothing was written. */
  async #write(turn: number, documents: readonly HeadDocument[]): Promise<void> {
    this.#turn = undefined;
    const { matchedCount } = await this.journals.updateOne(
      { _id: JOURNAL, turn, term: { $not: { $gt: this.#term } } },
      { $set: { turn: turn + 1, term: this.#term, documents } },
    );
    if (matchedCount === 0) throw anotherWrites();
    if (documents.length === 0) this.#turn = turn + 1;
  }
}

const ANOTHER_WRITES = 'another process writes the documents';

/** Nothing was kept: the writer may be asked. */
export const anotherWrites = (): StaleWriterError => new StaleWriterError(ANOTHER_WRITES);

/** It was kept, and nobody knows whether the writer has seen it. */
export const unknownWhoWrites = (cause: unknown): LogUnavailableError =>
  new LogUnavailableError(ANOTHER_WRITES, { cause });
