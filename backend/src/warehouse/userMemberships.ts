import { isoTime, queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { idOrder } from './spans.js';

/** A community that a user is a member of; its name is null as long as its creation is not known. */
export interface Membership {
  readonly communityId: string;
  readonly name: string | null;
  readonly since: string;
  readonly owner: boolean;
}

/** The latest `limit`, the latest first. */
export async function userMemberships(connection: Connection, user: string, limit: number): Promise<Membership[]> {
  const rows = await queryRows<{ id: string; name: string | null; since: number; owner: boolean }>(
    connection,
    `SELECT community_id AS id, name, member.at_ms AS since, coalesce(owner = principal, false) AS owner
    FROM current_member AS member LEFT JOIN current_community USING (community_id)
    WHERE principal = ? ORDER BY since DESC, ${idOrder('id')} LIMIT ${limit}`,
    [user],
  );
  return rows.map(({ id, name, since, owner }) => ({ communityId: id, name, since: isoTime(since), owner }));
}
