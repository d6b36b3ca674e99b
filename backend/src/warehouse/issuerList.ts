import type { IssuerSummary } from '../contract/index.js';
import { badgesOf, lastDaysOf } from './badgeFilter.js';
import { BY_ID, listPage, searching, type ListPage, type PageQuery, type Sort } from './listPage.js';
import { isoTime } from './query.js';
import type { Connection } from './readModel.js';

/** Whoever issued a badge. */
export interface IssuerListQuery extends PageQuery {
  readonly q?: string | undefined;
  /** One alone. */
  readonly issuer?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly issued: number;
  readonly revoked: number;
  readonly recipients: number;
  readonly templates: number;
  readonly last30: number;
  readonly first: number;
  readonly last: number;
}

const SORTS: Readonly<Record<string, Sort>> = {
  issued: { by: 'issued' },
  recipients: { by: 'recipients' },
  last30: { by: 'last30' },
  uniqueBadges: { by: 'templates' },
  issuer: BY_ID,
};

/** @param today days since the epoch */
export async function issuerList(
  connection: Connection,
  { q, issuer, ...page }: IssuerListQuery,
  today: number,
): Promise<ListPage<IssuerSummary>> {
  const search = searching(q, ['id']);
  const counted = badgesOf({ issuer });
  const sql = `SELECT * FROM (
      SELECT badge.issuer AS id, count(*) AS issued, count(revoked_ms) AS revoked, count(DISTINCT badge.recipient) AS recipients,
        count(DISTINCT template_id) AS templates, ${lastDaysOf(30, today)} AS last30, min(badge.at_ms) AS first, max(badge.at_ms) AS last
      FROM ${counted.sql} GROUP BY 1)
    WHERE ${search.sql}`;
  const found = await listPage<Row>(connection, { sql, values: [...counted.values, ...search.values] }, SORTS, page);
  return { ...found, rows: found.rows.map(summaryOf) };
}

const summaryOf = (row: Row): IssuerSummary => ({
  issuer: row.id,
  issued: row.issued,
  revoked: row.revoked,
  recipients: row.recipients,
  uniqueBadges: row.templates,
  issuanceLast30Days: row.last30,
  firstIssuedAt: isoTime(row.first),
  lastIssuedAt: isoTime(row.last),
});
