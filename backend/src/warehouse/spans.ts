import { MS_PER_DAY } from '../analyzers/calendar.js';

/**
 * SQL for what holds from when to when. Facts come in any order of event time and a later one can displace an earlier one
 * ("first mint by chain order counts"), so what counts as of a moment T is kept as spans: `from_ms <= T < to_ms`. One set
 * of spans then answers every T at once, and counting at many T is adding up where spans begin and end.
 */

/** `to_ms` of what holds for good. */
export const FOREVER = '9223372036854775807';

/** Those that come before a row in its window. */
const BEFORE = 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';

/**
 * From when to when each fact of `source` is the one that counts for its key: from its own time until one that comes
 * before it in `order` is there. `order` = chain order for "the first counts", its reverse for "the latest counts".
 * Nearly every key has one fact; only the others are sorted, which for millions of badges takes a quarter of the time.
 */
export const countingOf = (key: string, order: string, source: string): string => `
  WITH candidate AS MATERIALIZED (${source}),
  contested AS (SELECT ${key} FROM candidate GROUP BY ${key} HAVING count(*) > 1)
  SELECT *, at_ms AS from_ms, ${FOREVER} AS to_ms FROM candidate ANTI JOIN contested USING (${key})
  UNION ALL
  SELECT *, at_ms, coalesce(min(at_ms) OVER preferred, ${FOREVER}) FROM candidate SEMI JOIN contested USING (${key})
  WINDOW preferred AS (PARTITION BY ${key} ORDER BY ${order} ${BEFORE})
  QUALIFY at_ms < coalesce(min(at_ms) OVER preferred, ${FOREVER})`;

/**
 * Of several sightings of one key (`keys`), the earliest that holds: rows of `keys`, `seen_ms` (its time), `from_ms`,
 * `to_ms`. At any moment a key has at most one row, so counting rows counts distinct keys. Sorted are only the keys of
 * which a sighting ends.
 * @param source a relation with `keys`, `from_ms` and `to_ms`
 */
export const earliestOf = (keys: string, source: string): string => `
  WITH sighting AS MATERIALIZED (SELECT ${keys}, min(from_ms) AS seen_ms, to_ms FROM ${source} GROUP BY ALL),
  ending AS (SELECT DISTINCT ${keys} FROM sighting WHERE to_ms < ${FOREVER})
  SELECT ${keys}, seen_ms, seen_ms AS from_ms, to_ms FROM sighting ANTI JOIN ending USING (${keys})
  UNION ALL
  SELECT ${keys}, seen_ms, greatest(seen_ms, coalesce(max(to_ms) OVER earlier, 0)), to_ms
  FROM sighting SEMI JOIN ending USING (${keys})
  WINDOW earlier AS (PARTITION BY ${keys} ORDER BY seen_ms ${BEFORE})
  QUALIFY greatest(seen_ms, coalesce(max(to_ms) OVER earlier, 0)) < to_ms`;

/** A run of neighbouring periods of one length, of which all but the last have ended. */
export interface PeriodRun {
  /** Start of the first period, ms since the epoch. */
  readonly firstMs: number;
  readonly lengthMs: number;
  /** At least 1. */
  readonly count: number;
  /** Moment that the last period is seen at: its last ms, or earlier while it is open. Those before: their last ms. */
  readonly asOfMs: number;
}

/** The relation `period (ix, start_ms, as_of_ms, day)`; `day` is that of `as_of_ms`, in days since the epoch. */
export const periodsOf = ({ firstMs, lengthMs, count, asOfMs }: PeriodRun): string => `
  SELECT ix, start_ms, as_of_ms, as_of_ms // ${MS_PER_DAY} AS day FROM (
    SELECT ix, ${firstMs} + ix * ${lengthMs} AS start_ms,
      least(${firstMs} + (ix + 1) * ${lengthMs} - 1, ${asOfMs}) AS as_of_ms
    FROM range(${count}) AS periods (ix))`;

/**
 * How many rows of `source` begin or end to hold, by `keys` and the first period (`ix`) that sees it: adding up all `n` of
 * `ix <= i` gives the number as of period i. Grouped here once, so that the sum over periods is over few rows.
 */
export const stepsOf = (keys: string, source: string, { firstMs, lengthMs, asOfMs }: PeriodRun): string => `
  SELECT ${keys}, greatest(0, (step_ms - ${firstMs}) // ${lengthMs}) AS ix, sum(n) AS n
  FROM (
    SELECT *, from_ms AS step_ms, 1 AS n FROM ${source}
    UNION ALL SELECT *, to_ms, -1 FROM ${source} WHERE to_ms <= ${asOfMs})
  WHERE step_ms <= ${asOfMs}
  GROUP BY ALL`;

/**
 * The number as of each period of `period (ix)`, by `keys`, which may be null: `steps (keys, ix, n)` added up, with a row
 * for each key in each period. Each period joined with all steps up to it would be of the square of the periods.
 * @returns a relation `ix`, `keys`, `n`
 */
export const addedUp = (keys: string, steps: string): string => `
  SELECT ix, ${keys}, sum(n) OVER (PARTITION BY ${keys} ORDER BY ix) AS n
  FROM (
    SELECT ix, ${keys}, sum(n) AS n
    FROM (
      SELECT ix, ${keys}, n FROM ${steps}
      UNION ALL SELECT ix, ${keys}, 0 FROM (SELECT DISTINCT ${keys} FROM ${steps}) CROSS JOIN (SELECT ix FROM period))
    GROUP BY ALL)`;

/** `ORDER BY` of `compareIds`: text compares by byte, which is the order of code points. */
export const idOrder = (column: string): string =>
  `NOT ${isDecimal(column)}, CASE WHEN ${isDecimal(column)} THEN length(${column}) ELSE 0 END, ${column}`;

/** The same order as one value, for a comparison with that of another id. Names its argument four times. */
export const idKey = (column: string): string =>
  `row(NOT ${isDecimal(column)}, CASE WHEN ${isDecimal(column)} THEN length(${column}) ELSE 0 END, ${column})`;

const isDecimal = (column: string): string => `regexp_full_match(${column}, '0|[1-9][0-9]*')`;
