import { parentPort, workerData } from 'node:worker_threads';
import { joinThreads } from './calls.js';
import type { DatabaseFile } from './databaseFile.js';
import { Warehouse } from './duckdb.js';
import { FedLog } from './feed.js';
import type { Connection, Value } from './readModel.js';
import type { Table } from './table.js';
import type { ForTheThread } from './threadedWarehouse.js';

/**
 * The thread that has the read model to itself: appending a row and turning results into objects take time that the
 * thread of deliveries and viewers has better use for.
 */
if (parentPort === null) throw new Error('this is to be started by ThreadedWarehouse');

interface Lent {
  readonly connection: Connection;
  /** Ends what `Warehouse.use` waits for: with the error that was met, so that it hears of damage. */
  readonly giveBack: () => void;
  failure: { readonly error: unknown } | undefined;
}

// By itself it would end first, under what the database still has under way: the process could crash before it said why.
process.on('uncaughtException', (error) => void main.failed(error));

const lent = new Map<number, Lent>();
let lendings = 0;
let opened: Warehouse | undefined;

const main = joinThreads<ForTheThread>(parentPort, {
  async open(): Promise<number> {
    opened = await Warehouse.open({
      ...(workerData as DatabaseFile),
      logger: { warn },
      onMoved: (seq) => void main.moved(seq),
    });
    return opened.seq;
  },

  catchUp(head: number): Promise<void> {
    log.head = head;
    return warehouse().catchUp(log);
  },

  rebuild(head: number): Promise<void> {
    log.head = head;
    return warehouse().rebuild(log, (seq, upTo) => void main.rebuilt(seq, upTo));
  },

  lend: (): Promise<number> =>
    new Promise((resolve, reject) => {
      const id = (lendings += 1);
      const use = (connection: Connection): Promise<void> =>
        new Promise((done, failed) => {
          const lending: Lent = {
            connection,
            giveBack: () => (lending.failure === undefined ? done() : failed(lending.failure.error as Error)),
            failure: undefined,
          };
          lent.set(id, lending);
          resolve(id);
        });
      // What fails once it is lent was told to the borrower already.
      warehouse().use(use).catch(reject);
    }),

  giveBack(id: number): void {
    lent.get(id)?.giveBack();
    lent.delete(id);
  },

  run: (id: number, sql: string, values: readonly Value[]) => withLent(id, (connection) => connection.run(sql, values)),
  rows: (id: number, sql: string, values: readonly Value[]) =>
    withLent(id, (connection) => connection.rows(sql, values)),
  parquet: (id: number, table: Table): Promise<Uint8Array> => withLent(id, (connection) => connection.parquet(table)),

  interrupt(id: number): void {
    lent.get(id)?.connection.interrupt();
  },

  close: (): Promise<void> => warehouse().close(),
} satisfies ForMain);

/** What the main thread may ask. */
export type ForMain = {
  /** @returns the position of what is there. */
  open: () => Promise<number>;
  /** @param head of the log as it is now */
  catchUp: (head: number) => Promise<void>;
  rebuild: (head: number) => Promise<void>;
  /** @returns the number of a connection, which is held until it is given back. */
  lend: () => Promise<number>;
  giveBack: (id: number) => void;
  run: (id: number, sql: string, values: readonly Value[]) => Promise<void>;
  rows: (id: number, sql: string, values: readonly Value[]) => ReturnType<Connection['rows']>;
  parquet: (id: number, table: Table) => Promise<Uint8Array>;
  interrupt: (id: number) => void;
  close: () => Promise<void>;
};

/** One line of the log of the process. */
const warn = (fields: object, message: string): void => void main.warn(fields, message);

const log = new FedLog((after) => main.commitsAfter(after));

function warehouse(): Warehouse {
  if (opened === undefined) throw new Error('the read model is not open');
  return opened;
}

async function withLent<T>(id: number, work: (connection: Connection) => Promise<T>): Promise<T> {
  const lending = lent.get(id);
  if (lending === undefined) throw new Error('the connection was given back');
  try {
    return await work(lending.connection);
  } catch (error) {
    lending.failure ??= { error };
    throw error;
  }
}
