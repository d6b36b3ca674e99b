/**
 * While a process ran, its database became one that it may not use: a newer version of the service has been at it, or it
 * holds another log, as one that was dropped and restored does. What the process knows is of before, so it ends, and the
 * next start looks at what there is.
 */
export class StoreChangedError extends Error {
  override readonly name = 'StoreChangedError';
}
