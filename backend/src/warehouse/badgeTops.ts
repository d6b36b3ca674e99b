import { badgesOf, type BadgeFilter } from './badgeFilter.js';
import { AS_HELD, BELONGS_TO, COMMUNITY } from './measures.js';
import { queryRows } from './query.js';
import type { Connection } from './readModel.js';
import { idOrder } from './spans.js';

/** The largest groups of some badges, for pages: by issuer, community, template, level or category; by count, then id. */
export interface TopGroup {
  readonly id: string;
  /** Of a template or a community; else the id. */
  readonly name: string;
  readonly n: number;
}

const GROUPS = {
  issuer: { key: 'badge.issuer', join: '', held: false, name: 'id' },
  community: {
    key: BELONGS_TO,
    join: 'LEFT JOIN current_community AS names ON names.community_id = id',
    held: false,
    name: 'names.name',
  },
  badge: {
    key: 'template_id',
    join: 'LEFT JOIN current_template AS names ON names.template_id = id',
    held: false,
    name: `coalesce(names.name, 'Badge ' || id)`,
  },
  level: { key: AS_HELD.level, join: '', held: true, name: 'id' },
  category: { key: AS_HELD.category, join: '', held: true, name: 'id' },
} as const;

/** Levels and categories are those of badges held, as held; the others count badges issued. */
export function badgeTops(
  connection: Connection,
  filter: BadgeFilter,
  group: keyof typeof GROUPS,
  limit: number,
): Promise<TopGroup[]> {
  const { key, join, held, name } = GROUPS[group];
  const { sql, values } = badgesOf(filter);
  const source = `(SELECT badge.* FROM ${sql}) AS badge
    ${group === 'community' ? COMMUNITY : ''} LEFT JOIN current_template AS template USING (template_id)`;
  return queryRows<TopGroup>(
    connection,
    `WITH top AS (
      SELECT ${key} AS id, count(*) AS n FROM ${source} ${held ? 'WHERE badge.revoked_ms IS NULL' : ''}
      GROUP BY 1 HAVING id IS NOT NULL ORDER BY n DESC, ${idOrder('id')} LIMIT ${limit})
    SELECT id, ${name} AS name, n FROM top ${join} ORDER BY n DESC, ${idOrder('id')}`,
    values,
  );
}
