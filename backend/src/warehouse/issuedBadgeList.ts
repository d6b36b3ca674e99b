import type { IssuedBadge } from '../contract/index.js';
import type { BadgeFilter } from './badgeFilter.js';
import { listPage, type ListPage, type PageQuery, type Sort } from './listPage.js';
import { AS_HELD, BELONGS_TO, COMMUNITY } from './measures.js';
import { isoTime, isoTimeOrNull } from './query.js';
import type { Connection } from './readModel.js';

/** Badges one by one, the latest first: of a template, of a user, of an issuer, of a community. */
export interface IssuedBadgeQuery extends PageQuery, BadgeFilter {
  readonly status?: 'held' | 'revoked' | undefined;
}

interface Row {
  readonly id: string;
  readonly template: string;
  readonly name: string;
  readonly category: string;
  readonly level: number;
  readonly recipient: string;
  readonly issuer: string;
  readonly community: string | null;
  readonly communityName: string | null;
  readonly issued: number;
  readonly revoked: number | null;
  readonly height: number | null;
  readonly txId: string | null;
}

const SORTS: Readonly<Record<string, Sort>> = { issuedAt: { by: 'issued' } };

export async function issuedBadgeList(
  connection: Connection,
  { badge, issuer, community, user, status, ...page }: IssuedBadgeQuery,
): Promise<ListPage<IssuedBadge>> {
  const wanted = Object.entries({ template_id: badge, issuer, recipient: user, belongs_to: community }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const conditions = [
    ...wanted.map(([column]) => `${column} = ?`),
    ...(status === undefined ? [] : [`revoked_ms IS ${status === 'held' ? '' : 'NOT'} NULL`]),
  ];
  const sql = `
    SELECT badge_id AS id, template_id AS template, coalesce(template.name, 'Badge ' || template_id) AS name,
      ${AS_HELD.category} AS category, coalesce(badge.held_level, template.level, 0) AS level, recipient, issuer,
      belongs_to AS community, home.name AS "communityName", badge.at_ms AS issued, revoked_ms AS revoked, height, tx_id AS "txId"
    FROM (SELECT badge.*, ${BELONGS_TO} AS belongs_to FROM current_badge AS badge ${COMMUNITY}) AS badge
    LEFT JOIN current_template AS template USING (template_id)
    LEFT JOIN current_community AS home ON home.community_id = belongs_to
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}`;
  const found = await listPage<Row>(connection, { sql, values: wanted.map(([, value]) => value) }, SORTS, page);
  return { ...found, rows: found.rows.map(itemOf) };
}

const itemOf = (row: Row): IssuedBadge => ({
  id: row.id,
  badgeId: row.template,
  badgeName: row.name,
  category: row.category,
  level: row.level,
  recipient: row.recipient,
  issuer: row.issuer,
  communityId: row.community,
  communityName: row.communityName,
  issuedAt: isoTime(row.issued),
  revokedAt: isoTimeOrNull(row.revoked),
  height: row.height,
  txId: row.txId,
});
