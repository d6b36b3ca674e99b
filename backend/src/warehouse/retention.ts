import { MS_PER_DAY } from '../analyzers/calendar.js';
import { queryRows } from './query.js';
import type { Connection } from './readModel.js';

/** Of the users first seen 31–60 days before each period's moment, how many received a badge in the last 30 days. */
export interface Retention {
  readonly ix: number;
  readonly cohort: number;
  readonly retained: number;
}

/** Periods without such users have no row. */
export const retention = (connection: Connection): Promise<Retention[]> =>
  queryRows<Retention>(
    connection,
    `WITH cohort AS (
      SELECT ix, principal, day, as_of_ms FROM period
      JOIN seen_user ON seen_ms >= (day - 60) * ${MS_PER_DAY} AND seen_ms < (day - 30) * ${MS_PER_DAY}
        AND from_ms <= as_of_ms AND to_ms > as_of_ms)
    SELECT ix, count(DISTINCT principal) AS cohort, count(DISTINCT recipient) AS retained
    FROM cohort LEFT JOIN active_day ON recipient = principal AND active_day.day BETWEEN cohort.day - 29 AND cohort.day
      AND from_ms <= as_of_ms AND to_ms > as_of_ms
    GROUP BY ix`,
  );
