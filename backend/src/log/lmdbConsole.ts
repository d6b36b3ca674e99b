/**
 * `lmdb` prints the error of a failed commit with `console.error`, beside rejecting with it. Whoever wrote says it once, in
 * words: the print is left out, so that a disk which is full for hours is one line in the log. All else is printed.
 */
let watched: Console['error'] | undefined;

export function leaveOutFailedCommits(): void {
  const print = console.error;
  if (print === watched) return;
  watched = (...args: unknown[]) => {
    if (!isFailedCommit(args)) print(...args);
  };
  console.error = watched;
}

/** A commit that fails is printed as its error and nothing else. */
function isFailedCommit([error, ...rest]: readonly unknown[]): boolean {
  const stack = rest.length === 0 && typeof error === 'object' && error !== null && 'stack' in error && error.stack;
  return typeof stack === 'string' && /[\\/]node_modules[\\/]lmdb[\\/]/.test(stack);
}
