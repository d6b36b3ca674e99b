import type { QueryDimension, QueryMetric } from '../contract/index.js';
import { idOrder } from './spans.js';

/**
 * What each metric of the query call counts, as SQL over the current tables: which rows, when they happened, and what
 * each dimension is of them. The words are in `docs/query.md`.
 */
export interface Measure {
  /** Relation, with the joins that `needs` names and no other. */
  from(needs: readonly QueryDimension[]): string;
  readonly atMs: string;
  /** Of a standing metric: when a row ceases to count; null for never. */
  readonly endMs?: string;
  /** Counted once a bucket; all rows are counted when it is left out. */
  readonly distinct?: string;
  /** Each as text. A dimension that the metric has not is left out. */
  readonly columns: Partial<Record<QueryDimension, string>>;
}

const TEMPLATE = 'LEFT JOIN current_template AS template USING (template_id)';

/** The community that badges of an owner belong to: an active one before an inactive one, then the lowest id. */
export const OWNED = `(
  SELECT owner, community_id FROM current_community
  QUALIFY row_number() OVER (PARTITION BY owner ORDER BY deactivated_ms IS NULL DESC, ${idOrder('community_id')}) = 1)`;

/** The joins that `BELONGS_TO` needs. */
export const COMMUNITY = `LEFT JOIN ${OWNED} AS owned ON owned.owner = badge.issuer
  LEFT JOIN current_community AS named ON named.community_id = badge.community_id`;

/** Id of the community that `badge` belongs to, null if to none. */
export const BELONGS_TO = 'CASE WHEN badge.community_id IS NULL THEN owned.community_id ELSE named.community_id END';

function badges(needs: readonly QueryDimension[]): string {
  const joins = [
    ...(needs.includes('category') || needs.includes('level') ? [TEMPLATE] : []),
    ...(needs.includes('community') ? [COMMUNITY] : []),
  ];
  return ['current_badge AS badge', ...joins].join(' ');
}

const OF_BADGE = {
  badge: 'template_id',
  issuer: 'badge.issuer',
  community: BELONGS_TO,
  user: 'badge.recipient',
};
const AS_MINTED = {
  category: `coalesce(badge.category, template.category, 'unknown')`,
  level: 'CAST(coalesce(badge.level, template.level, 0) AS VARCHAR)',
};
/** Also what lists and pages show of a badge that is held. */
export const AS_HELD = {
  category: `coalesce(badge.held_category, template.category, 'unknown')`,
  level: 'CAST(coalesce(badge.held_level, template.level, 0) AS VARCHAR)',
};

const timesOf = (atMs: string) => ({
  weekday: `CAST((${atMs} // 86400000 + 3) % 7 + 1 AS VARCHAR)`,
  hour: `CAST(${atMs} // 3600000 % 24 AS VARCHAR)`,
});

const flow = (atMs: string, distinct?: string): Measure => ({
  from: badges,
  atMs,
  ...(distinct !== undefined && { distinct }),
  columns: { ...OF_BADGE, ...AS_MINTED, ...timesOf(atMs) },
});

const USERS = { from: () => 'current_user', atMs: 'at_ms', columns: { user: 'principal' } };
const COMMUNITIES = {
  from: () => 'current_community',
  atMs: 'at_ms',
  columns: { community: 'community_id', user: 'creator' },
};
const MEMBERS = {
  from: () => 'current_member',
  atMs: 'at_ms',
  columns: { community: 'community_id', user: 'principal' },
};
const withTimes = (measure: Measure): Measure => ({
  ...measure,
  columns: { ...measure.columns, ...timesOf(measure.atMs) },
});

export const MEASURES: Readonly<Record<QueryMetric, Measure>> = {
  badgesIssued: flow('badge.at_ms'),
  badgesRevoked: flow('badge.revoked_ms'),
  activeUsers: flow('badge.at_ms', 'badge.recipient'),
  activeIssuers: flow('badge.at_ms', 'badge.issuer'),
  newUsers: withTimes(USERS),
  newCommunities: withTimes(COMMUNITIES),
  newMembers: withTimes(MEMBERS),
  totalBadgesIssued: { from: badges, atMs: 'badge.at_ms', columns: { ...OF_BADGE, ...AS_MINTED } },
  activeBadges: {
    from: badges,
    atMs: 'badge.at_ms',
    endMs: 'badge.revoked_ms',
    columns: { ...OF_BADGE, ...AS_HELD },
  },
  totalUsers: USERS,
  totalCommunities: COMMUNITIES,
  totalMembers: MEMBERS,
};
