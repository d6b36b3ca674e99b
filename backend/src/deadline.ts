/**
 * Waits with an end, which leave nothing behind on what lives longer than they do. `AbortSignal.any` and `Promise.race`
 * do, once for each wait: on the signal of a process that tries every few seconds, all of it stays for its life.
 */
export class Deadline {
  readonly #ending = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #abort = (): void => this.#ending.abort(this.outer?.reason);
  #isPassed = false;

  /** @param outer ends it before its time. */
  constructor(
    ms: number,
    private readonly outer?: AbortSignal,
  ) {
    this.#timer = setTimeout(() => {
      this.#isPassed = true;
      this.#ending.abort(new DOMException(`not within ${ms} ms`, 'TimeoutError'));
    }, ms).unref();
    if (outer?.aborted === true) this.#abort();
    else outer?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Aborted when the time is over, when `outer` is, and by `end`. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether it was the time that ended it. */
  get isPassed(): boolean {
    return this.#isPassed;
  }

  /** To be called when the wait is over, however it was; also ends what is left of it. */
  end(): void {
    clearTimeout(this.#timer);
    this.outer?.removeEventListener('abort', this.#abort);
    this.#ending.abort();
  }
}

/** What `work` comes to, or, as soon as `signal` is aborted, a rejection with its reason: `work` is left to itself then. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
