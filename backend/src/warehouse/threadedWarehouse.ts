import { Worker } from 'node:worker_threads';
import type { LogReader } from '../log/log.js';
import { joinThreads, type Remote } from './calls.js';
import type { DatabaseFile, WarnLogger } from './databaseFile.js';
import { helpingOf, type PackedCommits } from './feed.js';
import type { Connection, OnProgress, ReadModel } from './readModel.js';
import type { ForMain } from './thread.js';

/**
 * The read model on a thread of its own (`thread.ts`). Should that thread fail, the process ends, as for any error that
 * nobody caught: there is no `error` listener on purpose, and what the thread did not catch is thrown here.
 */
export interface ThreadedOptions extends DatabaseFile {
  /** The log that it follows. */
  readonly log: LogReader;
  readonly logger: WarnLogger;
}

/** What the thread may ask. */
export type ForTheThread = {
  commitsAfter: (after: number) => Promise<PackedCommits>;
  /** The tables include the log up to `seq` now: more than before, or less if they were dropped. */
  moved: (seq: number) => void;
  rebuilt: (seq: number, head: number) => void;
  warn: (fields: object, message: string) => void;
  /** An error that nobody caught there. */
  failed: (error: Error) => void;
};

export class ThreadedWarehouse implements ReadModel {
  readonly #worker: Worker;
  readonly #thread: Remote<ForMain>;
  #seq = 0;
  #onRebuilt: OnProgress | undefined;
  #closing: Promise<void> | undefined;

  /** @throws {ConfigError} when another process has the file open, {Error} when this one has. */
  static async open(options: ThreadedOptions): Promise<ThreadedWarehouse> {
    const warehouse = new ThreadedWarehouse(options);
    try {
      warehouse.#seq = await warehouse.#thread.open();
      return warehouse;
    } catch (error) {
      await warehouse.#worker.terminate();
      throw error;
    }
  }

  private constructor(private readonly options: ThreadedOptions) {
    const { path, memoryLimitMb, log, logger } = options;
    this.#worker = new Worker(new URL('./thread.js', import.meta.url), {
      workerData: { path, memoryLimitMb } satisfies DatabaseFile,
    });
    this.#thread = joinThreads<ForMain>(this.#worker, {
      commitsAfter: (after: number) => helpingOf(log, after),
      moved: (seq: number) => void (this.#seq = seq),
      rebuilt: (seq: number, head: number) => this.#onRebuilt?.(seq, head),
      warn: (fields: object, message: string) => logger.warn(fields, message),
      failed: (error: Error) =>
        void setImmediate(() => {
          throw error;
        }),
    } satisfies ForTheThread);
  }

  get seq(): number {
    return this.#seq;
  }

  catchUp(log: LogReader): Promise<void> {
    return this.#withLog(log, (thread) => thread.catchUp(log.head));
  }

  rebuild(log: LogReader, onProgress?: OnProgress): Promise<void> {
    this.#onRebuilt = onProgress;
    return this.#withLog(log, (thread) => thread.rebuild(log.head));
  }

  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const id = await this.#open((thread) => thread.lend());
    try {
      return await work(new LentConnection(this.#thread, id));
    } finally {
      await this.#thread.giveBack(id);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#thread.close().then(async () => void (await this.#worker.terminate()));
    return this.#closing;
  }

  async #withLog(log: LogReader, work: (thread: Remote<ForMain>) => Promise<void>): Promise<void> {
    if (log !== this.options.log) throw new Error('this read model follows another log');
    return this.#open(work);
  }

  async #open<T>(work: (thread: Remote<ForMain>) => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new Error('the read model is closed');
    return work(this.#thread);
  }
}

class LentConnection implements Connection {
  constructor(
    private readonly thread: Remote<ForMain>,
    private readonly id: number,
  ) {}

  run: Connection['run'] = (sql, values = []) => this.thread.run(this.id, sql, values);
  rows: Connection['rows'] = (sql, values = []) => this.thread.rows(this.id, sql, values);

  async parquet(...[table]: Parameters<Connection['parquet']>): Promise<Buffer> {
    const bytes = await this.thread.parquet(this.id, table);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  interrupt(): void {
    void this.thread.interrupt(this.id);
  }
}
