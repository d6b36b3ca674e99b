import { queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { stepsOf, type PeriodRun } from './spans.js';

/** How many there are as of each period's moment, and how many of them came within the period. */
export interface PeriodTotals {
  readonly ix: number;
  readonly issued: number;
  readonly users: number;
  /** Distinct recipients of all badges issued. */
  readonly holders: number;
  readonly communities: number;
  readonly issuedInPeriod: number;
  readonly newUsers: number;
  /** Distinct recipients of the badges issued in the period. */
  readonly activeUsers: number;
  readonly newCommunities: number;
}

const HOLDING = `(
  SELECT 'issued' AS figure, from_ms, to_ms FROM mint
  UNION ALL SELECT 'users', from_ms, to_ms FROM seen_user
  UNION ALL SELECT 'holders', from_ms, to_ms FROM holder
  UNION ALL SELECT 'communities', from_ms, to_ms FROM community)`;

export async function periodTotals(connection: Connection, run: PeriodRun): Promise<PeriodTotals[]> {
  const total = (figure: string): string => `coalesce(sum(n) FILTER (figure = '${figure}'), 0) AS ${figure}`;
  // Rows whose time is in a period of the run and that hold at its moment. The time of a user is that of the first
  // sighting, which may lie before `from_ms`: the sighting counts as first only since an earlier one was displaced.
  const within = (columns: string, timeMs: string, source: string): string => `
    SELECT ix, ${columns} FROM ${source} JOIN period ON ix = (${timeMs} - ${run.firstMs}) // ${run.lengthMs}
    WHERE ${timeMs} >= ${run.firstMs} AND from_ms <= as_of_ms AND to_ms > as_of_ms GROUP BY ix`;
  return queryRows<PeriodTotals>(
    connection,
    `WITH steps AS (${stepsOf('figure', HOLDING, run)}),
    totals AS (
      SELECT period.ix, ${['issued', 'users', 'holders', 'communities'].map(total).join(', ')}
      FROM period LEFT JOIN steps ON steps.ix <= period.ix GROUP BY period.ix)
    SELECT totals.*, coalesce(issued_in_period, 0) AS "issuedInPeriod", coalesce(active_users, 0) AS "activeUsers",
      coalesce(new_users, 0) AS "newUsers", coalesce(new_communities, 0) AS "newCommunities"
    FROM totals
    LEFT JOIN (${within('count(*) AS issued_in_period, count(DISTINCT recipient) AS active_users', 'from_ms', 'mint')}) USING (ix)
    LEFT JOIN (${within('count(*) AS new_users', 'seen_ms', 'seen_user')}) USING (ix)
    LEFT JOIN (${within('count(*) AS new_communities', 'from_ms', 'community')}) USING (ix)
    ORDER BY ix`,
  );
}
