import { MS_PER_DAY } from '../analyzers/calendar.js';
import { queryRows } from './query.js';
import type { Connection } from './readModel.js';

/** Of the users first seen 31–60 days before each period's moment, how many received a badge in the last 30 days. */
export interface Retention {
  readonly ix: number;
  readonly cohort: number;
  readonly retained: number;
}

/**
 * Periods without such users have no row. At a period's moment a user has one row at most: rows are counted, not distinct
 * users, which for the periods of a run together are more than DuckDB may hold in memory.
 */
export const retention = (connection: Connection): Promise<Retention[]> =>
  queryRows<Retention>(
    connection,
    `WITH cohort AS (
      SELECT ix, principal, day, as_of_ms FROM period
      JOIN seen_user ON seen_ms >= (day - 60) * ${MS_PER_DAY} AND seen_ms < (day - 30) * ${MS_PER_DAY}
        AND from_ms <= as_of_ms AND to_ms > as_of_ms),
    -- Those of the run alone: it is them that are looked up.
    recent AS (
      SELECT * FROM active_day WHERE day BETWEEN (SELECT min(day) - 29 FROM period) AND (SELECT max(day) FROM period)),
    returned AS (
      SELECT ix, count(*) AS retained FROM cohort
      SEMI JOIN recent ON recipient = principal AND recent.day >= cohort.day - 29 AND recent.day <= cohort.day
        AND from_ms <= as_of_ms AND to_ms > as_of_ms
      GROUP BY ix)
    SELECT ix, cohort, coalesce(retained, 0) AS retained
    FROM (SELECT ix, count(*) AS cohort FROM cohort GROUP BY ix) LEFT JOIN returned USING (ix)`,
  );
