import type { CommunityMember } from '../contract/index.js';
import { BY_ID, LATEST_FIRST, listPage, searching, type ListPage, type PageQuery, type Sort } from './listPage.js';
import { BELONGS_TO, COMMUNITY } from './measures.js';
import { isoTime } from './query.js';
import type { Connection } from './readModel.js';

/** The members of one community, with what the community issued to each. */
export interface MemberListQuery extends PageQuery {
  readonly community: string;
  readonly q?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly since: number;
  readonly owner: boolean;
  readonly badges: number;
}

const SORTS: Readonly<Record<string, Sort>> = {
  since: LATEST_FIRST('since'),
  badges: { by: 'badges' },
  principal: BY_ID,
};

export async function memberList(
  connection: Connection,
  { community, q, ...page }: MemberListQuery,
): Promise<ListPage<CommunityMember>> {
  const search = searching(q, ['principal']);
  const sql = `
    SELECT principal AS id, member.at_ms AS since, coalesce(community.owner = principal, false) AS owner,
      coalesce(badges, 0) AS badges
    FROM current_member AS member LEFT JOIN current_community AS community USING (community_id)
    LEFT JOIN (
      SELECT badge.recipient AS principal, count(*) AS badges FROM current_badge AS badge ${COMMUNITY}
      WHERE ${BELONGS_TO} = ? GROUP BY 1) AS received USING (principal)
    WHERE member.community_id = ? AND ${search.sql}`;
  const values = [community, community, ...search.values];
  const found = await listPage<Row>(connection, { sql, values }, SORTS, page);
  const rows = found.rows.map(({ id, since, owner, badges }) => ({
    principal: id,
    since: isoTime(since),
    owner,
    badges,
  }));
  return { ...found, rows };
}
