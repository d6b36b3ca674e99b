import { Type } from '@sinclair/typebox';
import { TooManyAlertsError, WrongAlertError } from '../alerts/refused.js';
import { Alert, AlertChanges, AlertHistory, AlertList, NewAlert, SavedAlert, WebhookTest } from '../contract/index.js';
import { SMALL_BODY } from './body.js';
import { badRequest, HttpProblem, notFound } from './problem.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

/** Alerts: viewers see them and their history, admins set them. `docs/alerts.md` says what each condition means. */
const AlertId = Type.String({ minLength: 1, maxLength: 60 });
const AlertParams = Type.Object({ id: AlertId });

export function alertRoutes({ alerts }: Pick<Services, 'alerts'>, disabled: string | undefined): Route[] {
  // Read where they are asked for: every page does, and the writer is one for all.
  const common = { tag: 'alerts', disabled } as const;
  return [
    route({
      ...common,
      method: 'get',
      path: '/api/alerts',
      access: 'viewer',
      summary: 'All alerts and how they stand, firing ones first',
      outcomes: { 200: { description: 'As last looked at', schema: AlertList } },
      handle: async () => json(200, { alerts: await alerts.list() }),
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/alerts',
      access: 'admin',
      writes: 'once',
      summary: 'Set an alert',
      description: 'It is held against the metrics at once, with every batch from then on, and by the clock.',
      body: { schema: NewAlert, limit: SMALL_BODY },
      outcomes: { 201: { description: 'The only answer that shows a secret that was made', schema: SavedAlert } },
      problems: [409],
      handle: async ({ body }) => json(201, await refusing(alerts.create(body))),
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/alerts/history',
      access: 'viewer',
      summary: 'Alerts that fired and were resolved, newest first',
      query: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        before: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: '`next` of the page before; default: the newest' }),
        ),
        alertId: Type.Optional(AlertId),
      }),
      outcomes: {
        200: { description: '`next` is null on the last page; the newest 1,000 are kept', schema: AlertHistory },
      },
      handle: async ({ query }) => json(200, await alerts.history(query)),
    }),
    route({
      ...common,
      method: 'get',
      path: '/api/alerts/:id',
      access: 'viewer',
      summary: 'One alert',
      params: AlertParams,
      outcomes: { 200: { description: 'As last looked at', schema: Alert } },
      problems: [404],
      handle: async ({ params }) => json(200, found(await alerts.get(params.id), params.id)),
    }),
    route({
      ...common,
      method: 'patch',
      path: '/api/alerts/:id',
      access: 'admin',
      // The answer to a second time would not show a secret that the first has made.
      writes: 'once',
      summary: 'Change an alert',
      description: 'What is left out stays as it is. One that then watches for something else begins anew.',
      params: AlertParams,
      body: { schema: AlertChanges, limit: SMALL_BODY },
      outcomes: { 200: { description: 'As it is now', schema: SavedAlert } },
      problems: [404],
      handle: async ({ params, body }) => json(200, found(await refusing(alerts.change(params.id, body)), params.id)),
    }),
    route({
      ...common,
      method: 'delete',
      path: '/api/alerts/:id',
      access: 'admin',
      writes: 'once',
      summary: 'Delete an alert, which ends it if it fires; its history stays',
      params: AlertParams,
      outcomes: { 204: { description: 'It is gone' } },
      problems: [404],
      handle: async ({ params }) => {
        if (!(await alerts.remove(params.id))) throw unknown(params.id);
        return { status: 204 };
      },
    }),
    route({
      ...common,
      method: 'post',
      path: '/api/alerts/:id/test',
      access: 'admin',
      writes: 'once',
      summary: "Send a test message to an alert's webhook, once",
      params: AlertParams,
      outcomes: { 200: { description: 'Whether the receiver took it', schema: WebhookTest } },
      problems: [404],
      handle: async ({ params }) => json(200, found(await refusing(alerts.test(params.id)), params.id)),
    }),
  ];
}

async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WrongAlertError) throw badRequest(error.wrong);
    if (error instanceof TooManyAlertsError) throw new HttpProblem(409, `No more alerts: ${error.message}.`);
    throw error;
  }
}

const unknown = (id: string): HttpProblem => notFound(`There is no alert ${id}.`);

function found<T>(thing: T | undefined, id: string): T {
  if (thing === undefined) throw unknown(id);
  return thing;
}
