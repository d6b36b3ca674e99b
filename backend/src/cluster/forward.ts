import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { FORWARDED } from './callers.js';

/**
 * Passes a call on to the writer as it came: with the caller's own token, cookie and host, so that the writer decides on
 * it as if it had been asked itself. A call is passed on once: a process that gets one and does not write says so.
 */
export interface Call {
  readonly method: string;
  /** From the first slash, with its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As sent, but unpacked; undefined when there is none. */
  readonly body: Buffer | undefined;
  /** Whose it is, sealed (`Callers`). */
  readonly from: string;
  /** Longest wait for a turn at the writer, in ms. */
  readonly maxWaitMs: number;
}

/**
 * What came of it: the writer's answer, to be read to its end; `not taken` when it certainly did nothing, as nobody
 * listens there or it does not write; `unknown` when the connection broke after the call was sent.
 */
export type Outcome = IncomingMessage | 'not taken' | 'unknown';

/** What a process answers to a forwarded call that it cannot take (RFC 9110, Misdirected Request). */
export const MISDIRECTED = 421;

/** Until the writer takes the connection, in ms: processes of one service are near each other. */
const CONNECT_MS = 2_000;
/**
 * Until a connection on which nothing comes is given up, in ms: longer than a writer lets a call wait that is alive, for its
 * turn (`CHAINHOOK_MAX_WAIT_MS`) and then for its log and its documents, which are given up after 8 s and 10 s.
 */
export const silenceMs = (maxWaitMs: number): number => maxWaitMs + 20_000;

/** Of one connection each (RFC 9110, section 7.6.1), or made anew for the body as it is passed on. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'content-encoding',
  // The answer is packed once, for the caller.
  'accept-encoding',
]);

/** A connection each: one that was kept could have been closed at the other end, and then nobody knows what was taken. */
const AGENTS = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

export const isForwarded = (headers: IncomingHttpHeaders): boolean => FORWARDED in headers;

/** The headers of a call or an answer that are passed on. */
export function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name)));
}

/**
 * @param base URL of the writer.
 * @param giveUp ends the waiting for an answer that has not begun. Never rejects.
 */
export function forward(
  base: string,
  { method, path, headers, body, from, maxWaitMs }: Call,
  giveUp: AbortSignal,
): Promise<Outcome> {
  const url = new URL(base);
  const secure = url.protocol === 'https:';
  const request = (secure ? httpsRequest : httpRequest)(url, {
    method,
    // Never resolved against the base: whatever a caller writes there, it is the writer that is asked.
    path: url.pathname.replace(/\/$/, '') + path,
    agent: secure ? AGENTS['https:'] : AGENTS['http:'],
    headers: {
      ...passedOn(headers),
      [FORWARDED]: from,
      ...(body !== undefined && { 'content-length': String(body.length) }),
    },
  });
  return new Promise((resolve) => {
    let isConnected = false;
    const connecting = setTimeout(() => request.destroy(), CONNECT_MS);
    request.on('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
        clearTimeout(connecting);
        request.end(body);
      }),
    );
    request.setTimeout(silenceMs(maxWaitMs), () => request.destroy());
    const end = (): void => void request.destroy();
    giveUp.addEventListener('abort', end, { once: true });
    request.on('response', (answer) => {
      giveUp.removeEventListener('abort', end);
      if (answer.statusCode !== MISDIRECTED) return resolve(answer);
      answer.resume();
      resolve('not taken');
    });
    request.on('error', () => resolve(isConnected ? 'unknown' : 'not taken'));
    request.on('close', () => {
      clearTimeout(connecting);
      resolve(isConnected ? 'unknown' : 'not taken');
    });
  });
}
