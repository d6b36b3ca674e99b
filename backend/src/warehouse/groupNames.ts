import { placeholders, queryRows } from './query.js';
import type { Connection } from './readModel.js';

/** The names of templates or communities by id, as the tables stand; those whose creation is not known are left out. */
export async function groupNames(
  connection: Connection,
  kind: 'badge' | 'community',
  ids: readonly string[],
): Promise<Map<string, string>> {
  const [table, key] = kind === 'badge' ? ['current_template', 'template_id'] : ['current_community', 'community_id'];
  const rows = await queryRows<{ id: string; name: string }>(
    connection,
    `SELECT ${key} AS id, name FROM ${table} WHERE ${key} IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
