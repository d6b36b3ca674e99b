import type { UserSummary } from '../contract/index.js';
import { BY_ID, LATEST_FIRST, listPage, searching, type ListPage, type PageQuery, type Sort } from './listPage.js';
import { isoTime, isoTimeOrNull } from './query.js';
import type { Connection } from './readModel.js';

/** Users, with the badges issued to them and their memberships. */
export interface UserListQuery extends PageQuery {
  readonly q?: string | undefined;
  /** One alone. */
  readonly user?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly seen: number;
  readonly badges: number;
  readonly held: number;
  readonly last: number | null;
  readonly communities: number;
}

const SORTS: Readonly<Record<string, Sort>> = {
  badges: { by: 'badges' },
  held: { by: 'held' },
  communities: { by: 'communities' },
  lastBadge: LATEST_FIRST('last'),
  firstSeen: LATEST_FIRST('seen'),
  principal: BY_ID,
};

export async function userList(
  connection: Connection,
  { q, user, ...page }: UserListQuery,
): Promise<ListPage<UserSummary>> {
  const search = searching(q, ['principal']);
  const only = (column: string): string => (user === undefined ? '' : `WHERE ${column} = ?`);
  const sql = `
    SELECT principal AS id, seen.at_ms AS seen, coalesce(badges, 0) AS badges, coalesce(held, 0) AS held, last,
      coalesce(communities, 0) AS communities
    FROM (FROM current_user ${only('principal')}) AS seen
    LEFT JOIN (
      SELECT recipient AS principal, count(*) AS badges, count(*) - count(revoked_ms) AS held, max(at_ms) AS last
      FROM current_badge ${only('recipient')} GROUP BY recipient) AS received USING (principal)
    LEFT JOIN (
      SELECT principal, count(*) AS communities FROM current_member ${only('principal')} GROUP BY principal
    ) AS joined USING (principal)
    WHERE ${search.sql}`;
  const values = [...(user === undefined ? [] : [user, user, user]), ...search.values];
  const found = await listPage<Row>(connection, { sql, values }, SORTS, page);
  return { ...found, rows: found.rows.map(summaryOf) };
}

const summaryOf = (row: Row): UserSummary => ({
  principal: row.id,
  firstSeenAt: isoTime(row.seen),
  badgesIssued: row.badges,
  badgesHeld: row.held,
  communities: row.communities,
  lastBadgeAt: isoTimeOrNull(row.last),
});
