import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Table, TableCell, TableType } from './table.js';

/** A table as a Parquet file, written by DuckDB to a directory of its own, which is gone afterwards. */
const SQL_TYPES: Readonly<Record<TableType, string>> = {
  text: 'VARCHAR',
  time: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
};

/** @param table its column names are those of our schemas: plain words */
export async function parquetOf(connection: DuckDBConnection, { columns, rows }: Table): Promise<Buffer> {
  const declared = columns.map(({ name, type }) => `"${name}" ${SQL_TYPES[type]}`).join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE exported (${declared})`);
  await appendRows(connection, { columns, rows });
  const selected = columns.map(({ name, type }) =>
    type === 'time' ? `CAST("${name}" AS TIMESTAMP) AS "${name}"` : `"${name}"`,
  );
  const directory = await mkdtemp(join(tmpdir(), 'passportx-export-'));
  try {
    const file = join(directory, 'export.parquet');
    const target = file.replaceAll(`'`, `''`);
    await connection.run(
      `COPY (SELECT ${selected.join(', ')} FROM exported) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    return await readFile(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Rows between two turns of the event loop, as in `load.ts`. */
const ROWS_A_TURN = 1_000;

async function appendRows(connection: DuckDBConnection, { columns, rows }: Table): Promise<void> {
  const appender = await connection.createAppender('exported', 'main', 'temp');
  for (const [index, row] of rows.entries()) {
    columns.forEach(({ type }, column) => append(appender, type, row[column] ?? null));
    appender.endRow();
    if (index % ROWS_A_TURN === ROWS_A_TURN - 1) await new Promise(setImmediate);
  }
  appender.closeSync();
}

function append(appender: DuckDBAppender, type: TableType, cell: TableCell): void {
  if (cell === null) appender.appendNull();
  else if (typeof cell === 'string') appender.appendVarchar(cell);
  else if (typeof cell === 'boolean') appender.appendBoolean(cell);
  else if (type === 'integer') appender.appendBigInt(BigInt(cell));
  else appender.appendDouble(cell);
}
