/**
 * Bounds how many deliveries are under way. One that meets a full house waits for its turn, first come first served,
 * and is refused only after `maxWaitMs`.
 */
export interface GateLimits {
  /** Deliveries under way at once. */
  readonly maxPending: number;
  /** Longest wait for a place, in ms. */
  readonly maxWaitMs: number;
}

/** There is no place, and there was none for as long as one waits. Nothing was taken in: try again later (503). */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

export class Gate {
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly limits: GateLimits) {}

  /** Deliveries under way and waiting. */
  get queued(): number {
    return this.#inside + this.#waiting.size;
  }

  /**
   * Runs `work` when there is a place for it.
   * @throws {BusyError} when there was none in time; whatever `work` throws.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.limits.maxPending) await this.#turn();
    else this.#inside += 1;
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      // The place passes from hand to hand, so that nobody who comes just now slips in before those who wait.
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(enter);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(enter);
        const { maxPending, maxWaitMs } = this.limits;
        reject(new BusyError(`${maxPending} deliveries are under way, and none ended within ${maxWaitMs} ms`));
      }, this.limits.maxWaitMs);
      this.#waiting.add(enter);
    });
  }
}
