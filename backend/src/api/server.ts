import cors from 'cors';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import type { Gate } from '../chain/gate.js';
import { LogUnavailableError } from '../log/log.js';
import { activityRoutes } from './activity.js';
import { alertRoutes } from './alerts.js';
import { analyticsRoutes } from './analytics.js';
import { arrival, inOneLayer, type Step } from './arrival.js';
import { boardRoutes } from './boards.js';
import { keepingPlace, parseJson, readBytes } from './body.js';
import { chainRoutes } from './chain.js';
import { chainhookRoutes } from './chainhook.js';
import { dashboard } from './dashboard.js';
import { DOCS_ASSETS, docsAssets, docsRoutes } from './docs.js';
import { entityRoutes } from './entities.js';
import { exportRoutes } from './export.js';
import { isRead, makeGuard } from './guard.js';
import { healthRoutes } from './health.js';
import { LiveReads } from './live.js';
import { HttpMetrics, metricsRoutes } from './metrics.js';
import { answerOf, HttpProblem, notFound, notUpToDate, problemOf, unavailable } from './problem.js';
import { quarantineRoutes } from './quarantine.js';
import { queryRoutes } from './query.js';
import { reportRoutes } from './reports.js';
import type { Answer, Route } from './route.js';
import type { Services } from './services.js';
import { sessionRoutes } from './session.js';
import { snapshotRoutes } from './snapshots.js';
import { byTheWriter } from './writes.js';

/**
 * Every HTTP call of the service, as an Express app that does not listen yet. Calls are declared in the files beside this
 * one; here they are joined with what they have in common: who may call, limits, headers, errors, figures. Every error is
 * problem+json; what is a bug is logged with the request's id and answered 500 without saying more.
 */
export interface ApiOptions {
  /** False: deliveries are taken, `/api/analytics` answers 503. */
  readonly analyticsEnabled: boolean;
  /** Most bytes of a delivery, after decompression (`CHAINHOOK_BODY_LIMIT`). */
  readonly bodyLimitBytes: number;
  /** Where deliveries wait for their turn before their bodies are read. */
  readonly gate: Gate;
  /** Longest time that a call waits for a process that writes, in ms (`CHAINHOOK_MAX_WAIT_MS`). */
  readonly maxWaitMs: number;
  /** Longest time that a live answer is kept (`ANALYTICS_CACHE_TTL_MS`). */
  readonly cacheTtlMs: number;
  /** Origins of other sites whose pages may call (`CORS_ORIGIN`). */
  readonly corsOrigins: readonly string[];
  /** The exported dashboard (`frontend/out`). */
  readonly dashboardDirectory: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
/** A setting does not change by waiting, but someone may be at it. */
const DISABLED_RETRY_SECONDS = 3600;
/** What a page of another origin may read of an answer, beside its body: when to come back, its version, the name of a file. */
const EXPOSED_HEADERS = ['Retry-After', 'ETag', 'Content-Disposition'];

export function createApi(options: ApiOptions, services: Services): Express {
  const live = new LiveReads(services.analytics, options.cacheTtlMs, () => services.queries.statistics());
  const metrics = new HttpMetrics(services, () => live.statistics());
  const disabled = options.analyticsEnabled ? undefined : 'Analytics are off: ANALYTICS_ENABLED is false.';
  const routes = [
    ...chainhookRoutes(services, options),
    ...analyticsRoutes(live, services.clock, disabled),
    ...queryRoutes(services, disabled),
    ...entityRoutes(services, disabled),
    ...exportRoutes(services, disabled),
    ...snapshotRoutes(services, disabled),
    ...activityRoutes(services, disabled),
    ...alertRoutes(services, disabled),
    ...reportRoutes(services, disabled),
    ...chainRoutes(services),
    ...quarantineRoutes(services),
    ...boardRoutes(services),
    ...sessionRoutes(services, options.corsOrigins),
    ...healthRoutes(services),
    ...metricsRoutes(metrics),
  ];

  const app = express();
  app.disable('x-powered-by');
  // Answers are fresh or computed anew; a browser must not keep them for someone else.
  app.disable('etag');
  app.use(arrival(metrics, services));
  if (options.corsOrigins.length > 0)
    app.use('/api', cors({ origin: [...options.corsOrigins], credentials: true, exposedHeaders: EXPOSED_HEADERS }));
  const guard = makeGuard({ ...services, corsOrigins: options.corsOrigins });
  for (const route of [...routes, ...docsRoutes(routes)]) {
    const handle = route.writes === undefined ? answering(route) : byTheWriter(route, services, options, respond);
    app[route.method](
      route.path,
      inOneLayer([noting(route), ...(isOfViewers(route) ? [whileUpToDate(services)] : [])]),
      ...guard(route.access),
      ...(route.disabled === undefined ? [] : [refusing(route.disabled)]),
      ...(route.body ? [readBytes(route.body.limit), keepingPlace(handle)] : [handle]),
    );
  }
  app.use(DOCS_ASSETS, docsAssets());
  app.use('/api', (request) => {
    throw notFound(
      `There is no ${request.method} ${request.originalUrl.replace(/\?.*/, '')}; /api/docs shows what there is.`,
    );
  });
  app.use(dashboard(options.dashboardDirectory));
  app.use(failing(services));
  return app;
}

/** Notes what was called, also for those that are refused. */
function noting(route: Route): Step {
  return (_request, response) => {
    response.locals['route'] = route.path;
  };
}

/** What is read here, and as it is here: what the writer answers goes to it. */
const isOfViewers = ({ method, access, writes }: Route): boolean =>
  method === 'get' && access === 'viewer' && writes === undefined;

/** Also before it is asked who calls: those who come by a link are looked up in the database. */
function whileUpToDate({ refusal }: Services): Step {
  return () => {
    const reason = refusal();
    if (reason !== undefined) throw notUpToDate(reason);
  };
}

/** What the service is set up not to do. */
function refusing(reason: string): RequestHandler {
  return () => {
    throw unavailable(reason, DISABLED_RETRY_SECONDS);
  };
}

function answering(route: Route): RequestHandler {
  return async (request, response) => {
    if (route.body) parseJson(request);
    respond(response, await route.respond(request));
  };
}

/** What is sent is complete: Express' `send` would make ETags and types that none of our answers leaves to it. */
function respond(response: Response, { status, headers, type = JSON_TYPE, body }: Answer): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  for (const name in headers) response.setHeader(name, headers[name] ?? '');
  // What the caller has already, as told by an answer's own ETag.
  if (response.hasHeader('ETag') && response.req.fresh) response.statusCode = 304;
  if (body === undefined || response.statusCode === 304) return void response.end();
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}

function failing({ logger }: Services): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const known = problemOf(error, isRead(request));
    // A problem that was thrown as such is an answer; a failure behind one is told to those who run the service.
    if (!(error instanceof HttpProblem) && (known === undefined || known.status >= 500)) {
      const { requestId } = response.locals as { requestId: string };
      // Of a store that takes no writes its own line tells, once.
      const level = known === undefined ? 'error' : error instanceof LogUnavailableError ? 'debug' : 'warn';
      logger[level]({ err: error, requestId, method: request.method }, 'request failed');
    }
    sendProblem(response, known ?? bug(String(response.locals['requestId'])));
  };
}

function bug(requestId: string): HttpProblem {
  return new HttpProblem(500, `Something is wrong with the service; its log tells more of request ${requestId}.`);
}

function sendProblem(response: Response, problem: HttpProblem): void {
  const { status, headers, body } = answerOf(problem);
  response.status(status).set(headers).send(body);
}
