import { Type } from '@sinclair/typebox';
import { ChainStatus, DeliveryReceipt } from '../contract/index.js';
import { notFound } from './problem.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

/** How the chain side stands, and an admin's word on blocks that nothing proves. */
const BlockParams = Type.Object({
  hash: Type.String({ minLength: 1, maxLength: 100, description: 'Block hash, hex with `0x`' }),
});

export function chainRoutes({
  intake,
  chainStatus,
  predicates,
}: Pick<Services, 'intake' | 'chainStatus' | 'predicates'>): Route[] {
  const verdict = (word: 'confirm' | 'retract', summary: string): Route =>
    route({
      method: 'post',
      path: `/api/chain/blocks/:hash/${word}`,
      access: 'admin',
      writes: 'again',
      tag: 'chain',
      summary,
      params: BlockParams,
      outcomes: { 200: { description: 'What it changed', schema: DeliveryReceipt } },
      problems: [404],
      handle: async ({ params }) => {
        const receipt = await intake[word](params.hash.toLowerCase());
        if (receipt === undefined) throw notFound(`No block ${params.hash} is known.`);
        return json(200, receipt);
      },
    });
  return [
    route({
      method: 'get',
      path: '/api/chain/status',
      access: 'viewer',
      tag: 'chain',
      summary: 'Tip, lag, reorgs, unproven blocks and predicates',
      outcomes: { 200: { description: 'As of now', schema: ChainStatus } },
      handle: async () => json(200, { ...chainStatus(), predicates: await predicates() }),
    }),
    verdict('confirm', 'Say that a block which counts, but is unproven, is on the winning fork'),
    verdict('retract', 'Say that a block, and what descends from it, is not on the winning fork'),
  ];
}
