/** A cursor that this service never gave: the caller's mistake (400). */
export class BadCursorError extends Error {
  override readonly name = 'BadCursorError';

  constructor() {
    super('must be the `next` of a page before');
  }
}
