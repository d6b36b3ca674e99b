import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { heardOf } from './databaseFile.js';
import { parquetOf } from './parquet.js';
import type { Cell, Connection, Value } from './readModel.js';
import type { Table } from './table.js';

/** A connection of this thread's DuckDB. */
export class OwnConnection implements Connection {
  constructor(private readonly connection: DuckDBConnection) {}

  async run(sql: string, values: readonly Value[] = []): Promise<void> {
    await hearing(this.connection.run(sql, [...values]));
  }

  async rows(sql: string, values: readonly Value[] = []): Promise<Record<string, Cell>[]> {
    const reader = await hearing(this.connection.runAndReadAll(sql, [...values]));
    const names = reader.deduplicatedColumnNames();
    return reader
      .getRows()
      .map(
        (row) => Object.fromEntries(row.map((value, index) => [names[index], plain(value)])) as Record<string, Cell>,
      );
  }

  parquet(table: Table): Promise<Buffer> {
    return hearing(parquetOf(this.connection, table));
  }

  interrupt(): void {
    this.connection.interrupt();
  }
}

async function hearing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw heardOf(error);
  }
}

const plain = (value: DuckDBValue): DuckDBValue => (typeof value === 'bigint' ? Number(value) : value);
