import type { Logger } from 'pino';
import type { FoldState, FoldStateFile } from './foldState.js';

/**
 * When checkpoints are written: after so many entries, or fewer and some minutes, beside the folding that goes on, one at a
 * time, and a last one at the end. One that cannot be written costs nothing but time at the next start: the one before stays.
 */
export class Checkpointing {
  /** Position of the last one that was begun, and of the last one that was written. */
  #begun: number;
  #saved: number;
  #begunAtMs: number;
  #saving: Promise<void> | undefined;
  #failing = false;

  constructor(
    private readonly file: Pick<FoldStateFile, 'save'>,
    private readonly folds: FoldState,
    private readonly logger: Logger,
    /** Monotonic milliseconds. */
    private readonly stopwatch: () => number,
    private readonly least = BETWEEN.least,
  ) {
    this.#begun = this.#saved = folds.blocks.seq;
    this.#begunAtMs = stopwatch();
  }

  /**
   * Tells that the folds stand between two batches; begins a checkpoint when one is due.
   * @param starting whether the log is being folded at a start
   * @returns the end of the one that is under way, which a start waits for: folding leaves little time to write, and until
   * it is written what changes is copied. Never rejects.
   */
  folded(starting = false): Promise<void> | undefined {
    if (this.#saving === undefined && this.#isDue(starting))
      this.#saving = this.#save().finally(() => (this.#saving = undefined));
    return this.#saving;
  }

  #isDue(starting: boolean): boolean {
    const entries = this.folds.blocks.seq - this.#begun;
    if (starting) return entries >= entriesBetweenAtStart(this.#begun, this.least);
    return (
      entries >= entriesBetween(this.#begun, this.least) ||
      (entries >= AFTER_A_WHILE.entries && this.stopwatch() - this.#begunAtMs >= AFTER_A_WHILE.ms)
    );
  }

  /** Resolves when all that is folded is in a checkpoint. Folding must have ended. */
  async close(): Promise<void> {
    await this.#saving;
    if (this.#saved !== this.folds.blocks.seq) await this.#save();
  }

  async #save(): Promise<void> {
    const { seq } = this.folds.blocks;
    // Also of one that fails: it is tried again when as many entries have come.
    this.#begun = seq;
    this.#begunAtMs = this.stopwatch();
    try {
      await this.file.save(this.folds);
      this.#saved = seq;
      if (this.#failing) this.logger.info({ seq }, 'checkpoint is written again');
      this.#failing = false;
    } catch (error) {
      // Told once, however often it fails.
      if (!this.#failing) this.logger.error({ err: error }, 'checkpoint could not be written: the one before stays');
      this.#failing = true;
    }
  }
}

/** What comes slowly is written sooner, so that the next start has no more of it to fold than takes a second. */
const AFTER_A_WHILE = { entries: 20_000, ms: 300_000 };

const BETWEEN = { least: 100_000, most: 250_000, share: 0.015, shareAtStart: 0.5 };

/**
 * Log entries after which a checkpoint is written. A checkpoint is as large as the state, so that of a long log comes more
 * seldom; folding as many entries again at a start takes a second.
 */
export function entriesBetween(saved: number, least = BETWEEN.least): number {
  return Math.min(BETWEEN.most, Math.max(least, Math.floor(saved * BETWEEN.share)));
}

/**
 * The same while the log is folded at a start: one that is killed repeats a third of it, and a long log is not written as a
 * whole forty times meanwhile.
 */
export function entriesBetweenAtStart(saved: number, least = BETWEEN.least): number {
  return Math.max(least, Math.floor(saved * BETWEEN.shareAtStart));
}
