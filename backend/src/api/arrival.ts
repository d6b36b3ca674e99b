import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { isRead } from './guard.js';
import type { HttpMetrics } from './metrics.js';
import { contentPolicy } from './policy.js';
import type { Services } from './services.js';

/**
 * What every request meets before it is looked at which call it is: it is told where it comes from, has an id, is counted
 * when it is answered, and its answer has the security headers and, if it is a read, is compressed.
 */
export function arrival(
  metrics: Pick<HttpMetrics, 'answered'>,
  services: Pick<Services, 'callers' | 'logger'>,
): RequestHandler {
  return inOneLayer([fromTheirAddress(services), observe(metrics, services), securityHeaders()], compressedReads());
}

/** What is done with a request before the next layer, at once; what it throws refuses the request. */
export type Step = (request: Request, response: Response) => void;

/** Each layer costs the router as much as most of these steps cost themselves, and every request goes through all. */
export function inOneLayer(
  steps: readonly Step[],
  last: RequestHandler = (_request, _response, next) => next(),
): RequestHandler {
  return (request, response, next) => {
    for (const step of steps) step(request, response);
    return last(request, response, next);
  };
}

/** A call that was passed on comes from where it came from there: limits are of callers. */
function fromTheirAddress({ callers }: Pick<Services, 'callers'>): Step {
  return (request) => {
    const address = callers.addressOf(request.headers, request.socket.remoteAddress ?? '');
    Object.defineProperty(request, 'ip', { value: address });
  };
}

/** Gives each request an id, and notes when and how it was answered. */
function observe(metrics: Pick<HttpMetrics, 'answered'>, { logger }: Pick<Services, 'logger'>): Step {
  return (request, response) => {
    const started = performance.now();
    const requestId = randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.on('finish', () => {
      const durationMs = performance.now() - started;
      const route = String(response.locals['route'] ?? 'other');
      metrics.answered(request.method, route, response.statusCode, durationMs / 1000);
      logger.debug({ requestId, method: request.method, route, status: response.statusCode, durationMs }, 'answered');
    });
  };
}

/** The same for every answer: told once, and not by a dozen handlers for each. */
function securityHeaders(): Step {
  const secure = helmet({
    contentSecurityPolicy: false,
    // For whoever ends TLS to say: it would bind other services on this host too.
    strictTransportSecurity: false,
  });
  const headers = new Map([['Content-Security-Policy', contentPolicy()]]);
  const recorder = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  secure({} as IncomingMessage, recorder as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error as Error;
  });
  return (_request, response) => {
    response.setHeaders(headers);
  };
}

/** What is read can be large; the answer to what is written never is. */
function compressedReads(): RequestHandler {
  const compress = compression();
  return (request, response, next) => (isRead(request) ? compress(request, response, next) : next());
}
