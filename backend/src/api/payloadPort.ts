import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CHAINHOOK_EVENTS } from './chainhook.js';
import { makeDrain } from './draining.js';
import { answerOf, notFound } from './problem.js';

/**
 * The port where a node delivers that we registered with: `POST /payload`, by the very rules of `/api/chainhook/events`
 * (who may, limits, answers), and nothing else. The client's own listener would compare the token with `===`, after it
 * has read the body, refuse JSON that we keep, and end no connection that a node keeps open. It is open in every process
 * from its start to its end, whichever of them writes: a node that is refused three times gives a predicate up.
 */
export interface PayloadPort {
  /** Resolves when it is open; a port that is taken is waited for. */
  readonly opened: Promise<void>;
  close(): Promise<void>;
}

export interface PayloadPortOptions {
  readonly host: string;
  readonly port: number;
  /** Timeouts, and what `app` wants requests and answers to be. */
  readonly http: ServerOptions;
  readonly logger: Logger;
}

/** Of a chain node and what stands before it; it delivers each of its few predicates' blocks one after another. */
export const MAX_CONNECTIONS = 256;

/** Between two tries to have the port, in ms. */
const RETRY_MS = 1_000;

/** @param app answers the calls of `createApi`. */
export function openPayloadPort(app: RequestListener, { host, port, http, logger }: PayloadPortOptions): PayloadPort {
  const server = createServer(http, (request, response) => {
    if (request.url !== '/payload') {
      const { status, headers, body } = answerOf(notFound('There is only POST /payload at this port.'));
      response.writeHead(status, headers).end(body);
      return;
    }
    request.url = CHAINHOOK_EVENTS;
    app(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const drain = makeDrain(server);
  const ending = new AbortController();
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  const open = async (): Promise<void> => {
    let isSaid = false;
    while (!ending.signal.aborted) {
      try {
        return await listen();
      } catch (error) {
        if (!isSaid) logger.error({ err: error, port }, 'the port for payloads cannot be had: it is tried again');
        isSaid = true;
        await sleep(RETRY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
      }
    }
  };
  const opened = open();
  return {
    opened,
    close: async () => {
      ending.abort();
      drain();
      await opened;
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
