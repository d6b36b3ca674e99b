import { BadCursorError } from '../contract/index.js';
import { queryRows } from './query.js';
import type { Cell, Connection, Value } from './readModel.js';
import { idKey } from './spans.js';

/**
 * Pages of a list, by the value that it is sorted by and then by id: the next page begins where the last one ended,
 * whatever came in meanwhile. A cursor holds that place as text that callers pass back and need not understand.
 */
export interface ListSql {
  /** A query whose rows have the columns `id` and those of `sorts`. */
  readonly sql: string;
  /** Of its `?`, in order. */
  readonly values: readonly Value[];
}

/** SQL for the value that a list is sorted by; it is never null. */
export interface Sort {
  readonly by: string;
  readonly ascending?: boolean;
  /** Whether it is text; a number otherwise. */
  readonly text?: boolean;
}

export interface PageQuery {
  readonly sort: string;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface ListPage<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** @throws {BadCursorError} when `after` is no cursor of this list in this order. */
export async function listPage<Row extends { readonly [Column in keyof Row]: Cell }>(
  connection: Connection,
  list: ListSql,
  sorts: Readonly<Record<string, Sort>>,
  { sort, limit, after }: PageQuery,
): Promise<ListPage<Row>> {
  const order = sorts[sort];
  if (order === undefined) throw new Error(`the list has no order ${sort}`);
  const values = [...list.values];
  const [value, id] = after === undefined ? [] : decode(after, sort, order);
  if (value !== undefined && id !== undefined) values.push(value, value, id, id, id, id);
  const beyond = order.ascending ? '>' : '<';
  const rows = await queryRows<Row & { id: string; total: number; sorted: number | string }>(
    connection,
    `WITH item AS MATERIALIZED (${list.sql}), sorted AS (SELECT *, ${order.by} AS sorted FROM item)
    SELECT *, (SELECT count(*) FROM item) AS total FROM sorted
    ${after === undefined ? '' : `WHERE sorted ${beyond} ? OR sorted = ? AND ${idKey('id')} > ${idKey('?::VARCHAR')}`}
    ORDER BY sorted ${order.ascending ? 'ASC' : 'DESC'}, ${idKey('id')} LIMIT ${limit + 1}`,
    values,
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const total = rows[0]?.total ?? (after === undefined ? 0 : await countOf(connection, list));
  return {
    total,
    rows: shown,
    next: last !== undefined && rows.length > limit ? encode(sort, last.sorted, last.id) : null,
  };
}

async function countOf(connection: Connection, { sql, values }: ListSql): Promise<number> {
  const [row] = await queryRows<{ n: number }>(connection, `SELECT count(*) AS n FROM (${sql})`, [...values]);
  return row?.n ?? 0;
}

const encode = (sort: string, value: number | string, id: string): string =>
  Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');

function decode(cursor: string, sort: string, { text = false }: Sort): [value: number | string, id: string] {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new BadCursorError('after');
  }
  if (!Array.isArray(place) || place.length !== 3) throw new BadCursorError('after');
  const [of, value, id] = place as unknown[];
  if (of !== sort || typeof id !== 'string' || (text ? typeof value !== 'string' : !Number.isSafeInteger(value)))
    throw new BadCursorError('after');
  // Text that decodes to the same place, but is not what was given out, is refused as well.
  if (encode(sort, value as number | string, id) !== cursor) throw new BadCursorError('after');
  return [value as number | string, id];
}

/** What is not known comes last. */
export const LATEST_FIRST = (column: string): Sort => ({ by: `coalesce(${column}, -1)` });
/** Names by their first characters, without regard to case: what a list looks like, and a bound on a cursor. */
export const BY_NAME: Sort = { by: 'left(lower(name), 100)', ascending: true, text: true };
/** In the order of ids alone. */
export const BY_ID: Sort = { by: '0', ascending: true };

/** A condition that holds where one of the columns has the text in it, whatever its case; none without a text. */
export function searching(text: string | undefined, columns: readonly string[]): { sql: string; values: string[] } {
  if (text === undefined) return { sql: 'true', values: [] };
  return {
    sql: `(${columns.map((column) => `contains(lower(${column}), lower(?))`).join(' OR ')})`,
    values: columns.map(() => text),
  };
}
