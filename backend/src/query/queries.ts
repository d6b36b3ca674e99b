import type { Scope } from '../analyzers/touched.js';
import { QUERY_METRICS, type CacheStatistics, type QueryDimension } from '../contract/index.js';
import type { Current } from '../warehouse/current.js';
import { AnswerCache, type Kept } from './answerCache.js';
import { composeAnswer } from './answer.js';
import { fromFolds, type FoldReads } from './fromFolds.js';
import { answerFrom } from './fromWarehouse.js';
import { rangesOf, type Question } from './question.js';
import type { Connection } from '../warehouse/readModel.js';

/**
 * Answers questions from the folds where they can and from the read model where they must, through one cache. An answer
 * that was kept is as good as a new one, so it carries the position of now. Everything told is as of a position that the
 * folds have reached.
 */
export interface QueryParts {
  readonly folds: FoldReads & { version(scope: Scope): number; readonly changes: number };
  readonly current: Current;
  /** Log position that the folds include. */
  readonly position: () => number;
  /** `ANALYTICS_CACHE_TTL_MS`. */
  readonly ttlMs: number;
  readonly clock: () => number;
}

/** Dimensions of which the answer shows, or filters by, what is joined when read. */
const JOINED: readonly QueryDimension[] = ['category', 'level', 'badge', 'community'];

export class Queries {
  readonly #cache: AnswerCache;

  constructor(private readonly parts: QueryParts) {
    this.#cache = new AnswerCache(parts.ttlMs);
  }

  /** @returns a `QueryAnswer` as JSON. @throws {BusyError} {ReadTimeoutError} */
  query(question: Question): Promise<string> {
    const { folds } = this.parts;
    const ranges = rangesOf(question);
    const version = ranges.map((one) => folds.version(scopeOf(question, one))).join();
    return this.#answer(JSON.stringify(['query', question]), version, async (seq) => {
      const counted = ranges.map((one) => fromFolds(folds, question, one)).filter((one) => one !== undefined);
      const grouped = { periods: counted, groups: 0, series: [], other: undefined };
      if (counted.length === ranges.length) return [composeAnswer(question, ranges, grouped), seq];
      return this.parts.current.read(seq, async (connection, at) => [await answerFrom(connection, question), at]);
    });
  }

  /**
   * Anything else that is read from the current tables; kept until anything changes.
   * @param name tells the read and all that it depends on.
   * @returns what `work` found with its stamps, as JSON; undefined when it found nothing
   */
  async read(name: string, work: (connection: Connection) => Promise<object | undefined>): Promise<string | undefined> {
    try {
      return await this.#answer(name, String(this.parts.folds.changes), (seq) =>
        this.parts.current.read(seq, async (connection, at) => {
          const found = await work(connection);
          if (found === undefined) throw new NothingFound();
          return [found, at];
        }),
      );
    } catch (error) {
      if (error instanceof NothingFound) return undefined;
      throw error;
    }
  }

  /** A read whose result is not kept, told as of which position it is. @throws {BusyError} {ReadTimeoutError} */
  take<T>(work: (connection: Connection, seq: number) => Promise<T>): Promise<T> {
    return this.parts.current.read(this.parts.position(), work);
  }

  statistics(): CacheStatistics {
    return this.#cache.statistics();
  }

  async #answer(
    name: string,
    version: string,
    find: (seq: number) => Promise<[found: object, seq: number]>,
  ): Promise<string> {
    const seqNow = this.parts.position();
    const compute = async (): Promise<Kept> => {
      const [found, seq] = await find(seqNow);
      return { body: JSON.stringify(found), atMs: this.parts.clock(), seq };
    };
    const { body, atMs, seq, fresh } = await this.#cache.get(name, version, compute);
    const stamp = { timestamp: new Date(atMs).toISOString(), seq: fresh ? seq : Math.max(seq, seqNow) };
    return `${JSON.stringify(stamp).slice(0, -1)},${body.slice(1)}`;
  }
}

/** Is not kept: ids that nobody has are without number. */
class NothingFound extends Error {}

function scopeOf({ metric, groupBy, filters }: Question, range: Question['range']): Scope {
  return {
    range,
    standing: QUERY_METRICS[metric].kind === 'standing',
    joined: JOINED.some((dimension) => dimension === groupBy || filters[dimension] !== undefined),
  };
}
