import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Callers } from '../cluster/callers.js';
import { forward, isForwarded, MISDIRECTED, passedOn } from '../cluster/forward.js';
import { StaleWriterError } from '../log/log.js';
import { parseJson } from './body.js';
import { HttpProblem, unavailable } from './problem.js';
import type { Answer, Route } from './route.js';
import type { Services } from './services.js';

/**
 * Has a call answered by the process that writes: here, or where the writer is, so that whoever calls needs to know one
 * address and no roles. While there is no writer, or one that does not answer, the call waits, with an end; the body is
 * read by then, within its limits.
 */

/** Between two tries, in ms: it takes as long to find out that a writer is gone. Also how often it is looked whether it is. */
const RETRY_MS = 200;
const RETRY_SECONDS = 1;

/** @param respond sends an answer that was made here. */
export function byTheWriter(
  route: Route,
  { membership, callers }: Pick<Services, 'membership' | 'callers'>,
  { maxWaitMs }: { readonly maxWaitMs: number },
  respond: (response: Response, answer: Answer) => void,
): RequestHandler {
  return async (request, response) => {
    const until = performance.now() + maxWaitMs;
    const bytes = route.body ? (request.body as Buffer) : undefined;
    for (;;) {
      const writer = await membership.writer(isForwarded(request.headers) ? 0 : until - performance.now());
      if (writer === 'self') {
        const answer = await answerHere(route, request, bytes);
        if (answer !== undefined) return respond(response, answer);
      } else {
        if (isForwarded(request.headers)) throw new HttpProblem(MISDIRECTED, 'Another process writes.');
        if (writer === undefined) throw unavailable('No process takes writes at present.', RETRY_SECONDS);
        // What may not be made again is waited for as long as its connection lasts: nobody could say what came of it.
        const watch = watching(membership, writer, route.writes === 'again' ? until : Number.POSITIVE_INFINITY);
        try {
          if (await answerThere({ writer, callers, maxWaitMs, giveUp: watch.signal }, route, request, response, bytes))
            return;
        } finally {
          watch.end();
        }
      }
      if (performance.now() + RETRY_MS >= until)
        throw unavailable('The process that takes writes changed or is silent: none has taken this.', RETRY_SECONDS);
      await sleep(RETRY_MS);
    }
  };
}

/** @returns undefined when this process turned out to be the writer no longer: nothing of the call was kept. */
async function answerHere(route: Route, request: Request, bytes: Buffer | undefined): Promise<Answer | undefined> {
  if (bytes !== undefined) {
    request.body = bytes;
    parseJson(request);
  }
  try {
    return await route.respond(request);
  } catch (error) {
    if (error instanceof StaleWriterError) return undefined;
    throw error;
  }
}

/** A signal that an answer of `writer` is not to be waited for: it is past `until`, or another process writes by now. */
function watching(
  membership: Services['membership'],
  writer: string,
  until: number,
): { readonly signal: AbortSignal; end(): void } {
  const giveUp = new AbortController();
  const look = async (): Promise<void> => {
    // Not when it merely seems to be gone: it may be renewing its lease, and about to answer.
    const now = await membership.writer(0);
    if (performance.now() >= until || (now !== undefined && now !== writer)) giveUp.abort();
  };
  const timer = setInterval(() => void look(), RETRY_MS);
  return { signal: giveUp.signal, end: () => clearInterval(timer) };
}

interface Passing {
  readonly writer: string;
  readonly callers: Callers;
  readonly maxWaitMs: number;
  readonly giveUp: AbortSignal;
}

/** @returns whether it was answered. @throws {HttpProblem} 503 when nobody knows whether it was done, and it may not be twice. */
async function answerThere(
  { writer, callers, maxWaitMs, giveUp }: Passing,
  route: Route,
  request: Request,
  response: Response,
  body: Buffer | undefined,
): Promise<boolean> {
  const { method, path, headers, originalUrl } = request;
  const query = /\?.*/.exec(originalUrl)?.[0] ?? '';
  const call = { method, path: path + query, headers, body, from: callers.sealed(request.ip ?? ''), maxWaitMs };
  const outcome = await forward(writer, call, giveUp);
  if (outcome === 'not taken' || (outcome === 'unknown' && route.writes === 'again')) return false;
  if (outcome === 'unknown')
    throw unavailable('The process that takes writes did not answer: it may have done this, or not.', RETRY_SECONDS);
  response.status(outcome.statusCode ?? 502).set(passedOn(outcome.headers));
  await pipeline(outcome, response);
  return true;
}
