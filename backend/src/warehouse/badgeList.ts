import { trendGrowth } from '../analyzers/numbers.js';
import type { BadgeSummary } from '../contract/index.js';
import { badgesOf, isFiltered, lastDaysOf, type BadgeFilter } from './badgeFilter.js';
import {
  BY_NAME,
  LATEST_FIRST,
  listPage,
  searching,
  type ListPage,
  type ListSql,
  type PageQuery,
  type Sort,
} from './listPage.js';
import { isoTimeOrNull } from './query.js';
import type { Connection } from './readModel.js';

/**
 * Templates: those that were created and those of which a badge was issued. Narrowed to an issuer, a community or a user,
 * only such badges are counted, and only templates that have one are listed.
 */
export interface BadgeListQuery extends PageQuery, BadgeFilter {
  readonly q?: string | undefined;
  readonly category?: string | undefined;
}

interface BadgeRow {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly level: number;
  readonly created: number | null;
  readonly issued: number;
  readonly revoked: number;
  readonly recipients: number;
  readonly issuers: number;
  readonly last7: number;
  readonly last30: number;
  readonly last: number | null;
}

const SORTS: Readonly<Record<string, Sort>> = {
  issued: { by: 'issued' },
  held: { by: 'issued - revoked' },
  recipients: { by: 'recipients' },
  last7: { by: 'last7' },
  last30: { by: 'last30' },
  created: LATEST_FIRST('created'),
  name: BY_NAME,
};

/** @param today days since the epoch */
export async function badgeList(
  connection: Connection,
  query: BadgeListQuery,
  today: number,
): Promise<ListPage<BadgeSummary>> {
  const page = await listPage<BadgeRow>(connection, listSql(query, today), SORTS, query);
  return { ...page, rows: page.rows.map(summaryOf) };
}

function listSql({ q, category, ...filter }: BadgeListQuery, today: number): ListSql {
  const counted = badgesOf(filter);
  const search = searching(q, ['name', 'id']);
  // One template alone, or all of them, also where nothing of it was issued.
  const alsoWithout = !isFiltered({ ...filter, badge: undefined });
  const known = `(FROM current_template ${filter.badge === undefined ? '' : 'WHERE template_id = ?'})`;
  return {
    sql: `SELECT * FROM (
      SELECT template_id AS id, coalesce(template.name, 'Badge ' || template_id) AS name,
        coalesce(template.category, 'unknown') AS category, coalesce(template.level, 0) AS level, template.at_ms AS created,
        coalesce(issued, 0) AS issued, coalesce(revoked, 0) AS revoked, coalesce(recipients, 0) AS recipients,
        coalesce(issuers, 0) AS issuers, coalesce(last7, 0) AS last7, coalesce(last30, 0) AS last30, last
      FROM (
        SELECT template_id, count(*) AS issued, count(revoked_ms) AS revoked, count(DISTINCT badge.recipient) AS recipients,
          count(DISTINCT badge.issuer) AS issuers, ${lastDaysOf(7, today)} AS last7, ${lastDaysOf(30, today)} AS last30,
          max(badge.at_ms) AS last
        FROM ${counted.sql} GROUP BY template_id
      ) AS counted ${alsoWithout ? 'FULL' : 'LEFT'} JOIN ${known} AS template USING (template_id))
      WHERE ${search.sql} ${category === undefined ? '' : 'AND category = ?'}`,
    values: [
      ...counted.values,
      ...(filter.badge === undefined ? [] : [filter.badge]),
      ...search.values,
      ...(category === undefined ? [] : [category]),
    ],
  };
}

const summaryOf = (row: BadgeRow): BadgeSummary => ({
  badgeId: row.id,
  badgeName: row.name,
  category: row.category,
  level: row.level,
  createdAt: isoTimeOrNull(row.created),
  issued: row.issued,
  revoked: row.revoked,
  held: row.issued - row.revoked,
  recipients: row.recipients,
  issuers: row.issuers,
  issuanceLast7Days: row.last7,
  issuanceLast30Days: row.last30,
  growth: trendGrowth(row.last7, row.last30),
  lastIssuedAt: isoTimeOrNull(row.last),
});
