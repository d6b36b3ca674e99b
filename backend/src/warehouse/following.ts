import type { LogReader } from '../log/log.js';
import type { ReadModel } from './readModel.js';

/**
 * Brings the read model after the log beside the folding: at once after a rest, else once a second. Each time costs a
 * transaction with a flush to disk, beside which acknowledgements wait. Who must know more sooner brings it there
 * (`Current`), so that no answer is older for it.
 */
export interface FollowingOptions {
  readonly warehouse: Pick<ReadModel, 'catchUp' | 'seq'>;
  readonly log: LogReader;
  readonly logger: Record<'error' | 'info', (fields: object, message: string) => void>;
  /** Least time between the beginnings of two catch-ups, in ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;

export class Following {
  #resting: NodeJS.Timeout | undefined;
  #due = false;
  #ended = false;
  #failing = false;

  constructor(private readonly options: FollowingOptions) {}

  /** Tells that the log has grown. Never throws and never waits. */
  grown(): void {
    if (this.#ended) return;
    if (this.#resting !== undefined) {
      this.#due = true;
      return;
    }
    this.#due = false;
    this.#catchUp();
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      if (this.#due) this.grown();
    }, this.options.everyMs ?? EVERY_MS);
  }

  /** Nothing is begun any more; what is missing is read after the next start. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#resting);
  }

  #catchUp(): void {
    const { warehouse, log, logger } = this.options;
    warehouse.catchUp(log).then(
      () => {
        if (this.#failing) logger.info({ seq: warehouse.seq }, 'read model follows the log again');
        this.#failing = false;
      },
      (error: unknown) => {
        // Tried again when the log has grown; nothing is lost, the log has it. Told once, however often it fails.
        if (!this.#ended && !this.#failing) logger.error({ err: error }, 'read model could not catch up');
        this.#failing = true;
      },
    );
  }
}
