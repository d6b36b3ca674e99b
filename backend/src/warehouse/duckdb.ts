import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { LogReader } from '../log/log.js';
import { mismatch } from '../log/position.js';
import { heardOf, isDamage, openOrRebuild, removeFile, type DatabaseFile, type WarnLogger } from './databaseFile.js';
import { load, type Loaded } from './load.js';
import { OwnConnection } from './ownConnection.js';
import type { Connection, OnProgress, ReadModel } from './readModel.js';

/**
 * The read model: the log as tables of a DuckDB file, for what the folds do not hold. It follows the log off the path of
 * acknowledgements and holds nothing of its own: damaged, or of another log, it is dropped and read again from the start.
 */
export interface WarehouseOptions extends DatabaseFile {
  readonly logger: WarnLogger;
  /** Told whenever `seq` changes: it grows with each transaction, and begins anew when the tables are dropped. */
  readonly onMoved?: (seq: number) => void;
  /** `AT_REST_MS`, if it is to be another. */
  readonly atRestMs?: number;
}

/**
 * What DuckDB holds in memory beside its file goes into it when a group of rows is full: each checkpoint compresses the last
 * group anew, and at any other length of the WAL all of this takes half as long again. It also does after so long without
 * a catch-up, in ms, or after so many: a thousand small transactions take a hundred MB.
 */
const ROWS_A_GROUP = 122_880;
const AT_REST_MS = 5_000;
const MAX_CATCH_UPS = 200;

export class Warehouse implements ReadModel {
  /** Two instances on one file in one process lose data silently, and DuckDB does not refuse the second. */
  static readonly #openPaths = new Set<string>();

  readonly #path: string;
  #knownLog: LogReader | undefined;
  #catchingUp: Promise<void> = Promise.resolve();
  /** The catch-up whose turn has not come: batches can come faster than DuckDB writes them. */
  #waiting: { readonly log: LogReader; readonly done: Promise<void> } | undefined;
  #replacing: Promise<void> | undefined;
  #damaged = false;
  #closed = false;
  #resting: NodeJS.Timeout | undefined;
  /** Those that wrote anything since the last checkpoint. */
  #catchUps = 0;
  /** Groups of rows that were full when the file was written last. */
  #groupsWritten: number;
  readonly #inUse = new Set<Promise<unknown>>();

  private constructor(
    private readonly options: WarehouseOptions,
    private instance: DuckDBInstance,
    private position: Loaded,
  ) {
    this.#path = resolve(options.path);
    this.#groupsWritten = groupsOf(position);
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

  get seq(): number {
    return this.position.seq;
  }

  catchUp(log: LogReader): Promise<void> {
    if (this.#waiting?.log === log) return this.#waiting.done;
    const done = this.#inTurn(() => {
      this.#waiting = undefined;
      return this.#catchUpTo(log.head, log);
    });
    this.#waiting = { log, done };
    return done;
  }

  rebuild(log: LogReader, onProgress?: OnProgress): Promise<void> {
    const { head } = log;
    return this.#inTurn(() => this.#startOver('on request', head, log, onProgress));
  }

  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#damaged) await this.#catchingUp;
    while (this.#replacing !== undefined) await this.#replacing;
    if (this.#closed) throw new Error('the read model is closed');
    const running = this.#lend((connection) => work(new OwnConnection(connection)));
    this.#inUse.add(running);
    try {
      return await running;
    } catch (error) {
      if (isDamage(error)) this.#mend();
      throw error;
    } finally {
      this.#inUse.delete(running);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#resting);
    await this.#catchingUp;
    await Promise.allSettled(this.#inUse);
    this.instance.closeSync();
    Warehouse.#openPaths.delete(this.#path);
  }

  /** Once nobody reads it any more; a failure is met by the next catch-up, which tries again. */
  #mend(): void {
    this.#damaged = true;
    if (this.#knownLog !== undefined) this.catchUp(this.#knownLog).catch(() => undefined);
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
    clearTimeout(this.#resting);
    const run = this.#catchingUp.then(async () => {
      if (this.#closed) throw new Error('the read model is closed');
      const before = this.seq;
      try {
        await work();
      } catch (error) {
        throw heardOf(error);
      } finally {
        if (this.seq !== before) this.#catchUps += 1;
        if (this.#catchUps >= MAX_CATCH_UPS) await this.#checkpoint();
        this.#checkpointAtRest();
      }
    });
    this.#catchingUp = run.catch(() => undefined);
    return run;
  }

  /** As long as there is anything to be put into the file; one that fails is tried again after another rest. */
  #checkpointAtRest(): void {
    clearTimeout(this.#resting);
    if (this.#catchUps === 0 || this.#closed) return;
    const atRest = (): void => void this.#inTurn(() => this.#checkpoint()).catch(() => undefined);
    this.#resting = setTimeout(atRest, this.options.atRestMs ?? AT_REST_MS).unref();
  }

  /** Never rejects: DuckDB refuses one beside a query that is older than a change; what is damaged is met by the next use. */
  async #checkpoint(): Promise<void> {
    try {
      await this.#lend((connection) => connection.run('CHECKPOINT'));
      this.#catchUps = 0;
      this.#groupsWritten = groupsOf(this.position);
    } catch {
      // Tried again.
    }
  }

  async #catchUpTo(head: number, log: LogReader): Promise<void> {
    const unusable = this.#damaged ? 'it is damaged' : await this.#whyNotOf(log);
    if (unusable !== undefined) await this.#startOver(unusable, head, log);
    this.#knownLog = log;
    try {
      await this.#load(head, log);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.#startOver(String(error), head, log);
    }
  }

  async #load(head: number, log: LogReader, onProgress?: OnProgress): Promise<void> {
    if (this.seq >= head) return;
    await this.#lend(async (connection) => {
      for await (const position of load(connection, log.read(this.seq), this.position)) {
        this.#moveTo(position);
        onProgress?.(position.seq, head);
        if (groupsOf(position) > this.#groupsWritten) await this.#checkpoint();
        // Of a long log that is read anew, the next start reads the rest.
        if (position.seq >= head || this.#closed) return;
      }
    });
  }

  /** Told by the entry that was read last, once for each log. */
  async #whyNotOf(log: LogReader): Promise<string | undefined> {
    return log === this.#knownLog ? undefined : mismatch(log, this.position);
  }

  async #startOver(reason: string, head: number, log: LogReader, onProgress?: OnProgress): Promise<void> {
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
    const [instance, position] = await openOrRebuild(this.options, this.options.logger);
    this.instance = instance;
    this.#groupsWritten = groupsOf(position);
    this.#moveTo(position);
    this.#damaged = false;
  }

  #moveTo(position: Loaded): void {
    this.position = position;
    this.options.onMoved?.(position.seq);
  }
}

/** Groups of rows that are full. */
const groupsOf = ({ facts }: Loaded): number => Math.floor(facts / ROWS_A_GROUP);
