import { dayOf, MS_PER_DAY } from '../analyzers/calendar.js';
import { TREND_DAYS } from './dayTrends.js';
import { queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { addedUp, idOrder, stepsOf, type PeriodRun } from './spans.js';

/** The templates of which most badges were issued as of each period's moment, the largest first. */
export interface TemplateFigures {
  readonly ix: number;
  readonly templateId: string;
  readonly name: string;
  readonly category: string;
  readonly issued: number;
  /** Distinct recipients. */
  readonly recipients: number;
  /** Issued in the last `TREND_DAYS`, the day of the period's moment included. */
  readonly recent: number;
}

/** The day of a mint where it is recent for any period of the run, as SQL; null before, where it is of no matter. */
function recentDay({ firstMs }: PeriodRun): string {
  const day = `from_ms // ${MS_PER_DAY}`;
  return `CASE WHEN ${day} > ${dayOf(firstMs) - TREND_DAYS} THEN ${day} END`;
}

/** @param limit templates a period, at most */
export const topBadges = (connection: Connection, run: PeriodRun, limit: number): Promise<TemplateFigures[]> =>
  queryRows<TemplateFigures>(
    connection,
    `WITH mints AS (${stepsOf(`template_id, ${recentDay(run)} AS day`, 'mint', run)}),
    issued AS (SELECT ix, template_id, n AS issued FROM (${addedUp('template_id', 'mints')}) WHERE n > 0),
    top AS (
      SELECT *, row_number() OVER (PARTITION BY ix ORDER BY issued DESC, ${idOrder('template_id')}) AS place
      FROM issued QUALIFY place <= ${limit}),
    recent AS (
      SELECT ix, template_id, sum(n) AS recent
      FROM top JOIN period USING (ix) JOIN mints USING (template_id)
      WHERE mints.ix <= period.ix AND mints.day > period.day - ${TREND_DAYS} GROUP BY ALL),
    holders AS (${stepsOf('template_id', '(FROM template_holder SEMI JOIN top USING (template_id))', run)}),
    recipients AS (
      SELECT top.ix, template_id, sum(n) AS recipients
      FROM top JOIN holders USING (template_id) WHERE holders.ix <= top.ix GROUP BY ALL)
    SELECT top.ix, top.template_id AS "templateId", coalesce(name, 'Badge ' || top.template_id) AS name,
      coalesce(category, 'unknown') AS category, issued, recipients, coalesce(recent, 0) AS recent
    FROM top JOIN period USING (ix) JOIN recipients USING (ix, template_id) LEFT JOIN recent USING (ix, template_id)
    LEFT JOIN template ON template.template_id = top.template_id AND from_ms <= as_of_ms AND to_ms > as_of_ms
    ORDER BY top.ix, place`,
  );
