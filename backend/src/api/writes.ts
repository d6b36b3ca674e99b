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
 * address and no roles. While there is no writer the call waits, with an end; the body is read by then, within its limits.
 */

/** Between two tries, in ms: it takes as long to find out that a writer is gone. */
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
        if (await answerThere({ writer, callers }, route, request, response, bytes)) return;
      }
      if (performance.now() + RETRY_MS >= until)
        throw unavailable('The process that takes writes changed, and none has taken this one.', RETRY_SECONDS);
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

/** @returns whether it was answered. @throws {HttpProblem} 503 when nobody knows whether it was done, and it may not be twice. */
async function answerThere(
  { writer, callers }: { readonly writer: string; readonly callers: Callers },
  route: Route,
  request: Request,
  response: Response,
  body: Buffer | undefined,
): Promise<boolean> {
  const { method, path, headers, originalUrl } = request;
  const query = /\?.*/.exec(originalUrl)?.[0] ?? '';
  const outcome = await forward(writer, {
    method,
    path: path + query,
    headers,
    body,
    from: callers.sealed(request.ip ?? ''),
  });
  if (outcome === 'not taken' || (outcome === 'unknown' && route.writes === 'again')) return false;
  if (outcome === 'unknown')
    throw unavailable('The process that takes writes did not answer: it may have done this, or not.', RETRY_SECONDS);
  response.status(outcome.statusCode ?? 502).set(passedOn(outcome.headers));
  await pipeline(outcome, response);
  return true;
}
