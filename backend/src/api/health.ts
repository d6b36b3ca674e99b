import { Type } from '@sinclair/typebox';
import { unavailable } from './problem.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

/** For whoever runs the service: `live` = the process answers, `ready` = the log is open and its folds are up to date. */
const RETRY_SECONDS = 1;

export function healthRoutes({ readiness }: Pick<Services, 'readiness'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/health/live',
      access: 'open',
      tag: 'operation',
      summary: 'Whether the process answers',
      outcomes: { 200: { description: 'It does', schema: Type.Object({ live: Type.Literal(true) }) } },
      handle: () => json(200, { live: true }),
    }),
    route({
      method: 'get',
      path: '/health/ready',
      access: 'open',
      tag: 'operation',
      summary: 'Whether the log is open and the metrics are within one batch of it',
      outcomes: { 200: { description: 'It is', schema: Type.Object({ ready: Type.Literal(true) }) } },
      problems: [503],
      handle: () => {
        const { ready, reasons } = readiness();
        if (!ready) throw unavailable(`Not ready: ${reasons.join('; ')}`, RETRY_SECONDS);
        return json(200, { ready: true });
      },
    }),
  ];
}
