import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Logger } from 'pino';
import type { EventLog } from '../log/log.js';
import { mismatch, type Position } from '../log/position.js';
import { isDamage, openOrRebuild, removeFile, type DatabaseFile } from './databaseFile.js';
import { load } from './load.js';

/**
 * The read model: the log as tables of a DuckDB file, for what the folds do not hold. It follows the log off the path of
 * acknowledgements and holds nothing of its own: damaged, or of another log, it is dropped and read again from the start.
 */
export interface WarehouseOptions extends DatabaseFile {
  readonly logger: Logger;
}

/** Told after each transaction: the position reached, and the head that is caught up to. */
export type OnProgress = (seq: number, head: number) => void;

export class Warehouse {
  /** Two instances on one file in one process lose data silently, and DuckDB does not refuse the second. */
  static readonly #openPaths = new Set<string>();

  readonly #path: string;
  #knownLog: EventLog | undefined;
  #catchingUp: Promise<void> = Promise.resolve();
  /** The catch-up whose turn has not come: batches can come faster than DuckDB writes them. */
  #waiting: { readonly log: EventLog; readonly done: Promise<void> } | undefined;
  #replacing: Promise<void> | undefined;
  #damaged = false;
  #closed = false;
  readonly #inUse = new Set<Promise<unknown>>();

  private constructor(
    private readonly options: WarehouseOptions,
    private instance: DuckDBInstance,
    private position: Position,
  ) {
    this.#path = resolve(options.path);
  }

  /** @throws {Error} when this process or another one has the file open. */
  static async open(options: WarehouseOptions): Promise<Warehouse> {
    const path = resolve(options.path);
    if (Warehouse.#openPaths.has(path)) throw new Error(`read model ${path} is open in this process already`);
    Warehouse.#openPaths.add(path);
    try {
      return new Warehouse(options, ...(await openOrRebuild(options, options.logger)));
    } catch (error) {
      Warehouse.#openPaths.delete(path);
      throw error;
    }
  }

  /** Log position that the tables include. */
  get seq(): number {
    return this.position.seq;
  }

  /**
   * Reads the log up to its head as it is at the call, at least; calls wait for each other, and one that waits already
   * serves those that come meanwhile. What was read before an error stays. Not to be awaited inside `use`: a file found
   * damaged is replaced when nobody uses it.
   */
  catchUp(log: EventLog, onProgress?: OnProgress): Promise<void> {
    if (onProgress !== undefined) return this.#inTurn(() => this.#catchUpTo(log.head, log, onProgress));
    if (this.#waiting?.log === log) return this.#waiting.done;
    const done = this.#inTurn(() => {
      this.#waiting = undefined;
      return this.#catchUpTo(log.head, log);
    });
    this.#waiting = { log, done };
    return done;
  }

  /** Drops all tables and reads the log from its start; otherwise as `catchUp`. */
  rebuild(log: EventLog, onProgress?: OnProgress): Promise<void> {
    const { head } = log;
    return this.#inTurn(() => this.#startOver('on request', head, log, onProgress));
  }

  /**
   * Lends a connection of its own for as long as `work` runs; not while dropped tables are read again, as they hold less
   * than they did. @throws {Error} when the warehouse is closed, or those tables could not be read again.
   */
  async use<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    while (this.#replacing !== undefined) await this.#replacing;
    if (this.#closed) throw new Error('the read model is closed');
    const running = this.#lend(work);
    this.#inUse.add(running);
    try {
      return await running;
    } catch (error) {
      if (isDamage(error)) this.#damaged = true;
      throw error;
    } finally {
      this.#inUse.delete(running);
    }
  }

  /** Waits for what runs, then closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#catchingUp;
    await Promise.allSettled(this.#inUse);
    this.instance.closeSync();
    Warehouse.#openPaths.delete(this.#path);
  }

  async #lend<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const run = this.#catchingUp.then(() => {
      if (this.#closed) throw new Error('the read model is closed');
      return work();
    });
    this.#catchingUp = run.catch(() => undefined);
    return run;
  }

  async #catchUpTo(head: number, log: EventLog, onProgress?: OnProgress): Promise<void> {
    const unusable = this.#damaged ? 'it is damaged' : await this.#whyNotOf(log);
    if (unusable !== undefined) await this.#startOver(unusable, head, log, onProgress);
    this.#knownLog = log;
    try {
      await this.#load(head, log, onProgress);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#startOver(String(error), head, log, onProgress);
    }
  }

  async #load(head: number, log: EventLog, onProgress?: OnProgress): Promise<void> {
    if (this.seq >= head) return;
    await this.#lend(async (connection) => {
      for await (const position of load(connection, log.read(this.seq), this.position)) {
        this.position = position;
        onProgress?.(position.seq, head);
        if (position.seq >= head) return;
      }
    });
  }

  /** Told by the entry that was read last, once for each log. */
  async #whyNotOf(log: EventLog): Promise<string | undefined> {
    return log === this.#knownLog ? undefined : mismatch(log, this.position);
  }

  async #startOver(reason: string, head: number, log: EventLog, onProgress?: OnProgress): Promise<void> {
    const { path, logger } = this.options;
    logger.warn({ path, reason }, 'read model dropped, will be rebuilt from the log');
    this.#replacing = this.#replaceFile().then(() => this.#load(head, log, onProgress));
    try {
      await this.#replacing;
    } finally {
      this.#replacing = undefined;
    }
  }

  async #replaceFile(): Promise<void> {
    // Until there is a new file: should that fail, the next catch-up tries again.
    this.#damaged = true;
    await Promise.allSettled(this.#inUse);
    this.instance.closeSync();
    await removeFile(this.#path);
    [this.instance, this.position] = await openOrRebuild(this.options, this.options.logger);
    this.#damaged = false;
  }
}
