import { Type } from '@sinclair/typebox';
import type { Gate } from '../chain/gate.js';
import { DeliveryReceipt } from '../contract/index.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

export const CHAINHOOK_EVENTS = '/api/chainhook/events';

/**
 * Where a chain node delivers. Any JSON is taken, as a refusal would end the node's predicate: what is not understood is
 * kept in quarantine. A 2xx means that everything of the payload is on disk.
 */
export function chainhookRoutes(
  { intake }: Pick<Services, 'intake'>,
  { bodyLimitBytes, gate }: { readonly bodyLimitBytes: number; readonly gate: Gate },
): Route[] {
  return [
    route({
      method: 'post',
      path: CHAINHOOK_EVENTS,
      access: 'chainhook',
      writes: 'again',
      tag: 'chain',
      summary: 'Deliver a Chainhook payload (v1 raw or decoded, v2)',
      description: 'Delivering the same payload again changes nothing. Bodies may be compressed (gzip, deflate, br).',
      body: {
        schema: Type.Unknown({ description: 'A payload; JSON of another shape is set aside and answered 200' }),
        limit: { bytes: bodyLimitBytes, setBy: 'CHAINHOOK_BODY_LIMIT', anyType: true, gate },
      },
      outcomes: { 200: { description: 'It is on disk', schema: DeliveryReceipt } },
      handle: async ({ body }) => json(200, await intake.deliver(body)),
    }),
  ];
}
