import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** How the queries of this folder talk to DuckDB: SQL with `?` for values, rows as plain objects with numbers. */

/** What a column of a result holds; counts and times are numbers (exact up to 2^53), never bigints. */
export type Cell = string | number | boolean | null;

/** All rows of a query. `Row` is what its select list says: column by column, in snake case as written there. */
export async function queryRows<Row extends { readonly [Column in keyof Row]: Cell }>(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<Row[]> {
  const reader = await connection.runAndReadAll(sql, values);
  const names = reader.deduplicatedColumnNames();
  return reader
    .getRows()
    .map((row) => Object.fromEntries(row.map((value, index) => [names[index], plain(value)])) as Row);
}

const plain = (value: DuckDBValue): DuckDBValue => (typeof value === 'bigint' ? Number(value) : value);

/** `?, ?, …` for an `IN` list; `NULL` (which nothing equals) for an empty one. */
export const placeholders = (values: readonly unknown[]): string =>
  values.length === 0 ? 'NULL' : values.map(() => '?').join(', ');

/** ISO 8601 of a column of milliseconds. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const isoTimeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
