import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type Database, type PutOptions, type RootDatabase } from 'lmdb';
import type { Logger } from 'pino';
import { syncDirectory } from './directory.js';
import { LogUnavailableError } from './log.js';

/**
 * The LMDB file under the log and the documents. A `write` is one transaction: all of it or nothing, on disk when it
 * resolves, flushed in a worker thread of `lmdb`. Writes run one after another. After a failed write the file is
 * reopened before it is touched again, so that the store is back as soon as the disk is.
 */
export interface Tables {
  /** Commits by the `seq` of their first entry. `put` takes options, which the types of `lmdb` leave out. */
  readonly commits: Omit<Database<Buffer, number>, 'put'> & {
    put(seq: number, record: Buffer, options: PutOptions): Promise<boolean>;
  };
  /** Documents by `collection NUL id`. */
  readonly documents: Database<Buffer, Uint8Array>;
}

/** One change of a transaction. Resolves to false when its condition was not met. */
export type Write = () => Promise<boolean>;

export interface OpenFile extends Tables {
  readonly root: RootDatabase<Buffer>;
}

export const FILE = 'log.mdb';
/** The meta data of LMDB's first page begins with its magic number, behind the page header; see `mdb.c`. */
const MAGIC = 0xbeefc0de;
const MAGIC_OFFSET = 24;

export class Environment {
  readonly #path: string;
  readonly #logger: Logger;
  #file: OpenFile | undefined;
  #opening: Promise<OpenFile> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Opens `dir`/log.mdb, made if missing. @throws {Error} that names the file when it cannot be opened. */
  static async open(dir: string, logger: Logger): Promise<Environment> {
    await mkdir(dir, { recursive: true });
    const environment = new Environment(join(dir, FILE), logger);
    await syncDirectory(dir);
    return environment;
  }

  private constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#file = openFile(path);
  }

  /** @throws {LogUnavailableError} when the file is closed or cannot be reopened. */
  async read<T>(query: (tables: Tables) => T): Promise<T> {
    return query(await this.#ready());
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
    await this.#turn;
    await this.#opening?.catch(() => undefined);
    await this.#closing;
    await this.#file?.root.close();
    this.#file = undefined;
  }

  async #commit(prepare: (tables: Tables) => readonly Write[]): Promise<boolean> {
    const file = await this.#ready();
    const writes = prepare(file);
    try {
      let met: Promise<boolean>[] = [];
      const batch = file.root.batch(() => {
        met = writes.map((write) => write());
      });
      return !(await Promise.all([batch, ...met])).includes(false);
    } catch (error) {
      this.#abandon(file);
      const reason = await reasonOf(error);
      this.#logger.error({ file: this.#path, reason }, 'store failed to write');
      throw new LogUnavailableError(`${this.#path} could not be written: ${reason}`, { cause: error });
    }
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

/**
 * Opens the file of `dir` without the right to change it, which is safe while another process writes to it.
 * @throws {LogUnavailableError} when there is none, or none of ours.
 */
export function openToRead(dir: string): OpenFile {
  const path = join(dir, FILE);
  if (!existsSync(path)) throw new LogUnavailableError(`there is no ${path}`);
  return openFile(path, true);
}

function openFile(path: string, readOnly = false): OpenFile {
  try {
    assertOurs(path, readOnly);
    const root = open<Buffer>({
      path,
      readOnly,
      encoding: 'binary',
      // A transaction is visible only once it is flushed, and one that fails to flush is gone: no state between.
      overlappingSync: false,
      // Every write here is its own batch. The event-turn batch of `lmdb` has a promise of its own that nobody can
      // catch when a commit fails.
      eventTurnBatching: false,
    });
    return {
      root,
      commits: root.openDB<Buffer, number>('commits', { encoding: 'binary' }) as unknown as Tables['commits'],
      documents: root.openDB<Buffer, Uint8Array>('documents', { encoding: 'binary', keyEncoding: 'binary' }),
    };
  } catch (error) {
    throw new LogUnavailableError(`cannot open ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * A failed open inside `lmdb` 3.5 crashes the whole process instead of throwing: what can be seen beforehand, access and
 * LMDB's magic number on the first page, is checked here.
 */
function assertOurs(path: string, readOnly: boolean): void {
  if (!existsSync(path)) return;
  const file = openSync(path, readOnly ? 'r' : 'r+');
  try {
    const head = Buffer.alloc(MAGIC_OFFSET + 4);
    const length = readSync(file, head);
    if (length > 0 && head.readUInt32LE(MAGIC_OFFSET) !== MAGIC) throw new Error('it is no LMDB file');
  } finally {
    closeSync(file);
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
