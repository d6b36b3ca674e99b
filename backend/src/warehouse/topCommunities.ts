import { queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { idOrder, stepsOf, type PeriodRun } from './spans.js';

/** The communities to which most badges belong as of each period's moment, the largest first. */
export interface CommunityFigures {
  readonly ix: number;
  readonly communityId: string;
  readonly name: string;
  readonly owner: string;
  readonly active: boolean;
  readonly members: number;
  readonly issued: number;
}

/**
 * A badge belongs to the community that its event names, if that was created, else to the one that its issuer owns:
 * active before inactive, then the lowest id. Ownership and activity are those of the period's moment.
 * @param limit communities a period, at most
 */
export const topCommunities = (connection: Connection, run: PeriodRun, limit: number): Promise<CommunityFigures[]> =>
  queryRows<CommunityFigures>(
    connection,
    `WITH known AS (
      SELECT ix, community.community_id, name, coalesce(ownership.owner, community.owner) AS owner,
        deactivation.at_ms IS NULL OR deactivation.at_ms > as_of_ms AS active
      FROM period JOIN community ON community.from_ms <= as_of_ms AND community.to_ms > as_of_ms
      LEFT JOIN ownership ON ownership.community_id = community.community_id
        AND ownership.from_ms <= as_of_ms AND ownership.to_ms > as_of_ms
      LEFT JOIN deactivation ON deactivation.community_id = community.community_id),
    owned AS (
      SELECT ix, owner, community_id FROM known
      QUALIFY row_number() OVER (PARTITION BY ix, owner ORDER BY active DESC, ${idOrder('community_id')}) = 1),
    mints AS (${stepsOf('community_id AS named, issuer', 'mint', run)}),
    -- Not added up for each pair in each period: those are many, and have few steps.
    minted AS (
      SELECT period.ix, named, issuer, sum(n) AS issued FROM period JOIN mints ON mints.ix <= period.ix GROUP BY ALL),
    issued AS (
      SELECT minted.ix, coalesce(named, owned.community_id) AS community_id, sum(issued) AS issued
      FROM minted LEFT JOIN owned ON owned.ix = minted.ix AND owned.owner = issuer GROUP BY ALL),
    top AS (
      SELECT known.*, coalesce(issued, 0) AS issued,
        row_number() OVER (PARTITION BY ix ORDER BY coalesce(issued, 0) DESC, ${idOrder('community_id')}) AS place
      FROM known LEFT JOIN issued USING (ix, community_id) QUALIFY place <= ${limit}),
    joined AS (${stepsOf('community_id', '(FROM member SEMI JOIN top USING (community_id))', run)}),
    members AS (
      SELECT top.ix, community_id, sum(n) AS members
      FROM top JOIN joined USING (community_id) WHERE joined.ix <= top.ix GROUP BY ALL)
    SELECT ix, community_id AS "communityId", name, owner, active, coalesce(members, 0) AS members, issued
    FROM top LEFT JOIN members USING (ix, community_id) ORDER BY ix, place`,
  );
