import type { RequestHandler } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit, type Options } from 'express-rate-limit';
import { HttpProblem } from './problem.js';

/**
 * Limits an address: wrong tokens, an admin's writes, a viewer's writes. None counts a delivery of the chain node or a read of the
 * dashboard, which shows a session: a token by hand is refused past the limit, right or wrong, an admin's and a viewer's. Addresses
 * are of callers (`Callers`): of the connection, or as another process says, or a proxy of `TRUSTED_PROXIES`.
 */

/** Wrong tokens an address may show in `WINDOW_MS`: ample for mistakes, nothing for guessing. */
export const WRONG_TOKENS = 100;
const WINDOW_MS = 15 * 60_000;

/** Writes of an admin a minute: a script that replays a quarantine passes, a loop that ran away does not. */
export const ADMIN_WRITES = 600;
/** Writes of viewers a minute, that is changes of boards: ample for a hand, also for several behind one address. */
export const VIEWER_WRITES = 120;
const MINUTE_MS = 60_000;

/** Counts wrong tokens only, of calls and of sockets, so that it can be asked before a token is looked at. */
export class WrongTokenLimit {
  readonly #store = new MemoryStore();

  constructor() {
    // The store reads nothing else of the options.
    this.#store.init({ windowMs: WINDOW_MS } as Options);
  }

  /** 429 when the address has used up its wrong tokens, undefined before that. */
  async exceeded(address: string | undefined): Promise<HttpProblem | undefined> {
    const seen = await this.#store.get(ipKeyGenerator(address ?? ''));
    if (seen === undefined || seen.totalHits < WRONG_TOKENS) return undefined;
    return tooMany(`${WRONG_TOKENS} wrong tokens came from this address; it has to wait up to 15 minutes.`, WINDOW_MS);
  }

  async count(address: string | undefined): Promise<void> {
    await this.#store.increment(ipKeyGenerator(address ?? ''));
  }
}

/** Refuses the write after `ADMIN_WRITES` in a minute. */
export const adminWriteLimit = (): RequestHandler => writeLimit(ADMIN_WRITES);

/** Refuses the write after `VIEWER_WRITES` in a minute. */
export const viewerWriteLimit = (): RequestHandler => writeLimit(VIEWER_WRITES);

function writeLimit(limit: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    handler: (_request, _response, next) =>
      next(tooMany(`More than ${limit} writes in a minute from this address.`, MINUTE_MS)),
  });
}

function tooMany(detail: string, retryAfterMs: number): HttpProblem {
  return new HttpProblem(429, detail, { headers: { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) } });
}
