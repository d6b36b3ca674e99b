import { BusyError, Gate } from '../chain/gate.js';
import type { EventLog } from '../log/log.js';
import { deriveAll, deriveChanges } from './currentTables.js';
import { queryRows } from './query.js';
import type { Connection, ReadModel } from './readModel.js';

/**
 * Reads of what counts now (`currentTables.ts`), as of the position that the folds have reached or a later one that they
 * have reached meanwhile, never beyond: so that every answer agrees with what the live updates told. A few reads run at
 * once, others wait for their turn, and none runs for longer than `timeoutMs`.
 */
export interface CurrentOptions {
  /** Reads at once: DuckDB uses every core for one already. */
  readonly maxReads?: number;
  /** Longest wait for a turn, in ms. */
  readonly maxWaitMs?: number;
  /** Longest wait for the log to be read, in ms. */
  readonly maxBehindMs?: number;
  /** Longest that one read may run, in ms. */
  readonly timeoutMs?: number;
  /** Log entries that are looked for one by one however few there were before. */
  readonly few?: number;
}

const DEFAULTS: Required<CurrentOptions> = {
  maxReads: 2,
  maxWaitMs: 10_000,
  maxBehindMs: 10_000,
  timeoutMs: 20_000,
  few: 100_000,
};

/** Of a read that has taken too long, in ms. */
const INTERRUPT_EVERY_MS = 50;

/** The read was ended for taking too long: ask for less (503). */
export class ReadTimeoutError extends Error {
  override readonly name = 'ReadTimeoutError';
}

export class Current {
  readonly #options: Required<CurrentOptions>;
  readonly #gate: Gate;
  #bringing: Promise<void> = Promise.resolve();

  constructor(
    private readonly warehouse: ReadModel,
    private readonly log: EventLog,
    options: CurrentOptions = {},
  ) {
    this.#options = { ...DEFAULTS, ...options };
    const { maxReads: maxPending, maxWaitMs } = this.#options;
    this.#gate = new Gate({ maxPending, maxWaitMs });
  }

  /**
   * Runs `work` in one transaction over the tables as of `seq` or later, and tells it as of which position.
   * @throws {BusyError} when there was no turn in time, {ReadTimeoutError}
   */
  read<T>(seq: number, work: (connection: Connection, seq: number) => Promise<T>): Promise<T> {
    return this.#gate.run(async () => {
      for (;;) {
        await this.broughtTo(seq);
        const found = await this.warehouse.use((connection) =>
          this.#inTime(connection, () => this.#asOf(connection, seq, work)),
        );
        // Nothing is found when the file was dropped between the two.
        if (found !== undefined) return found.result;
      }
    });
  }

  /** Waits until the tables are as of `seq` or later. @throws {BusyError} when that takes too long: it goes on meanwhile. */
  broughtTo(seq: number): Promise<void> {
    return this.#soon(this.bringTo(seq));
  }

  /** Waits until the log is read up to `seq`; otherwise as `broughtTo`. */
  async readTo(seq: number): Promise<void> {
    if (this.warehouse.seq < seq) await this.#soon(this.warehouse.catchUp(this.log));
  }

  /** As `use` of the read model, but `work` is ended when it takes too long. @throws {ReadTimeoutError} */
  use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return this.warehouse.use((connection) => this.#inTime(connection, () => work(connection)));
  }

  /** Derives what is missing up to `seq`; one at a time, and what the one before has done is not done again. */
  bringTo(seq: number): Promise<void> {
    const run = this.#bringing.then(async () => {
      do if (this.warehouse.seq < seq) await this.warehouse.catchUp(this.log);
      while (
        // The tables can have been dropped between the two.
        !(await this.warehouse.use((connection) => derive(connection, seq, this.#options.few)))
      );
    });
    this.#bringing = run.catch(() => undefined);
    return run;
  }

  async #asOf<T>(
    connection: Connection,
    seq: number,
    work: (connection: Connection, seq: number) => Promise<T>,
  ): Promise<{ result: T } | undefined> {
    await connection.run('BEGIN');
    const { seq: at } = await positionsOf(connection);
    if (at < seq) return undefined;
    const result = await work(connection, at);
    await connection.run('COMMIT');
    return { result };
  }

  async #inTime<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
    const { timeoutMs } = this.#options;
    let interrupting: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      connection.interrupt();
      // One that comes between two statements ends neither.
      interrupting = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
    }, timeoutMs);
    try {
      return await work();
    } catch (error) {
      if (interrupting === undefined) throw error;
      throw new ReadTimeoutError(`it took longer than ${timeoutMs / 1000} s`, { cause: error });
    } finally {
      clearTimeout(timer);
      clearInterval(interrupting);
    }
  }

  async #soon(done: Promise<void>): Promise<void> {
    const { maxBehindMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new BusyError('the read model is still being brought up to date')), maxBehindMs);
    });
    try {
      await Promise.race([done, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @returns whether there is as much of the log to derive from. */
async function derive(connection: Connection, to: number, few: number): Promise<boolean> {
  await connection.run('BEGIN');
  const { seq: from, read } = await positionsOf(connection);
  if (from < to && to <= read)
    // Of a history that was delivered since anyone asked most is new: it would be looked for row by row.
    for (const statement of from === 0 || to - from > Math.max(few, from) ? deriveAll(to) : deriveChanges(from, to))
      await connection.run(statement);
  await connection.run('COMMIT');
  return to <= read;
}

/** How far the current tables are derived, and how far the log is read. */
async function positionsOf(connection: Connection): Promise<{ seq: number; read: number }> {
  const [positions] = await queryRows<{ seq: number; read: number }>(
    connection,
    'SELECT current_meta.seq, meta.seq AS read FROM current_meta, meta',
  );
  if (positions === undefined) throw new Error('the tables of the read model have no position');
  return positions;
}
