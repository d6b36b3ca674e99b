import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { ActivityPage } from '../contract/activity.js';
import { activityItem, type ActivitySource } from '../events/activityItem.js';
import type { FactType } from '../events/fact.js';
import { decodeCursor, encodeCursor } from './activityCursor.js';
import { namesFor, type ActivityRow } from './activityNames.js';
import type { Warehouse } from './duckdb.js';
import { BELONGS_TO, COMMUNITY } from './measures.js';
import { queryRows } from './query.js';

/**
 * The recent activity, newest first by event time, then by log position: the facts of all blocks, those that do not count
 * marked as retracted. Only the rows of the page are joined with names, so a page of a long history is as quick.
 */
export interface ActivityQuery {
  /** Items of a page, at most. */
  readonly limit: number;
  /** `next` of the page before: the next one repeats and skips nothing, whatever comes in meanwhile. */
  readonly before?: string;
  readonly type?: FactType;
  /** Template id: its own events, and those of badges of it. */
  readonly badge?: string;
  /** Events that name it, and those of badges that belong to it. */
  readonly community?: string;
  /** Whom the event is of: who caused it, to whom it happened, or whose badge it is about. */
  readonly user?: string;
}

/** Whether the query looks at what counts now: the current tables have to be brought up before. */
export const isNarrowed = ({ badge, community, user }: ActivityQuery): boolean =>
  [badge, community, user].some((value) => value !== undefined);

/** @throws {BadCursorError} when `before` is no cursor of this list. */
export async function activity(warehouse: Warehouse, query: ActivityQuery): Promise<ActivityPage> {
  const { sql, values } = pageSql(query);
  return warehouse.use(async (connection) => {
    const found = await inOneTransaction(connection, async () => {
      const rows = await queryRows<ActivityRow>(connection, sql, values);
      return { rows, names: await namesFor(connection, rows) };
    });
    const rows = found.rows.slice(0, query.limit);
    const last = rows.at(-1);
    return {
      items: rows.map((row) => activityItem(sourceOf(row), found.names, !found.names.counts(row.blockHash))),
      next: last !== undefined && rows.length < found.rows.length ? encodeCursor(last) : null,
    };
  });
}

function pageSql({ limit, before, type, badge, community, user }: ActivityQuery): {
  sql: string;
  values: DuckDBValue[];
} {
  const conditions: string[] = [];
  const values: DuckDBValue[] = [];
  if (type !== undefined) {
    conditions.push('type = ?');
    values.push(type);
  }
  const about = (value: string | undefined, columns: readonly string[], ofBadge: string): void => {
    if (value === undefined) return;
    conditions.push(`(${columns.map((column) => `${column} = ?`).join(' OR ')} OR ${ofBadge})`);
    values.push(...columns.map(() => value), value);
  };
  // A mint says whose it is and of which template; what follows it does not.
  const followsMint = (column: string): string =>
    `template_id IS NULL AND badge_id IN (SELECT badge_id FROM current_badge WHERE ${column} = ?)`;
  about(badge, ['template_id'], followsMint('template_id'));
  about(user, ['actor', 'subject'], followsMint('recipient'));
  about(
    community,
    ['community_id'],
    `badge_id IN (SELECT badge_id FROM current_badge AS badge ${COMMUNITY} WHERE ${BELONGS_TO} = ?)`,
  );
  if (before !== undefined) {
    const { atMs, seq } = decodeCursor(before);
    // The first condition says nothing more, but lets whole row groups be passed over.
    conditions.push('at_ms <= ? AND (at_ms < ? OR seq < ?)');
    values.push(BigInt(atMs), BigInt(atMs), BigInt(seq));
  }
  const sql = `
    SELECT seq, id, type, at_ms AS "atMs", actor, subject, badge_id AS "badgeId", template_id AS "templateId",
      community_id AS "communityId", name, height, block_hash AS "blockHash", tx_id AS "txId"
    FROM fact ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY at_ms DESC, seq DESC LIMIT ${limit + 1}`;
  return { sql, values };
}

const sourceOf = ({ id, type, atMs, actor, ...row }: ActivityRow): ActivitySource => ({
  id,
  type,
  atMs,
  actor,
  subject: row.subject ?? undefined,
  badgeId: row.badgeId ?? undefined,
  templateId: row.templateId ?? undefined,
  communityId: row.communityId ?? undefined,
  name: row.name ?? undefined,
  height: row.height ?? undefined,
  txId: row.txId ?? undefined,
});

/** So that the names are of the same log position as the page. */
async function inOneTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN');
  const result = await work();
  await connection.run('COMMIT');
  return result;
}
