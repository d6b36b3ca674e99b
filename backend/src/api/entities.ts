import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import {
  BadgeDetail,
  BadgeList,
  CommunityDetail,
  CommunityList,
  IssuedBadgeList,
  IssuerDetail,
  IssuerList,
  LIST_SORTS,
  MemberList,
  UserDetail,
  UserList,
  type ListName,
} from '../contract/index.js';
import { notFound } from './problem.js';
import { route, type Answer, type Route } from './route.js';
import type { Services } from './services.js';

/** Lists of what there is, page by page, and pages of one badge (template), community, user or issuer. */

/** Items of one page. */
const MAX_ITEMS = 200;
const id = (description: string) => Type.String({ minLength: 1, maxLength: 200, description });
const text = (description: string) => Type.Optional(id(description));

const paging = {
  limit: Type.Integer({ minimum: 1, maximum: MAX_ITEMS, default: 50 }),
  after: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2000, description: '`next` of the page before; default: the first page' }),
  ),
};
export const sortOf = (list: ListName) =>
  Type.Union(
    LIST_SORTS[list].map((sort: string) => Type.Literal(sort)),
    { default: LIST_SORTS[list][0], description: 'Largest or latest first; names and ids ascending' },
  );
const searchIn = (what: string) => text(`Only those with this text in their ${what}, whatever its case`);

/** What each list can be narrowed by. */
export const LIST_FILTERS = {
  badges: {
    q: searchIn('name or id'),
    category: text('Only templates of this category'),
    issuer: text('Count only badges of this issuer, list only templates that have one'),
    community: text('The same for badges of this community'),
    user: text('The same for badges of this recipient'),
  },
  issuedBadges: {
    badge: text('Only badges of this template'),
    issuer: text('Only badges of this issuer'),
    community: text('Only badges that belong to this community'),
    user: text('Only badges of this recipient'),
    status: Type.Optional(Type.Union([Type.Literal('held'), Type.Literal('revoked')])),
  },
  communities: {
    q: searchIn('name or id'),
    owner: text('Only communities of this owner'),
    status: Type.Optional(Type.Union([Type.Literal('active'), Type.Literal('inactive')])),
  },
  members: { q: searchIn('principal') },
  users: { q: searchIn('principal') },
  issuers: { q: searchIn('principal') },
};

export function entityRoutes({ entities }: Pick<Services, 'entities'>, disabled: string | undefined): Route[] {
  const common = { method: 'get', access: 'viewer', tag: 'entities', disabled } as const;
  const list = (path: string, summary: string, schema: TSchema) => ({
    ...common,
    path,
    summary,
    outcomes: { 200: { description: '`next` is null on the last page', schema } },
    problems: [503],
  });
  const page = (path: string, summary: string, schema: TSchema) => ({
    ...common,
    path,
    summary,
    outcomes: { 200: { description: 'As of `seq`', schema } },
    problems: [404, 503],
  });
  const queryOf = <Filters extends TObject['properties']>(name: ListName, filters: Filters) =>
    Type.Object({ sort: sortOf(name), ...paging, ...filters });
  const params = Type.Object({ id: id('As the lists have it') });
  return [
    route({
      ...list('/api/badges', 'Badges (templates)', BadgeList),
      query: queryOf('badges', LIST_FILTERS.badges),
      handle: async ({ query }) => found(await entities.badges(query)),
    }),
    route({
      ...page('/api/badges/:id', 'One badge (template)', BadgeDetail),
      params,
      handle: async ({ params: { id } }) => found(await entities.badge(id), `No badge ${id} is known.`),
    }),
    route({
      ...list('/api/issued-badges', 'Badges that were issued, one by one, the latest first', IssuedBadgeList),
      query: queryOf('issuedBadges', LIST_FILTERS.issuedBadges),
      handle: async ({ query }) => found(await entities.issuedBadges(query)),
    }),
    route({
      ...list('/api/communities', 'Communities', CommunityList),
      query: queryOf('communities', LIST_FILTERS.communities),
      handle: async ({ query }) => found(await entities.communities(query)),
    }),
    route({
      ...page('/api/communities/:id', 'One community', CommunityDetail),
      params,
      handle: async ({ params: { id } }) => found(await entities.community(id), `No community ${id} is known.`),
    }),
    route({
      ...list('/api/communities/:id/members', 'Members of one community', MemberList),
      problems: [404, 503],
      params,
      query: queryOf('members', LIST_FILTERS.members),
      handle: async ({ params: { id }, query }) =>
        found(await entities.members({ ...query, community: id }), `No community ${id} is known.`),
    }),
    route({
      ...list('/api/users', 'Users', UserList),
      query: queryOf('users', LIST_FILTERS.users),
      handle: async ({ query }) => found(await entities.users(query)),
    }),
    route({
      ...page('/api/users/:id', "One user's passport", UserDetail),
      params,
      handle: async ({ params: { id } }) => found(await entities.user(id), `No user ${id} is known.`),
    }),
    route({
      ...list('/api/issuers', 'Issuers', IssuerList),
      query: queryOf('issuers', LIST_FILTERS.issuers),
      handle: async ({ query }) => found(await entities.issuers(query)),
    }),
    route({
      ...page('/api/issuers/:id', 'One issuer', IssuerDetail),
      params,
      handle: async ({ params: { id } }) => found(await entities.issuer(id), `No badge is known that ${id} issued.`),
    }),
  ];
}

function found(body: string | undefined, otherwise = 'There is no such list.'): Answer {
  if (body === undefined) throw notFound(otherwise);
  return { status: 200, body };
}
