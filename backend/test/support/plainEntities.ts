import type { Services } from '../../src/api/services.js';

/** Entities that answer plainly and validly: one of each, called `a`; of lists one page. */
const AT = '2026-02-14T12:00:00.000Z';
const STAMP = { timestamp: AT, seq: 7 };

const BADGE = {
  badgeId: 'a',
  badgeName: 'First steps',
  category: 'learning',
  level: 1,
  createdAt: AT,
  issued: 1,
  revoked: 0,
  held: 1,
  recipients: 1,
  issuers: 1,
  issuanceLast7Days: 1,
  issuanceLast30Days: 1,
  growth: 328.57,
  lastIssuedAt: AT,
};
const ISSUED_BADGE = {
  id: '1',
  badgeId: 'a',
  badgeName: 'First steps',
  category: 'learning',
  level: 1,
  recipient: 'SP1',
  issuer: 'SP2',
  communityId: null,
  communityName: null,
  issuedAt: AT,
  revokedAt: null,
  height: 10,
  txId: '0x01',
};
const COMMUNITY = {
  communityId: 'a',
  name: 'Makers',
  owner: 'SP2',
  active: true,
  createdAt: AT,
  members: 1,
  newMembersLast30Days: 1,
  badgesIssued: 0,
  badgesIssuedLast30Days: 0,
  badgesHeld: 0,
};
const USER = { principal: 'a', firstSeenAt: AT, badgesIssued: 1, badgesHeld: 1, communities: 0, lastBadgeAt: AT };
const ISSUER = {
  issuer: 'a',
  issued: 1,
  revoked: 0,
  recipients: 1,
  uniqueBadges: 1,
  issuanceLast30Days: 1,
  firstIssuedAt: AT,
  lastIssuedAt: AT,
};

const list = (item: object) => async () => JSON.stringify({ ...STAMP, total: 1, items: [item], next: null });
const page = (item: object) => async (id: string) => (id === 'a' ? JSON.stringify({ ...STAMP, ...item }) : undefined);
const members = list({ principal: 'SP1', since: AT, owner: false, badges: 1 });

export const plainEntities: Services['entities'] = {
  badges: list(BADGE),
  issuedBadges: list(ISSUED_BADGE),
  communities: list(COMMUNITY),
  members: async ({ community }) => (community === 'a' ? members() : undefined),
  users: list(USER),
  issuers: list(ISSUER),
  badge: page({ ...BADGE, creator: 'SP2', topIssuers: [], topCommunities: [], levels: [{ level: 1, held: 1 }] }),
  community: page({ ...COMMUNITY, creator: 'SP2', deactivatedAt: null, recipients: 0, topBadges: [] }),
  user: page({ ...USER, memberships: [], categories: [{ category: 'learning', held: 1, percentage: 100 }] }),
  issuer: page({ ...ISSUER, communities: [], topBadges: [] }),
};
