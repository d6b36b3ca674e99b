import NodeCache from 'node-cache';
import { dayOf, type DayRange } from '../analyzers/calendar.js';
import { PARTS, type CacheStatistics, type Part } from '../contract/index.js';
import type { AnalyticsService, MetricReads } from './services.js';

/**
 * Serialised answers of the live metrics. An answer is a pure function of (part, log position, UTC day, range), so it is
 * computed and serialised once and sent as it is until the next batch or midnight; what was kept for another position or
 * day is dropped then. `timestamp` is when it was computed, `seq` the log position that it includes.
 */

/** Ranges kept for one log position: a dashboard asks for a handful, and none costs more than a few milliseconds. */
const MAX_ANSWERS = 100;

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

  /** One part, as JSON in UTF-8, which is to be sent and not changed. */
  part(part: Part, range: DayRange, now: number): Buffer {
    return this.#answer(part, range, now, (reads) => READS[part](reads, range, now));
  }

  /** All parts with the figures of the caches, which are fresh in every answer, as JSON in UTF-8. */
  aggregated(range: DayRange, now: number): Buffer {
    const answer = this.#answer('aggregated', range, now, (reads) => ({
      ...Object.fromEntries(PARTS.map((part) => [part, READS[part](reads, range, now)])),
      metrics: reads.metrics(),
      headline: reads.headline(range),
    }));
    // The figures go in place of the closing brace: the rest, some 10 to 100 kB, is neither serialised nor encoded again.
    return Buffer.concat([answer.subarray(0, -1), Buffer.from(`,"cache":${JSON.stringify(this.statistics())}}`)]);
  }

  /** `hitRate` is the share of reads answered from the cache, 0 to 1. */
  statistics(): CacheStatistics {
    const [own, others] = [this.#cache.getStats(), this.others()];
    const [hits, misses] = [own.hits + others.hits, own.misses + others.misses];
    return { hits, misses, hitRate: hits === 0 ? 0 : Math.round((100 * hits) / (hits + misses)) / 100 };
  }

  #answer(name: string, range: DayRange, now: number, compute: (reads: MetricReads) => object): Buffer {
    const seq = this.analytics.seq();
    this.#dropOthers(`${seq}:${dayOf(now)}`);
    const key = `${name}:${range.from}:${range.to}`;
    const kept = this.#cache.get<Buffer>(key);
    if (kept !== undefined) return kept;
    const values = { timestamp: new Date(now).toISOString(), seq, ...compute(this.analytics.reads) };
    const answer = Buffer.from(JSON.stringify(values));
    if (this.ttlMs > 0) this.#cache.set(key, answer, this.ttlMs / 1000);
    return answer;
  }

  /** By key, as emptying the cache as a whole would also forget its hits and misses. */
  #dropOthers(basis: string): void {
    if (basis === this.#basis && this.#cache.keys().length < MAX_ANSWERS) return;
    this.#basis = basis;
    this.#cache.del(this.#cache.keys());
  }
}
