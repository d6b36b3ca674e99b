import { queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { addedUp, idOrder, stepsOf, type PeriodRun } from './spans.js';

/** Badges held as of each period's moment by category and by level, the largest first. */
export interface HeldShare {
  readonly ix: number;
  /** The category, or the level in decimal. */
  readonly key: string;
  readonly held: number;
  /** Badges held in all. */
  readonly total: number;
}

/** Keys that are listed. Of more categories the rest goes to `other`; of more levels it is left out. */
const MOST_KEYS = 100;

/**
 * What is held by category or by level: as the badge itself says it, or, where it left that open, as its template does then.
 * Only of those the template is looked at, and period by period only where what it says begins or ends within the run: what
 * all the others say is the same in each, or unknown. Steps are few, whatever the number of badges.
 */
const held = (key: 'category' | 'level', run: PeriodRun): string => `
  changing AS (SELECT DISTINCT template_id AS id FROM template WHERE ${isWithin('from_ms', run)} OR ${isWithin('to_ms', run)}),
  said AS (
    SELECT template_id AS id, ${key} AS said FROM template
    WHERE from_ms <= ${run.asOfMs} AND to_ms > ${run.asOfMs} AND template_id NOT IN (FROM changing)),
  of_badges AS (${stepsOf(`CASE WHEN ${key} IS NULL THEN template_id END AS template_id, ${key}`, 'held', run)}),
  steps AS (
    SELECT ix, changing.id AS template_id, coalesce(${key}, said) AS ${key}, sum(n) AS n
    FROM of_badges LEFT JOIN changing ON changing.id = template_id LEFT JOIN said ON said.id = template_id GROUP BY ALL),
  held_then AS (
    SELECT ix, as_of_ms, template_id, ${key}, n AS held
    FROM (${addedUp(`template_id, ${key}`, 'steps')}) JOIN period USING (ix) WHERE n > 0),
  named AS (
    SELECT ix, held, CAST(coalesce(held_then.${key}, template.${key}, ${UNKNOWN[key]}) AS VARCHAR) AS ${key}
    FROM held_then LEFT JOIN template
      ON template.template_id = held_then.template_id AND from_ms <= as_of_ms AND to_ms > as_of_ms)`;

/** Whether a moment lies after the first period's first ms, and not after the moment that the last is seen at. */
const isWithin = (ms: string, { firstMs, asOfMs }: PeriodRun): string => `(${ms} > ${firstMs} AND ${ms} <= ${asOfMs})`;

/** Of a template that is not known, as SQL. */
const UNKNOWN = { category: `'unknown'`, level: '0' };

/** Keys of one kind with their count, their rank and how many there are. */
const ranked = (key: string): string => `
  SELECT ix, ${key} AS key, sum(held) AS held, sum(sum(held)) OVER (PARTITION BY ix) AS total,
    row_number() OVER (PARTITION BY ix ORDER BY sum(held) DESC, ${idOrder(key)}) AS place, count(*) OVER (PARTITION BY ix) AS keys
  FROM named GROUP BY ix, ${key}`;

export const heldByCategory = (connection: Connection, run: PeriodRun): Promise<HeldShare[]> =>
  shares(
    connection,
    `WITH ${held('category', run)}, ranked AS (${ranked('category')}),
    capped AS (
      SELECT ix, total, held, CASE WHEN keys > ${MOST_KEYS} AND place >= ${MOST_KEYS} THEN 'other' ELSE key END AS key FROM ranked)
    SELECT ix, key, total, sum(held) AS held FROM capped GROUP BY ix, key, total`,
  );

export const heldByLevel = (connection: Connection, run: PeriodRun): Promise<HeldShare[]> =>
  shares(
    connection,
    `WITH ${held('level', run)} SELECT ix, key, total, held FROM (${ranked('level')}) WHERE place <= ${MOST_KEYS}`,
  );

const shares = (connection: Connection, rows: string): Promise<HeldShare[]> =>
  queryRows<HeldShare>(
    connection,
    `SELECT ix, key, held, total FROM (${rows}) ORDER BY ix, held DESC, ${idOrder('key')}`,
  );
