import type { CommunitySummary } from '../contract/index.js';
import { lastDaysOf } from './badgeFilter.js';
import { BY_NAME, LATEST_FIRST, listPage, searching, type ListPage, type PageQuery, type Sort } from './listPage.js';
import { BELONGS_TO, COMMUNITY } from './measures.js';
import { isoTime, isoTimeOrNull } from './query.js';
import type { Connection } from './readModel.js';

/** Communities that were created, with their members and the badges that belong to them. */
export interface CommunityListQuery extends PageQuery {
  readonly q?: string | undefined;
  /** One alone. */
  readonly community?: string | undefined;
  /** Of this owner. */
  readonly owner?: string | undefined;
  readonly status?: 'active' | 'inactive' | undefined;
}

/** What the page of a community shows beyond the list. */
export type ListedCommunity = CommunitySummary & {
  readonly creator: string;
  readonly deactivatedAt: string | null;
  readonly recipients: number;
};

interface Row {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly creator: string;
  readonly created: number;
  readonly ended: number | null;
  readonly members: number;
  readonly newMembers: number;
  readonly issued: number;
  readonly last30: number;
  readonly held: number;
  readonly recipients: number;
}

const SORTS: Readonly<Record<string, Sort>> = {
  badges: { by: 'issued' },
  members: { by: 'members' },
  last30: { by: 'last30' },
  created: LATEST_FIRST('created'),
  name: BY_NAME,
};

/** @param today days since the epoch */
export async function communityList(
  connection: Connection,
  { q, community, owner, status, ...page }: CommunityListQuery,
  today: number,
): Promise<ListPage<ListedCommunity>> {
  const search = searching(q, ['name', 'community_id']);
  const wanted = Object.entries({ community_id: community, owner }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const conditions = [
    search.sql,
    ...wanted.map(([column]) => `${column} = ?`),
    ...(status === undefined ? [] : [`deactivated_ms IS ${status === 'active' ? '' : 'NOT'} NULL`]),
  ];
  const sql = `
    SELECT community_id AS id, name, owner, creator, community.at_ms AS created, deactivated_ms AS ended,
      coalesce(members, 0) AS members, coalesce(new_members, 0) AS "newMembers", coalesce(issued, 0) AS issued,
      coalesce(last30, 0) AS last30, coalesce(held, 0) AS held, coalesce(recipients, 0) AS recipients
    FROM current_community AS community
    LEFT JOIN (
      SELECT community_id, count(*) AS members, ${lastDaysOf(30, today, 'at_ms')} AS new_members
      FROM current_member GROUP BY community_id) AS joined USING (community_id)
    LEFT JOIN (
      SELECT ${BELONGS_TO} AS community_id, count(*) AS issued, ${lastDaysOf(30, today)} AS last30,
        count(*) - count(revoked_ms) AS held, count(DISTINCT badge.recipient) AS recipients
      FROM current_badge AS badge ${COMMUNITY} GROUP BY 1) AS badges USING (community_id)
    WHERE ${conditions.join(' AND ')}`;
  const values = [...search.values, ...wanted.map(([, value]) => value)];
  const found = await listPage<Row>(connection, { sql, values }, SORTS, page);
  return { ...found, rows: found.rows.map(listed) };
}

const listed = (row: Row): ListedCommunity => ({
  communityId: row.id,
  name: row.name,
  owner: row.owner,
  active: row.ended === null,
  createdAt: isoTime(row.created),
  members: row.members,
  newMembersLast30Days: row.newMembers,
  badgesIssued: row.issued,
  badgesIssuedLast30Days: row.last30,
  badgesHeld: row.held,
  creator: row.creator,
  deactivatedAt: isoTimeOrNull(row.ended),
  recipients: row.recipients,
});
