import NodeCache from 'node-cache';
import { dayOf, type DayRange } from '../analyzers/calendar.js';
import { PARTS, type CacheStatistics, type Part } from '../contract/index.js';
import { GzipBeginning } from './gzip.js';
import type { AnalyticsService, MetricReads } from './services.js';

/**
 * Serialised answers of the live metrics. An answer is a pure function of (part, log position, UTC day, range), so it is
 * computed, serialised and compressed once and sent as it is until the next batch or midnight; what was kept for another
 * position or day is dropped then. `timestamp` is when it was computed, `seq` the log position that it includes.
 */

/** Ranges kept for one log position: a dashboard asks for a handful, and none costs more than a few milliseconds. */
const MAX_ANSWERS = 100;

/** An answer as JSON in UTF-8, which is to be sent and not changed. */
export interface LiveAnswer {
  readonly plain: () => Buffer;
  readonly gzip: () => Promise<Buffer>;
}

/** An answer without its closing brace: what differs from one time to the next is put in its place. */
class Kept {
  #compressed: Promise<GzipBeginning> | undefined;

  constructor(private readonly beginning: Buffer) {}

  /** @param end the closing brace and what comes before it, in ASCII. */
  with(end: () => string): LiveAnswer {
    return {
      plain: () => {
        const last = end();
        const answer = Buffer.allocUnsafe(this.beginning.length + last.length);
        answer.set(this.beginning);
        answer.write(last, this.beginning.length, 'latin1');
        return answer;
      },
      gzip: async () => {
        const compressing = (this.#compressed ??= GzipBeginning.of(this.beginning));
        // Not kept for those who come next: it may have failed for want of memory.
        compressing.catch(() => (this.#compressed = undefined));
        return (await compressing).with(Buffer.from(end()));
      },
    };
  }
}

const READS: Record<Part, (reads: MetricReads, range: DayRange, now: number) => object> = {
  issuance: (reads, range, now) => reads.issuance(range, now),
  community: (reads, range, now) => reads.community(range, now),
  users: (reads, range, now) => reads.users(range, now),
  distribution: (reads, _range, now) => reads.distribution(now),
};

export class LiveReads {
  readonly #cache = new NodeCache({ useClones: false, checkperiod: 0 });
  #basis = '';

  /**
   * @param ttlMs longest time that an answer is kept (`ANALYTICS_CACHE_TTL_MS`); 0 keeps none.
   * @param others the figures of the cache beside this one, which are told together with its own
   */
  constructor(
    private readonly analytics: AnalyticsService,
    private readonly ttlMs: number,
    private readonly others: () => CacheStatistics,
  ) {}

  /** One part. */
  part(part: Part, range: DayRange, now: number): LiveAnswer {
    return this.#answer(part, range, now, (reads) => READS[part](reads, range, now)).with(() => '}');
  }

  /** All parts with the figures of the caches, which are fresh in every answer. */
  aggregated(range: DayRange, now: number): LiveAnswer {
    const answer = this.#answer('aggregated', range, now, (reads) => ({
      ...Object.fromEntries(PARTS.map((part) => [part, READS[part](reads, range, now)])),
      metrics: reads.metrics(),
      headline: reads.headline(range),
    }));
    // The rest, some 10 to 100 kB, is neither serialised nor encoded again.
    return answer.with(() => `,"cache":${JSON.stringify(this.statistics())}}`);
  }

  /** `hitRate` is the share of reads answered from the cache, 0 to 1. */
  statistics(): CacheStatistics {
    const [own, others] = [this.#cache.getStats(), this.others()];
    const [hits, misses] = [own.hits + others.hits, own.misses + others.misses];
    return { hits, misses, hitRate: hits === 0 ? 0 : Math.round((100 * hits) / (hits + misses)) / 100 };
  }

  #answer(name: string, range: DayRange, now: number, compute: (reads: MetricReads) => object): Kept {
    const seq = this.analytics.seq();
    const basis = `${seq}:${dayOf(now)}`;
    if (basis !== this.#basis) this.#dropAll();
    this.#basis = basis;
    const key = `${name}:${range.from}:${range.to}`;
    const kept = this.#cache.get<Kept>(key);
    if (kept !== undefined) return kept;
    const values = { timestamp: new Date(now).toISOString(), seq, ...compute(this.analytics.reads) };
    const answer = new Kept(Buffer.from(JSON.stringify(values).slice(0, -1)));
    if (this.#cache.keys().length >= MAX_ANSWERS) this.#dropAll();
    if (this.ttlMs > 0) this.#cache.set(key, answer, this.ttlMs / 1000);
    return answer;
  }

  /** By key, as emptying the cache as a whole would also forget its hits and misses. */
  #dropAll(): void {
    this.#cache.del(this.#cache.keys());
  }
}
