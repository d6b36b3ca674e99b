import { Type } from '@sinclair/typebox';
import { DeliveryReceipt, QuarantinePage, type QuarantineItem } from '../contract/index.js';
import { HttpProblem, notFound } from './problem.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

/** What was delivered and not understood: to look at, to take again after a fix, or to drop. */
const ItemParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });

export function quarantineRoutes({ quarantine, intake }: Pick<Services, 'quarantine' | 'intake'>): Route[] {
  const found = async (id: string): Promise<QuarantineItem> => {
    const item = await quarantine.get(id);
    if (item === undefined) throw notFound(`No item ${id} is in quarantine.`);
    return item;
  };
  return [
    route({
      method: 'get',
      path: '/api/quarantine',
      access: 'admin',
      tag: 'quarantine',
      summary: 'What was not understood, newest first',
      query: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        before: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: '`next` of the page before; default: the newest' }),
        ),
      }),
      outcomes: { 200: { description: '`next` is null on the last page', schema: QuarantinePage } },
      handle: async ({ query }) => json(200, await quarantine.list(query)),
    }),
    route({
      method: 'post',
      path: '/api/quarantine/:id/replay',
      access: 'admin',
      writes: 'once',
      tag: 'quarantine',
      summary: 'Take an item again',
      description:
        'What is understood now leaves the quarantine; what is not stays, and is counted as `quarantined`. ' +
        'An event of source `fold` is in the log already: 409, it counts after a rebuild.',
      params: ItemParams,
      outcomes: { 200: { description: 'As for a delivery', schema: DeliveryReceipt } },
      problems: [404, 409],
      handle: async ({ params }) => {
        const item = await found(params.id);
        if (item.source === 'fold')
          throw new HttpProblem(
            409,
            'The log has this event, which could not be folded: after a fix it counts with the next rebuild.',
          );
        const receipt = await intake.replay(item);
        if (receipt.quarantined === 0) await quarantine.remove(params.id);
        return json(200, receipt);
      },
    }),
    route({
      method: 'delete',
      path: '/api/quarantine/:id',
      access: 'admin',
      writes: 'once',
      tag: 'quarantine',
      summary: 'Drop an item',
      params: ItemParams,
      outcomes: { 204: { description: 'It is gone' } },
      problems: [404],
      handle: async ({ params }) => {
        if (!(await quarantine.remove(params.id))) throw notFound(`No item ${params.id} is in quarantine.`);
        return { status: 204 };
      },
    }),
  ];
}
