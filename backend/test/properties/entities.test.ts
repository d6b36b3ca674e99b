import fc from 'fast-check';
import { LIST_SORTS, type ListName } from '../../src/contract/index.js';
import type { LogEntry } from '../../src/log/log.js';
import { Entities } from '../../src/query/entities.js';
import { nows } from '../generators/instants.js';
import { canonicalIn, logsAround } from '../generators/logs.js';
import { ROOMY } from '../generators/pools.js';
import {
  badgeExtras,
  badgeSummaries,
  communityExtras,
  communitySummaries,
  issuedBadges,
  issuerSummaries,
  members,
  sorted,
  topBadgesOf,
  userExtras,
  userSummaries,
  type BadgeFilter,
} from '../reference/entities.js';
import type { Fact } from '../reference/facts.js';
import { withReaders } from '../support/readers.js';
import { expectSame } from './comparison.js';
import { inDirectory, withStore } from './store.js';

/** Lists and pages against the reference, page by page to the end, while the log goes on and blocks come and go. */

// Some seconds each; a busy machine may need many times that.
jest.setTimeout(240_000);

/** Field of an item that each order goes by; names and ids are texts, in ascending order. */
const FIELDS: Readonly<Record<ListName, Readonly<Record<string, string>>>> = {
  badges: {
    issued: 'issued',
    held: 'held',
    recipients: 'recipients',
    last7: 'issuanceLast7Days',
    last30: 'issuanceLast30Days',
    created: 'createdAt',
    name: 'badgeName',
  },
  communities: {
    badges: 'badgesIssued',
    members: 'members',
    last30: 'badgesIssuedLast30Days',
    created: 'createdAt',
    name: 'name',
  },
  users: {
    badges: 'badgesIssued',
    held: 'badgesHeld',
    communities: 'communities',
    lastBadge: 'lastBadgeAt',
    firstSeen: 'firstSeenAt',
    principal: '',
  },
  issuers: {
    issued: 'issued',
    recipients: 'recipients',
    last30: 'issuanceLast30Days',
    uniqueBadges: 'uniqueBadges',
    issuer: '',
  },
  members: { since: 'since', badges: 'badges', principal: '' },
  issuedBadges: { issuedAt: 'issuedAt' },
};
const IDS: Readonly<Record<ListName, string>> = {
  badges: 'badgeId',
  communities: 'communityId',
  users: 'principal',
  issuers: 'issuer',
  members: 'principal',
  issuedBadges: 'id',
};
const LISTS = Object.keys(LIST_SORTS) as ListName[];

type Item = Readonly<Record<string, unknown>>;
interface Page {
  readonly total: number;
  readonly items: Item[];
  readonly next: string | null;
}
interface Asked {
  readonly sort: string;
  readonly limit: number;
  readonly filter: BadgeFilter;
  readonly community: string;
}

function wantedOf(list: ListName, facts: readonly Fact[], now: number, { sort, filter, community }: Asked): Item[] {
  const all: Readonly<Record<ListName, () => readonly Item[]>> = {
    badges: () => badgeSummaries(facts, now, filter),
    communities: () => communitySummaries(facts, now),
    users: () => userSummaries(facts),
    issuers: () => issuerSummaries(facts, now),
    members: () => members(facts, community),
    issuedBadges: () => issuedBadges(facts, filter),
  };
  const field = FIELDS[list][sort] ?? '';
  const idOf = (item: Item): string => String(item[IDS[list]]);
  if (sort !== 'name') return sorted(all[list](), (item) => (field === '' ? 0 : item[field]), idOf);
  const byName = (item: Item): string => [...String(item[field]).toLowerCase()].slice(0, 100).join('');
  const names = [...new Set(all[list]().map(byName))].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return sorted(all[list](), (item) => -names.indexOf(byName(item)), idOf);
}

async function allPages(
  entities: Entities,
  list: ListName,
  { sort, limit, filter, community }: Asked,
): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | undefined;
  do {
    const page = { sort, limit, ...(after !== undefined && { after }) };
    const read: Readonly<Record<ListName, () => Promise<string | undefined>>> = {
      badges: () => entities.badges({ ...page, ...filter }),
      communities: () => entities.communities(page),
      users: () => entities.users(page),
      issuers: () => entities.issuers(page),
      members: () => entities.members({ ...page, community }),
      issuedBadges: () => entities.issuedBadges({ ...page, ...filter }),
    };
    const answer = await read[list]();
    if (answer === undefined) return pages;
    const told = JSON.parse(answer) as Page;
    pages.push(told);
    after = told.next ?? undefined;
  } while (after !== undefined);
  return pages;
}

