import { Type } from '@sinclair/typebox';
import { ActivityPage, FactTypeName } from '../contract/index.js';
import type { ActivityQuery } from '../warehouse/activity.js';
import { openRangeOf, OpenRangeQuery } from './range.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';

const narrowed = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));

/** What narrows the activity down, as a list and as a file. */
export const ACTIVITY_FILTERS = {
  type: Type.Optional(Type.Union([...FactTypeName.anyOf], { description: 'Only events of this type' })),
  badge: narrowed('Only events of this template and of badges of it'),
  community: narrowed('Only events that name this community, and those of badges that belong to it'),
  user: narrowed('Only events that this principal caused, or that happened to it or its badges'),
  ...OpenRangeQuery,
};

/** As the read model takes it. @throws {HttpProblem} 400 when the days run backwards. */
export const activityQueryOf = ({
  from,
  to,
  ...query
}: Omit<ActivityQuery, 'range'> & { readonly from?: string; readonly to?: string }): ActivityQuery => ({
  ...query,
  range: openRangeOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }),
});

/** What happened, newest first, a page at a time; what was retracted is shown as such. */
export function activityRoutes({ activity }: Pick<Services, 'activity'>, disabled: string | undefined): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/analytics/activity',
      access: 'viewer',
      tag: 'analytics',
      summary: 'Recent events, newest first',
      query: Type.Object({
        limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
        before: Type.Optional(
          Type.String({ minLength: 1, maxLength: 200, description: '`next` of the page before; default: the newest' }),
        ),
        ...ACTIVITY_FILTERS,
      }),
      outcomes: { 200: { description: '`next` is null on the last page', schema: ActivityPage } },
      disabled,
      handle: async ({ query }) => json(200, await activity.activity(activityQueryOf(query))),
    }),
  ];
}
