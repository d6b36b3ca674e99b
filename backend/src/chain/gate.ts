/**
 * Bounds how many deliveries are under way, and how many bytes they may hold together. One that meets a full house waits
 * for its turn, first come first served, and is refused only after `maxWaitMs`, or if too many wait already.
 */
export interface GateLimits {
  /** Deliveries under way at once. */
  readonly maxPending: number;
  /** Bytes that those under way hold together; a delivery that is alone may hold more. Without it they are not counted. */
  readonly maxBytes?: number;
  /** Longest wait for a place, in ms. */
  readonly maxWaitMs: number;
}

/** There is no place, and there was none for as long as one waits. Nothing was taken in: try again later (503). */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** A node delivers one payload at a time: whoever has so many wait keeps a queue of its own. */
export const MAX_WAITING = 1_000;

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

export class Gate {
  #inside = 0;
  #bytes = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(private readonly limits: GateLimits) {}

  /** Deliveries under way and waiting. */
  get queued(): number {
    return this.#inside + this.#waiting.size;
  }

  /** Deliveries that have no place yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Runs `work` when there is a place for it, at once if there is one now.
   * @throws {BusyError} when there was none in time; whatever `work` throws.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#enterNow(0)) await this.#turn(0);
    const leave = this.#leaver(0);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /**
   * Resolves when there is a place for one that holds `bytes`.
   * @returns how to give the place back; more than once is as good as once.
   * @throws {BusyError} when there was none in time.
   */
  async enter(bytes: number): Promise<() => void> {
    if (!this.#enterNow(bytes)) await this.#turn(bytes);
    return this.#leaver(bytes);
  }

  /** Nobody who comes just now slips in before those who wait. */
  #enterNow(bytes: number): boolean {
    if (this.#waiting.size > 0 || !this.#hasPlaceFor(bytes)) return false;
    this.#take(bytes);
    return true;
  }

  #leaver(bytes: number): () => void {
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#inside -= 1;
      this.#bytes -= bytes;
      this.#letIn();
    };
  }

  #hasPlaceFor(bytes: number): boolean {
    const { maxPending, maxBytes = Infinity } = this.limits;
    return this.#inside === 0 || (this.#inside < maxPending && this.#bytes + bytes <= maxBytes);
  }

  #take(bytes: number): void {
    this.#inside += 1;
    this.#bytes += bytes;
  }

  #letIn(): void {
    for (const next of this.#waiting) {
      // A large one is not overtaken for ever by small ones behind it.
      if (!this.#hasPlaceFor(next.bytes)) return;
      next.enter();
    }
  }

  #turn(bytes: number): Promise<void> {
    if (this.#waiting.size >= MAX_WAITING) return Promise.reject(new BusyError(`${MAX_WAITING} wait already`));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        const { maxWaitMs } = this.limits;
        reject(new BusyError(`${this.#inside} are under way, and no place came free within ${maxWaitMs} ms`));
        // It may have been the large one that those behind it waited for.
        this.#letIn();
      }, this.limits.maxWaitMs);
      const waiting: Waiting = {
        bytes,
        enter: () => {
          clearTimeout(timer);
          this.#waiting.delete(waiting);
          this.#take(bytes);
          resolve();
        },
      };
      this.#waiting.add(waiting);
    });
  }
}
