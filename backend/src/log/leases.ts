import type { Model } from 'mongoose';
import { ask, isDuplicate } from './ask.js';
import type { LeaseDocument } from './mongoSchemas.js';

/**
 * The lease of the one writer: a document that its holder renews. All times in it are of the database server's clock, so
 * the clocks of the processes do not matter. It decides who should write; that only one does is seen to by the log, where
 * a second writer collides.
 */
export interface Lease {
  readonly term: number;
  readonly holder: string;
  /** Where the holder takes what is forwarded. */
  readonly url: string;
  /** What the holder tells the others, as JSON. */
  readonly word: string;
  /** When it was last renewed. */
  readonly renewedAt: Date;
  /** Whether anyone may take it: it ran out, or was given back. */
  readonly isFree: boolean;
}

/** What the writer says of itself with each renewal. */
export interface Claim {
  /** Names this life of the process. */
  readonly holder: string;
  readonly url: string;
  readonly lengthMs: number;
  readonly word: string;
}

const WRITER = 'writer';

export class Leases {
  readonly #leases: Model<LeaseDocument>;

  constructor(leases: Model<LeaseDocument>) {
    this.#leases = leases;
  }

  /** The lease as it is now; undefined when nobody has ever held it. @throws {LogUnavailableError} */
  async look(): Promise<Lease | undefined> {
    const [found, now] = await Promise.all([ask(() => this.#leases.findById(WRITER).lean()), this.#serverTime()]);
    if (found === null) return undefined;
    const { term, holder, url, word, renewedAt, lengthMs } = found;
    return { term, holder, url, word, renewedAt, isFree: holder === '' || now - renewedAt.getTime() > lengthMs };
  }

  /**
   * Takes the lease with a new term, if it is still as it was `seen`: of several that try, one succeeds.
   * @throws {LogUnavailableError} when it is not known whether it was taken.
   */
  async take(seen: Lease | undefined, term: number, claim: Claim): Promise<boolean> {
    const before = seen && { term: seen.term, holder: seen.holder, renewedAt: seen.renewedAt };
    try {
      return await this.#set(before ?? { term: 0 }, { ...claim, term }, seen === undefined);
    } catch (error) {
      if (isDuplicate(error instanceof Error ? error.cause : error)) return false;
      throw error;
    }
  }

  /** @returns false when another has taken it. @throws {LogUnavailableError} when that is not known. */
  renew(term: number, claim: Claim): Promise<boolean> {
    return this.#set({ term, holder: claim.holder }, { ...claim, term }, false);
  }

  /** Gives it back, for the next to take at once. */
  async release(term: number, { holder }: Pick<Claim, 'holder'>): Promise<void> {
    await ask(() => this.#leases.updateOne({ _id: WRITER, term, holder }, { $set: { holder: '' } }));
  }

  async #set(
    as: Partial<LeaseDocument>,
    to: Pick<LeaseDocument, 'term' | 'holder' | 'url' | 'lengthMs' | 'word'>,
    upsert: boolean,
  ): Promise<boolean> {
    // `$currentDate` and not `$$NOW`: also servers without pipelines in updates know it.
    const { matchedCount, upsertedCount } = await ask(() =>
      this.#leases.updateOne(
        { _id: WRITER, ...as },
        { $set: to, $currentDate: { renewedAt: true } },
        { upsert, setDefaultsOnInsert: false },
      ),
    );
    return matchedCount + upsertedCount > 0;
  }

  async #serverTime(): Promise<number> {
    const hello = await ask(async () => this.#leases.db.db?.command({ hello: 1 }));
    return (hello as { localTime: Date }).localTime.getTime();
  }
}
