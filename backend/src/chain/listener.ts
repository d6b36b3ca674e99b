import { createHash, timingSafeEqual } from 'node:crypto';
import { buildServer, type EventObserverOptions, type EventObserverPredicate } from '@hirosystems/chainhook-client';
import { PINO_CONFIG, logger as clientLogger } from '@hirosystems/chainhook-client/dist/util/logger.js';

/**
 * The client's server for payloads, `POST /payload`: it registers its predicates as it opens, and removes them as it
 * closes. The token is checked here, in constant time and before a byte of the body is read; the client compares it
 * afterwards and with `===`.
 */
export interface Listener {
  /** Registers the predicates, then listens. @throws {Error} when the port cannot be had. */
  open(): Promise<void>;
  /** Removes from the node what was registered, and stops listening. */
  close(): Promise<void>;
}

export async function makeListener(
  options: EventObserverOptions,
  nodeUrl: string,
  predicates: EventObserverPredicate[],
  deliver: (payload: unknown) => Promise<void>,
): Promise<Listener> {
  // The client's own lines would bypass the service's log; what matters of them is seen on the node, and logged there.
  clientLogger.level = 'silent';
  PINO_CONFIG.level = 'silent';
  const expected = digest(`Bearer ${options.auth_token}`);
  const server = await buildServer(
    { ...options, validate_token_authorization: false },
    { base_url: nodeUrl },
    predicates,
    deliver,
  );
  server.addHook('onRequest', async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) await reply.code(403).send();
  });
  return {
    open: async () => {
      await server.listen({ host: options.hostname, port: options.port });
    },
    close: () => server.close(),
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
