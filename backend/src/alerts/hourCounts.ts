import { MS_PER_HOUR } from '../analyzers/calendar.js';
import type { HeadlineMetric } from '../contract/index.js';
import { MEASURES } from '../warehouse/measures.js';
import { queryRows } from '../warehouse/query.js';
import type { Connection } from '../warehouse/readModel.js';

/** A number of the headline over the last hours, to the millisecond, and over as many just before: the folds count by days. */
export interface HourCount {
  readonly value: number;
  readonly previous: number;
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
