import { createHash, timingSafeEqual } from 'node:crypto';
import { buildServer, type EventObserverOptions, type EventObserverPredicate } from '@hirosystems/chainhook-client';
import { registerAllPredicatesOnObserverReady } from '@hirosystems/chainhook-client/dist/predicates.js';
import { PINO_CONFIG, logger as clientLogger } from '@hirosystems/chainhook-client/dist/util/logger.js';

/**
 * The client's server for payloads, `POST /payload`, which removes its predicates as it closes. Two things are done here
 * instead of there: it listens before it registers, since a node delivers at once and gives up after 3 s; and the token is
 * checked in constant time, before a byte of the body is read.
 */
export interface Listener {
  /** Listens, then registers the predicates: gives each a new uuid, in place. @throws {Error} when the port is taken. */
  open(predicates: EventObserverPredicate[]): Promise<void>;
  /** Removes from the node what was registered, and stops listening. */
  close(): Promise<void>;
}

export async function makeListener(
  options: EventObserverOptions,
  nodeUrl: string,
  deliver: (payload: unknown) => Promise<void>,
): Promise<Listener> {
  // The client's own lines would bypass the service's log; what matters of them is seen on the node, and logged there.
  clientLogger.level = 'silent';
  PINO_CONFIG.level = 'silent';
  const expected = digest(`Bearer ${options.auth_token}`);
  const node = { base_url: nodeUrl };
  const server = await buildServer({ ...options, validate_token_authorization: false }, node, [], deliver);
  server.addHook('onRequest', async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) await reply.code(403).send();
  });
  return {
    open: async (predicates) => {
      await server.listen({ host: options.hostname, port: options.port });
      await registerAllPredicatesOnObserverReady(predicates, options, node);
    },
    close: () => server.close(),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
