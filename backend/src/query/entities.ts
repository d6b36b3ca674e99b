import { dayOf } from '../analyzers/calendar.js';
import { percentage } from '../analyzers/numbers.js';
import { badgeList, type BadgeListQuery } from '../warehouse/badgeList.js';
import { badgeTops } from '../warehouse/badgeTops.js';
import { communityList, type CommunityListQuery } from '../warehouse/communityList.js';
import { issuedBadgeList, type IssuedBadgeQuery } from '../warehouse/issuedBadgeList.js';
import { issuerList, type IssuerListQuery } from '../warehouse/issuerList.js';
import type { ListPage } from '../warehouse/listPage.js';
import { memberList, type MemberListQuery } from '../warehouse/memberList.js';
import { templateCreator } from '../warehouse/templateCreator.js';
import { userList, type UserListQuery } from '../warehouse/userList.js';
import { userMemberships } from '../warehouse/userMemberships.js';
import type { Queries } from './queries.js';
import type { Connection } from '../warehouse/readModel.js';

/**
 * Badges, communities, users and issuers, as lists and one by one: each answer as JSON with its stamps, undefined for
 * something that is not known. What a page shows of its subject is what the list shows of it.
 */
const TOP = 10;
/** Levels, categories, memberships and communities of one page. */
const MANY = 100;

export class Entities {
  constructor(
    private readonly queries: Pick<Queries, 'read'>,
    private readonly clock: () => number,
  ) {}

  badges(query: BadgeListQuery): Promise<string | undefined> {
    return this.#list('badges', query, badgeList);
  }

  issuedBadges(query: IssuedBadgeQuery): Promise<string | undefined> {
    return this.#list('issued', query, issuedBadgeList);
  }

  communities(query: CommunityListQuery): Promise<string | undefined> {
    return this.#list('communities', query, async (connection, asked, today) => {
      const page = await communityList(connection, asked, today);
      const rows = page.rows.map(({ creator: _, deactivatedAt: __, recipients: ___, ...summary }) => summary);
      return { ...page, rows };
    });
  }

  /** Undefined when the community was never created. */
  members(query: MemberListQuery): Promise<string | undefined> {
    return this.#list('members', query, async (connection, asked, today) => {
      const { community } = asked;
      const { total } = await communityList(connection, { community, sort: 'name', limit: 1 }, today);
      return total === 0 ? undefined : memberList(connection, asked);
    });
  }

  users(query: UserListQuery): Promise<string | undefined> {
    return this.#list('users', query, userList);
  }

  issuers(query: IssuerListQuery): Promise<string | undefined> {
    return this.#list('issuers', query, issuerList);
  }

  badge(badge: string): Promise<string | undefined> {
    return this.#page('badge', badge, async (connection, today) => {
      const [summary] = (await badgeList(connection, { badge, sort: 'name', limit: 1 }, today)).rows;
      if (summary === undefined) return undefined;
      const issuers = await badgeTops(connection, { badge }, 'issuer', TOP);
      const communities = await badgeTops(connection, { badge }, 'community', TOP);
      const levels = await badgeTops(connection, { badge }, 'level', MANY);
      return {
        ...summary,
        creator: await templateCreator(connection, badge),
        topIssuers: issuers.map(({ id, n }) => ({ issuer: id, issued: n })),
        topCommunities: communities.map(({ id, name, n }) => ({ communityId: id, name, issued: n })),
        levels: levels.map(({ id, n }) => ({ level: Number(id), held: n })),
      };
    });
  }

  community(community: string): Promise<string | undefined> {
    return this.#page('community', community, async (connection, today) => {
      const [found] = (await communityList(connection, { community, sort: 'name', limit: 1 }, today)).rows;
      return found && { ...found, topBadges: await topBadges(connection, { community }) };
    });
  }

  user(user: string): Promise<string | undefined> {
    return this.#page('user', user, async (connection) => {
      const [summary] = (await userList(connection, { user, sort: 'principal', limit: 1 })).rows;
      if (summary === undefined) return undefined;
      const categories = await badgeTops(connection, { user }, 'category', MANY);
      return {
        ...summary,
        memberships: await userMemberships(connection, user, MANY),
        categories: categories.map(({ id, n }) => ({
          category: id,
          held: n,
          percentage: percentage(n, summary.badgesHeld),
        })),
      };
    });
  }

  issuer(issuer: string): Promise<string | undefined> {
    return this.#page('issuer', issuer, async (connection, today) => {
      const [summary] = (await issuerList(connection, { issuer, sort: 'issuer', limit: 1 }, today)).rows;
      if (summary === undefined) return undefined;
      const owned = await communityList(connection, { owner: issuer, sort: 'badges', limit: MANY }, today);
      return {
        ...summary,
        communities: owned.rows.map(({ communityId, name, active }) => ({ communityId, name, active })),
        topBadges: await topBadges(connection, { issuer }),
      };
    });
  }

  #list<Query extends object>(
    name: string,
    query: Query,
    find: (connection: Connection, query: Query, today: number) => Promise<ListPage<object> | undefined>,
  ): Promise<string | undefined> {
    const today = dayOf(this.clock());
    return this.queries.read(JSON.stringify([name, today, query]), async (connection) => {
      const page = await find(connection, query, today);
      return page && { total: page.total, items: page.rows, next: page.next };
    });
  }

  #page(
    name: string,
    id: string,
    find: (connection: Connection, today: number) => Promise<object | undefined>,
  ): Promise<string | undefined> {
    const today = dayOf(this.clock());
    return this.queries.read(JSON.stringify([name, today, id]), (connection) => find(connection, today));
  }
}

async function topBadges(connection: Connection, filter: { issuer?: string; community?: string }) {
  const top = await badgeTops(connection, filter, 'badge', TOP);
  return top.map(({ id, name, n }) => ({ badgeId: id, badgeName: name, issued: n }));
}
