import type { Server } from 'node:http';

/**
 * Lets a server end under load: `Server.close` takes no new connections, but answers on those that are open for as long
 * as requests come there. From `drain` on each connection ends with its next answer, once it is idle, or when its patience
 * is over: what was not answered by then was not acknowledged.
 */
const PATIENCE_MS = 4_000;

/** @returns `drain`, to be called just before the server is closed. */
export function makeDrain(server: Server): () => void {
  let draining = false;
  server.prependListener('request', (_request, response) => {
    if (draining) response.setHeader('Connection', 'close');
  });
  return () => {
    draining = true;
    // Of requests under way the header may be sent: their connections are closed this long after the answer, in ms.
    server.keepAliveTimeout = 1;
    setTimeout(() => server.closeAllConnections(), PATIENCE_MS).unref();
  };
}