const filters: fc.Arbitrary<BadgeFilter> = fc.oneof(
  fc.constant({}),
  fc.constantFrom(...ROOMY.templates.slice(0, 8)).map((badge) => ({ badge })),
  fc.constantFrom(...ROOMY.principals.slice(0, 8)).map((issuer) => ({ issuer })),
  fc.constantFrom(...ROOMY.principals.slice(0, 8)).map((user) => ({ user })),
  fc.constantFrom(...ROOMY.communities.slice(0, 4)).map((community) => ({ community })),
);
const askedOf = (list: ListName): fc.Arbitrary<Asked> =>
  fc.record({
    sort: fc.constantFrom(...(LIST_SORTS[list] as readonly string[])),
    limit: fc.constantFrom(1, 3, 200),
    filter: filters,
    community: fc.constantFrom(...ROOMY.communities.slice(0, 4)),
  });

const cases = nows.chain((now) =>
  fc.record({
    now: fc.constant(now),
    commits: logsAround(now),
    asked: fc.tuple(...LISTS.map((list) => askedOf(list).map((asked) => ({ list, asked })))),
  }),
);

const parsed = (text: string | undefined): unknown => {
  const { timestamp: _timestamp, seq: _seq, ...rest } = JSON.parse(text ?? '{}') as Item;
  return rest;
};

async function expectPages(entities: Entities, facts: readonly Fact[], now: number): Promise<void> {
  const [badge] = badgeSummaries(facts, now);
  if (badge !== undefined)
    expectSame(parsed(await entities.badge(badge.badgeId)), { ...badge, ...badgeExtras(facts, badge.badgeId) });
  const [community] = communitySummaries(facts, now);
  if (community !== undefined)
    expectSame(parsed(await entities.community(community.communityId)), {
      ...community,
      ...communityExtras(facts, community.communityId),
    });
  const [user] = userSummaries(facts);
  if (user !== undefined)
    expectSame(parsed(await entities.user(user.principal)), { ...user, ...userExtras(facts, user.principal) });
  const [issuer] = issuerSummaries(facts, now);
  if (issuer !== undefined)
    expectSame(parsed(await entities.issuer(issuer.issuer)), {
      ...issuer,
      communities: sorted(
        communitySummaries(facts, now).filter(({ owner }) => owner === issuer.issuer),
        ({ badgesIssued }) => badgesIssued,
        ({ communityId }) => communityId,
      ).map(({ communityId, name, active }) => ({ communityId, name, active })),
      topBadges: topBadgesOf(facts, { issuer: issuer.issuer }),
    });
}

describe('lists and pages of what there is', () => {
  it('equal the reference for any log, order, filter and size of page', async () => {
    await fc.assert(
      fc.asyncProperty(cases, ({ now, commits, asked }) =>
        withStore(({ log }) =>
          inDirectory((dir) =>
            withReaders(dir, log, async ({ queries, fold }) => {
              const entities = new Entities(queries, () => now);
              const half = Math.ceil(commits.length / 2);
              const seen: LogEntry[] = [];
              for (const some of [commits.slice(0, half), commits.slice(half)]) {
                for (const entries of some) await log.append(entries);
                seen.push(...some.flat());
                await fold();
                const facts = canonicalIn(seen);
                for (const { list, asked: how } of asked) {
                  const created = communitySummaries(facts, now).some(
                    ({ communityId }) => communityId === how.community,
                  );
                  // There is no page of members of what was never created.
                  const wanted = list === 'members' && !created ? [] : wantedOf(list, facts, now, how);
                  const pages = await allPages(entities, list, how);
                  expectSame(
                    pages.flatMap(({ items }) => items),
                    wanted,
                  );
                  expect(pages.map(({ total }) => total)).toEqual(pages.map(() => wanted.length));
                }
                await expectPages(entities, facts, now);
              }
            }),
          ),
        ),
      ),
      // Making a failure smaller would take as long again for every try.
      { numRuns: 12, endOnFailure: true },
    );
  });
});
