import { MS_PER_DAY } from '../analyzers/calendar.js';
import { queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { stepsOf, type PeriodRun } from './spans.js';

/** What happened on each of the 30 days up to each period's moment. Days on which nothing did have no row. */
export interface DayFigures {
  readonly ix: number;
  /** Days since the epoch, UTC. */
  readonly day: number;
  readonly issued: number;
  readonly newUsers: number;
  /** Distinct recipients. */
  readonly activeUsers: number;
}

export const TREND_DAYS = 30;

export function dayTrends(connection: Connection, run: PeriodRun): Promise<DayFigures[]> {
  const days = `(
    SELECT 'issued' AS figure, from_ms // ${MS_PER_DAY} AS day, from_ms, to_ms FROM mint
    UNION ALL SELECT 'new', seen_ms // ${MS_PER_DAY}, from_ms, to_ms FROM seen_user
    UNION ALL SELECT 'active', day, from_ms, to_ms FROM active_day)`;
  const figure = (name: string): string => `coalesce(sum(n) FILTER (figure = '${name}'), 0)`;
  return queryRows<DayFigures>(
    connection,
    `WITH steps AS (${stepsOf('figure, day', days, run)})
    SELECT period.ix, steps.day, ${figure('issued')} AS issued, ${figure('new')} AS "newUsers", ${figure('active')} AS "activeUsers"
    FROM period JOIN steps ON steps.ix <= period.ix AND steps.day <= period.day AND steps.day > period.day - ${TREND_DAYS}
    GROUP BY ALL`,
  );
}
