import type { Request } from 'express';
import {
  Aggregated,
  CommunityAnswer,
  DistributionAnswer,
  IssuanceAnswer,
  PARTS,
  UsersAnswer,
} from '../contract/index.js';
import type { LiveAnswer, LiveReads } from './live.js';
import { RangeQuery, rangeOf } from './range.js';
import { route, type Answer, type Route } from './route.js';

/** The live metrics: all at once, or one part. Their cost does not grow with history. */
const ANSWERS = {
  issuance: IssuanceAnswer,
  community: CommunityAnswer,
  users: UsersAnswer,
  distribution: DistributionAnswer,
};

const RANGE_NOTE =
  '`from`–`to` move the day series and the headline. Weekly and monthly series show the last 12; totals are as of now.';

export function analyticsRoutes(live: LiveReads, clock: () => number, disabled: string | undefined): Route[] {
  const common = { method: 'get', access: 'viewer', tag: 'analytics', query: RangeQuery, disabled } as const;
  return [
    route({
      ...common,
      path: '/api/analytics/aggregated',
      summary: 'Every live metric at once',
      description: RANGE_NOTE,
      outcomes: { 200: { description: 'As of `seq`', schema: Aggregated } },
      handle: ({ query, request }) => {
        const now = clock();
        return sent(live.aggregated(rangeOf(query, now), now), request);
      },
    }),
    ...PARTS.map((part) =>
      route({
        ...common,
        path: `/api/analytics/${part}`,
        summary: `The live metrics of ${part}`,
        description: RANGE_NOTE,
        outcomes: { 200: { description: 'As of `seq`', schema: ANSWERS[part] } },
        handle: ({ query, request }) => {
          const now = clock();
          return sent(live.part(part, rangeOf(query, now), now), request);
        },
      }),
    ),
  ];
}

/** Compressed already where that is understood: what every browser asks for, and would be compressed anew for each. */
async function sent({ plain, gzip }: LiveAnswer, request: Request): Promise<Answer> {
  const accepted = request.headers['accept-encoding'];
  if (accepted === undefined || request.acceptsEncodings('gzip', 'identity') !== 'gzip')
    return { status: 200, body: plain() };
  return { status: 200, headers: { 'Content-Encoding': 'gzip' }, body: await gzip() };
}
