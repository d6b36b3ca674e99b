/** A cursor that this service never gave: the caller's mistake (400). */
export class BadCursorError extends Error {
  override readonly name = 'BadCursorError';

  /** @param field the parameter that it came in */
  constructor(readonly field: 'before' | 'after' = 'before') {
    super('must be the `next` of a page before');
  }
}
