import type { Aggregator } from '../analyzers/aggregator.js';
import { startOfDay, type OpenRange } from '../analyzers/calendar.js';
import type { BlockIndex } from '../chain/blocks.js';
import type { ActivityPage } from '../contract/activity.js';
import { activityItem, type ActivityNames, type ActivitySource } from '../events/activityItem.js';
import type { FactType } from '../events/fact.js';
import { decodeCursor, encodeCursor } from './activityCursor.js';
import { BELONGS_TO, COMMUNITY } from './measures.js';
import { queryRows } from './query.js';
import type { ReadModel, Value } from './readModel.js';

/**
 * The recent activity, newest first by event time, then by log position: the facts of all blocks, those that do not count
 * marked as retracted. What they are called, and whether they count, the folds know: they are asked for the rows of the
 * page alone, where looking up the mints of a page by SQL took 50 ms a million badges.
 */
export interface FoldedNames extends ActivityNames {
  /** Log position that the folds include: what lies beyond is not on the page yet. */
  readonly seq: number;
  /** Whether the last entry of this block says that it counts. */
  isCanonical(blockHash: string): boolean;
}

/** Looked up as the folds are when asked, which is at `seq` or later. */
export const foldedNames = (folds: Aggregator, blocks: BlockIndex, seq: number): FoldedNames => ({
  seq,
  isCanonical: (blockHash) => blocks.get(blockHash)?.canonical ?? false,
  templateName: (id) => folds.findTemplate(id)?.name,
  communityName: (id) => folds.findCommunity(id)?.name,
  mint: (id) => folds.findBadge(id),
});

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
  /** Days of the events, UTC. */
  readonly range?: OpenRange;
}

/** Whether the query looks at what counts now: the current tables have to be brought up before. */
export const isNarrowed = ({ badge, community, user }: ActivityQuery): boolean =>
  [badge, community, user].some((value) => value !== undefined);

/** @throws {BadCursorError} when `before` is no cursor of this list. */
export async function activity(
  warehouse: Pick<ReadModel, 'use'>,
  query: ActivityQuery,
  names: FoldedNames,
): Promise<ActivityPage> {
  const { sql, values } = pageSql(query, names.seq);
  const found = await warehouse.use((connection) => queryRows<ActivityRow>(connection, sql, values));
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  const isRetracted = ({ blockHash }: ActivityRow): boolean => blockHash !== null && !names.isCanonical(blockHash);
  return {
    items: rows.map((row) => activityItem(sourceOf(row), names, isRetracted(row))),
    next: last !== undefined && rows.length < found.length ? encodeCursor(last) : null,
  };
}

/** How many items there are in all, on whatever page; where the page begins does not matter. */
export async function countActivity(
  warehouse: Pick<ReadModel, 'use'>,
  { limit: _limit, before: _before, ...narrowed }: ActivityQuery,
  { seq }: Pick<FoldedNames, 'seq'>,
): Promise<number> {
  const { where, values } = whereOf(narrowed, seq);
  const sql = `SELECT count(*) AS total FROM fact WHERE ${where}`;
  const [row] = await warehouse.use((connection) => queryRows<{ total: number }>(connection, sql, values));
  return Number(row?.total ?? 0);
}

function pageSql({ limit, ...query }: ActivityQuery, upTo: number): { sql: string; values: Value[] } {
  const { where, values } = whereOf(query, upTo);
  const sql = `
    SELECT seq, id, type, at_ms AS "atMs", actor, subject, badge_id AS "badgeId", template_id AS "templateId",
      community_id AS "communityId", name, height, block_hash AS "blockHash", tx_id AS "txId"
    FROM fact WHERE ${where}
    ORDER BY at_ms DESC, seq DESC LIMIT ${limit + 1}`;
  return { sql, values };
}

function whereOf(
  { before, type, badge, community, user, range = {} }: Omit<ActivityQuery, 'limit'>,
  upTo: number,
): { where: string; values: Value[] } {
  const conditions = ['seq <= ?'];
  const values: Value[] = [BigInt(upTo)];
  if (type !== undefined) {
    conditions.push('type = ?');
    values.push(type);
  }
  if (range.from !== undefined) {
    conditions.push('at_ms >= ?');
    values.push(BigInt(startOfDay(range.from)));
  }
  if (range.to !== undefined) {
    conditions.push('at_ms < ?');
    values.push(BigInt(startOfDay(range.to + 1)));
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
  return { where: conditions.join(' AND '), values };
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

/** A row of the page; columns that the fact's type has not are null. */
interface ActivityRow {
  readonly seq: number;
  readonly id: string;
  readonly type: FactType;
  readonly atMs: number;
  readonly actor: string;
  readonly subject: string | null;
  readonly badgeId: string | null;
  readonly templateId: string | null;
  readonly communityId: string | null;
  readonly name: string | null;
  readonly height: number | null;
  readonly blockHash: string | null;
  readonly txId: string | null;
}
