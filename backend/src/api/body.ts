import { raw, type RequestHandler } from 'express';
import { HttpProblem } from './problem.js';

/**
 * Reads a JSON body of at most so many bytes, counted after decompression, so that a small gzip of a huge body is refused
 * too. Any JSON value passes, also a bare number: what it means is for the next one to say.
 */
export interface BodyLimit {
  readonly bytes: number;
  /** What sets it, named in the refusal. */
  readonly setBy: string;
}

/** JSON between systems is UTF-8, whatever a charset says (RFC 8259); other bytes are refused, not replaced by a guess. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Of what people send: a token, a period. */
export const SMALL_BODY: BodyLimit = { bytes: 16 * 1024, setBy: 'fixed' };

export function readJson(limit: BodyLimit): RequestHandler {
  const read = raw({ type: () => true, limit: limit.bytes });
  return (request, response, next) => {
    // `is` answers null when there is no body at all.
    const kind = request.is(['json', '+json']);
    if (kind === null) throw new HttpProblem(400, 'A JSON body is needed, and there is none.');
    if (kind === false) throw new HttpProblem(400, 'The body must be JSON: Content-Type application/json.');
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(refusal(error, limit));
      try {
        request.body = JSON.parse(UTF8.decode(request.body as Buffer)) as unknown;
      } catch {
        // The parser's own message quotes the body, which may hold a token.
        return next(new HttpProblem(400, 'The body is not JSON in UTF-8.'));
      }
      next();
    });
  };
}

function refusal(error: unknown, limit: BodyLimit): unknown {
  if (!(error instanceof Error) || !('status' in error)) return error;
  if (error.status === 413)
    return new HttpProblem(413, `The body is larger than the limit of ${limit.bytes} bytes (${limit.setBy}).`);
  return new HttpProblem(400, `The body could not be read: ${error.message}.`);
}
