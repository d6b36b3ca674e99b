import type { Logger } from 'pino';
import { MS_PER_HOUR } from '../analyzers/calendar.js';
import type { HeadlineMetric } from '../contract/index.js';
import { MEASURES } from '../warehouse/measures.js';
import { queryRows } from '../warehouse/query.js';
import type { Connection } from '../warehouse/readModel.js';

/**
 * Numbers of the headline over the last hours, to the millisecond, and over as many just before. The folds count by days,
 * so the read model is asked, beside the batches and not in them: they are told what was read last, a few seconds ago at
 * most. Nothing is known until the first answer, nor after one that failed.
 */
export interface HourCount {
  readonly value: number;
  readonly previous: number;
}

export interface HourCountsOptions {
  readonly read: (metric: HeadlineMetric, hours: number, nowMs: number) => Promise<HourCount>;
  /** Something else is known now. */
  readonly onRead: () => void;
  readonly clock: () => number;
  readonly logger: Logger;
}

/** How old an answer may be before it is asked for again. */
export const FRESH_MS = 2_000;
/** What nobody has asked for so long is forgotten. */
const FORGET_MS = 60_000;

interface Kept {
  count: HourCount | undefined;
  readMs: number;
  askedMs: number;
  reading: boolean;
}

export class HourCounts {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly options: HourCountsOptions) {}

  /** What was read last; undefined when it is not known (yet). */
  latest(metric: HeadlineMetric, hours: number): HourCount | undefined {
    const now = this.options.clock();
    for (const [key, { askedMs }] of this.#kept) if (now - askedMs > FORGET_MS) this.#kept.delete(key);
    const key = `${metric} ${hours}`;
    const kept = this.#kept.get(key) ?? { count: undefined, readMs: -Infinity, askedMs: now, reading: false };
    this.#kept.set(key, kept);
    kept.askedMs = now;
    if (!kept.reading && now - kept.readMs >= FRESH_MS) void this.#read(kept, metric, hours);
    return kept.count;
  }

  /** Never throws. */
  async #read(kept: Kept, metric: HeadlineMetric, hours: number): Promise<void> {
    const { read, onRead, clock, logger } = this.options;
    kept.reading = true;
    try {
      kept.count = await read(metric, hours, clock());
    } catch (error) {
      logger.warn({ err: error, metric, hours }, 'a count of the last hours could not be read');
      kept.count = undefined;
    }
    kept.reading = false;
    kept.readMs = clock();
    onRead();
  }
}

/** From the current tables: what counts now. A block that is a little ahead of our clock is of the last hour, too. */
export async function hourCount(
  connection: Connection,
  metric: HeadlineMetric,
  hours: number,
  nowMs: number,
): Promise<HourCount> {
  const { from, atMs, distinct } = MEASURES[metric];
  const counted = distinct === undefined ? 'count(*)' : `count(DISTINCT ${distinct})`;
  const since = BigInt(nowMs - hours * MS_PER_HOUR);
  const before = BigInt(nowMs - 2 * hours * MS_PER_HOUR);
  const [row] = await queryRows<{ value: number; previous: number }>(
    connection,
    `SELECT ${counted} FILTER (${atMs} > ?) AS value, ${counted} FILTER (${atMs} <= ?) AS previous
    FROM ${from([])} WHERE ${atMs} > ?`,
    [since, since, before],
  );
  return { value: row?.value ?? 0, previous: row?.previous ?? 0 };
}
