import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { syncDirectory } from './directory.js';
import { leaveOutFailedCommits } from './lmdbConsole.js';
import { expectRoom, roomFor } from './lmdbRoom.js';
import { FILE, openFile, type OpenFile, type Tables } from './lmdbFile.js';
import { LogUnavailableError } from './log.js';

/**
 * The transactions of the log and the documents. A `write` is one: all of it or nothing, on disk when it resolves, flushed
 * in a worker thread of `lmdb`. Writes run one after another. After a failed write the file is reopened before it is
 * touched again, and asked now and then whether it takes writes, so that the store is back soon after the disk is.
 */

/** One change of a transaction. */
export interface Write {
  /** Length of the value that it puts; 0 for a removal. */
  readonly bytes: number;
  /** Resolves to false when its condition was not met. */
  readonly run: () => Promise<boolean>;
}

/** When a store that failed is asked whether it takes writes again, in ms: after the first, then after twice as long each time. */
const PROBE_MS = { first: 1_000, last: 30_000 };
/** What it writes then: 1 MB, more than most group commits take. The room stays in the file, to be used next. */
const PROBE = Buffer.from(JSON.stringify(' '.repeat(1024 * 1024)));
const PROBE_KEY = Buffer.from('store\0probe');

/** A write that takes longer says so, in ms: a disk that hangs may never say anything itself. */
const SLOW_MS = 10_000;

export class Environment {
  readonly #path: string;
  readonly #logger: Logger;
  #file: OpenFile | undefined;
  #opening: Promise<OpenFile> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;
  #failure: { readonly reason: string; readonly sinceMs: number } | undefined;
  #probe: NodeJS.Timeout | undefined;
  #probeMs = PROBE_MS.first;
  /** The most that a write which was refused since asked for: with less, it would be refused again when it comes again. */
  #roomAskedFor = 0;

  /**
   * Opens `dir`/log.mdb, made if missing.
   * @param slowMs how long a write may take before it is told of
   * @throws {Error} that names the file when it cannot be opened
   */
  static async open(dir: string, logger: Logger, slowMs = SLOW_MS): Promise<Environment> {
    leaveOutFailedCommits();
    await mkdir(dir, { recursive: true });
    const path = join(dir, FILE);
    const environment = new Environment(path, logger, slowMs);
    await syncDirectory(dir);
    return environment;
  }

  private constructor(
    path: string,
    logger: Logger,
    private readonly slowMs: number,
  ) {
    this.#path = path;
    this.#logger = logger;
    this.#file = openFile(path);
  }

  /** Why a write failed, until the store has shown that it takes writes again. */
  get failure(): string | undefined {
    return this.#failure?.reason;
  }

  /** @throws {LogUnavailableError} when the file is closed, cannot be reopened or turns out to be damaged. */
  async read<T>(query: (tables: Tables) => T): Promise<T> {
    const tables = await this.#ready();
    try {
      return query(tables);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('MDB_')) throw error;
      throw new LogUnavailableError(`cannot read ${this.#path}: ${error.message}`, { cause: error });
    }
  }

  /**
   * Runs the writes that `prepare` returns as one durable transaction. `prepare` is called when it is this write's turn:
   * what it reads is what the transaction will find. If it throws, nothing is written and its error comes back.
   * @returns whether the conditions of all writes were met; one that is not met leaves out that write alone.
   * @throws {LogUnavailableError} when the transaction could not be made durable.
   */
  write(prepare: (tables: Tables) => readonly Write[]): Promise<boolean> {
    const done = this.#turn.then(() => this.#commit(prepare));
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#probe);
    await this.#turn;
    await this.#opening?.catch(() => undefined);
    await this.#closing;
    await this.#file?.root.close();
    this.#file = undefined;
  }

  async #commit(prepare: (tables: Tables) => readonly Write[]): Promise<boolean> {
    const file = await this.#ready();
    const writes = prepare(file);
    const room = roomFor(writes.map(({ bytes }) => bytes));
    try {
      expectRoom(this.#path, room);
    } catch (error) {
      this.#roomAskedFor = Math.max(this.#roomAskedFor, room);
      throw this.#failed(error instanceof Error ? error.message : String(error), error);
    }
    const slow = setTimeout(() => this.#note(`a write has been under way for ${this.slowMs / 1000} s`), this.slowMs);
    try {
      let met: Promise<boolean>[] = [];
      const batch = file.root.batch(() => {
        met = writes.map(({ run }) => run());
      });
      return !(await Promise.all([batch, ...met])).includes(false);
    } catch (error) {
      this.#abandon(file);
      throw this.#failed(await reasonOf(error), error);
    } finally {
      clearTimeout(slow);
    }
  }

  /** @returns the refusal. */
  #failed(reason: string, cause: unknown): LogUnavailableError {
    this.#note(reason);
    return new LogUnavailableError(`${this.#path} could not be written: ${reason}`, { cause });
  }

  /** Said once, however many writes it refuses. */
  #note(reason: string): void {
    if (this.#failure === undefined)
      this.#logger.error({ file: this.#path, reason }, 'store takes no writes: nothing is acknowledged until it does');
    this.#failure = { reason, sinceMs: this.#failure?.sinceMs ?? performance.now() };
    this.#askLater();
  }

  /** Nobody who writes may come by, as long as the service says that it cannot. What is small may be written before. */
  async #askAgain(): Promise<void> {
    this.#probe = undefined;
    try {
      await this.write(({ documents }) => {
        expectRoom(this.#path, this.#roomAskedFor);
        return [{ bytes: PROBE.length, run: () => documents.put(PROBE_KEY, PROBE) }];
      });
      await this.write(({ documents }) => [{ bytes: 0, run: () => documents.remove(PROBE_KEY) }]);
    } catch {
      if (!this.#closed) this.#askLater();
      return;
    }
    const afterMs = Math.round(performance.now() - (this.#failure?.sinceMs ?? 0));
    this.#failure = undefined;
    this.#roomAskedFor = 0;
    this.#probeMs = PROBE_MS.first;
    this.#logger.info({ file: this.#path, afterMs }, 'store takes writes again');
  }

  #askLater(): void {
    if (this.#probe !== undefined) return;
    this.#probe = setTimeout(() => void this.#askAgain(), this.#probeMs).unref();
    this.#probeMs = Math.min(2 * this.#probeMs, PROBE_MS.last);
  }

  async #ready(): Promise<OpenFile> {
    if (this.#file !== undefined) return this.#file;
    if (this.#closed) throw new LogUnavailableError(`${this.#path} is closed`);
    this.#opening ??= this.#reopen().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /**
   * A failed write to the meta page leaves LMDB's environment dead for good (MDB_PANIC); `lmdb` then never settles the
   * next write, and reads find an older tree. A fresh environment reads what is really on disk.
   */
  #abandon(file: OpenFile): void {
    this.#file = undefined;
    this.#closing = file.root.close().catch(() => undefined);
  }

  async #reopen(): Promise<OpenFile> {
    await this.#closing;
    this.#file = openFile(this.#path);
    return this.#file;
  }
}

/** `lmdb` hides the cause of a failed commit in a promise of its own, which must be caught, and may never settle. */
async function reasonOf(error: unknown): Promise<string> {
  const cause = error instanceof Error && 'commitError' in error ? error.commitError : error;
  const nextTurn = new Promise((resolve) => setImmediate(resolve));
  try {
    await Promise.race([cause instanceof Promise ? cause : Promise.reject(cause), nextTurn]);
    return 'commit failed';
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason);
  }
}
