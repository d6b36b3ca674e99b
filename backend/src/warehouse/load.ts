import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import type { Commit, LogEntry } from '../log/log.js';
import { nameOf, type Position } from '../log/position.js';
import { blockRow, factRow, type Row } from './schema.js';

/**
 * Appends what the log holds after a position. Each bite is one transaction of whole commits with the position that it
 * ends at, so that after a crash the rows and the position still agree and the next catch-up goes on from there.
 */

/** Entries of one transaction: some 100 ms of work, and a crash costs no more than that. */
const BITE = 10_000;
/** Rows appended between two turns of the event loop: the appender runs on the JavaScript thread, some 7 µs a row. */
const ROWS_A_TURN = 1_000;

/** How far a read model has come. */
export interface Loaded extends Position {
  /** Rows of the table of facts. */
  readonly facts: number;
}

/** @param commits those that hold entries after `from`, in order; the first may straddle it. @yields after each bite. */
export async function* load(
  connection: DuckDBConnection,
  commits: AsyncIterable<Commit>,
  from: Loaded,
): AsyncGenerator<Loaded> {
  let position = from;
  let bite: [number, LogEntry][] = [];
  const flush = async (): Promise<Loaded> => {
    const taken = bite;
    bite = [];
    position = await append(connection, taken, position);
    return position;
  };
  for await (const { seq, entries } of commits) {
    entries.forEach((entry, index) => {
      if (seq + index > position.seq) bite.push([seq + index, entry]);
    });
    if (bite.length >= BITE) yield await flush();
  }
  if (bite.length > 0) yield await flush();
}

async function append(connection: DuckDBConnection, bite: [number, LogEntry][], from: Loaded): Promise<Loaded> {
  const last = bite.at(-1);
  if (last === undefined) return from;
  const facts = bite.filter(([, { kind }]) => kind === 'fact').length;
  const to = { seq: last[0], lastEntry: nameOf(last[1]), facts: from.facts + facts };
  await connection.run('BEGIN');
  try {
    await appendRows(connection, bite);
    await connection.run('UPDATE meta SET seq = ?, last_entry = ?', [BigInt(to.seq), to.lastEntry]);
    await connection.run('COMMIT');
    return to;
  } catch (error) {
    // DuckDB may have ended the transaction itself; what failed first is what counts.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function appendRows(connection: DuckDBConnection, bite: [number, LogEntry][]): Promise<void> {
  const facts = await connection.createAppender('fact');
  const blocks = await connection.createAppender('block');
  try {
    for (const [index, [seq, entry]] of bite.entries()) {
      if (entry.kind === 'fact') appendRow(facts, factRow(seq, entry.fact));
      else if (entry.kind === 'block') appendRow(blocks, blockRow(seq, entry));
      if (index % ROWS_A_TURN === ROWS_A_TURN - 1) await new Promise(setImmediate);
    }
  } catch (error) {
    // An appender writes what it still holds when it is closed, if only by the garbage collector.
    facts.clear();
    blocks.clear();
    throw error;
  } finally {
    facts.closeSync();
    blocks.closeSync();
  }
}

function appendRow(appender: DuckDBAppender, row: Row): void {
  for (const cell of row) {
    if (cell === undefined) appender.appendNull();
    else if (typeof cell === 'string') appender.appendVarchar(cell);
    else if (typeof cell === 'boolean') appender.appendBoolean(cell);
    else appender.appendBigInt(BigInt(cell));
  }
  appender.endRow();
}
