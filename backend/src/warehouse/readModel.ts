import type { LogReader } from '../log/log.js';
import type { Table } from './table.js';

/**
 * What the service asks of the read model, whichever thread it lives on: it follows the log off the path of
 * acknowledgements, and lends connections to those who read it.
 */
export interface ReadModel {
  /** Log position that the tables include. */
  readonly seq: number;
  /**
   * Reads the log up to its head as it is at the call, at least; calls wait for each other, and one that waits already
   * serves those that come meanwhile. What was read before an error stays. Not to be awaited inside `use`: a file found
   * damaged is replaced when nobody uses it.
   */
  catchUp(log: LogReader): Promise<void>;
  /** Drops all tables and reads the log from its start; otherwise as `catchUp`. */
  rebuild(log: LogReader, onProgress?: OnProgress): Promise<void>;
  /**
   * Lends a connection of its own for as long as `work` runs; not while dropped tables are read again, as they hold less
   * than they did. @throws {Error} when the read model is closed, or those tables could not be read again.
   */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Reads no more of the log, waits for what runs, then closes the file. */
  close(): Promise<void>;
}

/**
 * The read model cannot be used just now: its file is damaged, or cannot be written. Nothing is lost, the log has it, and
 * it is mended from there as soon as that is possible (503).
 */
export class ReadModelError extends Error {
  override readonly name = 'ReadModelError';
}

/** Told after each transaction: the position reached, and the head that is caught up to. */
export type OnProgress = (seq: number, head: number) => void;

/** A value that stands for a `?` of a statement. */
export type Value = string | number | bigint | boolean | null;

/** What a column of a result holds; counts and times are numbers (exact up to 2^53), never bigints. */
export type Cell = string | number | boolean | null;

/** Lent to one reader: its transactions and temporary tables are its own. */
export interface Connection {
  run(sql: string, values?: readonly Value[]): Promise<void>;
  /** All rows of a query as plain objects, named as in its select list. */
  rows(sql: string, values?: readonly Value[]): Promise<Record<string, Cell>[]>;
  /** A table as a Parquet file. */
  parquet(table: Table): Promise<Buffer>;
  /** Ends the statement that runs, if any, with an error. */
  interrupt(): void;
}
