import type { Cell, Connection, Value } from './readModel.js';

/** How the queries of this folder talk to the read model: SQL with `?` for values, rows as plain objects with numbers. */

/** All rows of a query. `Row` is what its select list says: column by column, in snake case as written there. */
export async function queryRows<Row extends { readonly [Column in keyof Row]: Cell }>(
  connection: Connection,
  sql: string,
  values: readonly Value[] = [],
): Promise<Row[]> {
  return (await connection.rows(sql, values)) as Row[];
}

/** `?, ?, …` for an `IN` list; `NULL` (which nothing equals) for an empty one. */
export const placeholders = (values: readonly unknown[]): string =>
  values.length === 0 ? 'NULL' : values.map(() => '?').join(', ');

/** ISO 8601 of a column of milliseconds. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
