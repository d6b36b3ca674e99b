import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { CHAINHOOK_EVENTS } from './chainhook.js';
import { makeDrain } from './draining.js';

/**
 * The port where a node delivers that we registered with: `POST /payload`, by the very rules of `/api/chainhook/events`
 * (who may, limits, answers), and nothing else. The client's own listener would compare the token with `===`, after it
 * has read the body, refuse JSON that we keep, and end no connection that a node keeps open.
 */
export interface PayloadPort {
  close(): Promise<void>;
}

export interface PayloadPortOptions {
  readonly host: string;
  readonly port: number;
  readonly timeouts: Pick<ServerOptions, 'requestTimeout' | 'headersTimeout'>;
}

/** Of a chain node and what stands before it; it delivers each of its few predicates' blocks one after another. */
export const MAX_CONNECTIONS = 256;

/** @param app answers the calls of `createApi`. @throws {Error} when the port cannot be had. */
export async function openPayloadPort(
  app: RequestListener,
  { host, port, timeouts }: PayloadPortOptions,
): Promise<PayloadPort> {
  const server = createServer(timeouts, (request, response) => {
    if (request.url !== '/payload') {
      response.writeHead(404).end();
      return;
    }
    request.url = CHAINHOOK_EVENTS;
    app(request, response);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const drain = makeDrain(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    close: () => {
      drain();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
