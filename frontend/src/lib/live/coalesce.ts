/**
 * Many requests for the same work become few runs of it: never two at a time, never closer than `pauseMs`, and always
 * one after the last request, so that the final state is the true one.
 */

export interface Coalesced {
  /** Asks for a run; it happens now if none is under way, else once after it. */
  request(): void;
  /** Forgets what was asked for; a run under way ends by itself. */
  stop(): void;
}

/** @param work must not reject: what fails inside it is its own to tell */
export function coalesce(work: () => Promise<void>, pauseMs: number): Coalesced {
  let busy = false;
  let wanted = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    busy = true;
    wanted = false;
    await work();
    setTimeout(() => {
      busy = false;
      if (wanted && !stopped) void run();
    }, pauseMs);
  };

  return {
    request() {
      if (stopped) return;
      wanted = true;
      if (!busy) void run();
    },
    stop() {
      stopped = true;
    },
  };
}
