import { Type, type Static } from '@sinclair/typebox';
import { Count, Nullable, Rate, Seq, Timestamp } from './primitives.js';

/**
 * What there is, one by one: badges (templates), communities, users, issuers, as lists and as pages. As in `TopBadge`,
 * `badgeId` is the template's id; one issued badge is known by `id`. Everything is as of `seq`.
 */
const stamp = { timestamp: Timestamp, seq: Seq };
const page = <Item extends ReturnType<typeof Type.Object>>(item: Item) =>
  Type.Object({
    ...stamp,
    total: Type.Integer({ minimum: 0, description: 'Items of the whole list' }),
    items: Type.Array(item),
    next: Nullable(Type.String({ description: 'Cursor of the next page, null on the last one' })),
  });

export const BadgeSummary = Type.Object({
  badgeId: Type.String({ description: 'Template id' }),
  badgeName: Type.String(),
  category: Type.String(),
  level: Type.Integer({ description: 'Default level of the template; 0 while it is unknown' }),
  createdAt: Nullable(Type.String({ format: 'date-time', description: 'Null: its creation is not known' })),
  issued: Count,
  revoked: Count,
  held: Count,
  recipients: Type.Integer({ minimum: 0, description: 'Distinct' }),
  issuers: Type.Integer({ minimum: 0, description: 'Distinct' }),
  issuanceLast7Days: Count,
  issuanceLast30Days: Count,
  growth: Type.Number({ description: 'Average day of the last 7 against that of the last 30, in %' }),
  lastIssuedAt: Nullable(Timestamp),
});
export type BadgeSummary = Static<typeof BadgeSummary>;
export const BadgeList = page(BadgeSummary);
export type BadgeList = Static<typeof BadgeList>;

/** One badge that was issued. */
export const IssuedBadge = Type.Object({
  id: Type.String({ description: 'Id of this badge (`badge-id` of the contract)' }),
  badgeId: Type.String({ description: 'Template id' }),
  badgeName: Type.String(),
  category: Type.String({ description: 'As held: after the latest update' }),
  level: Type.Integer({ description: 'As held' }),
  recipient: Type.String(),
  issuer: Type.String(),
  communityId: Nullable(Type.String({ description: 'Community that it belongs to' })),
  communityName: Nullable(Type.String()),
  issuedAt: Timestamp,
  revokedAt: Nullable(Timestamp),
  height: Nullable(Type.Integer()),
  txId: Nullable(Type.String()),
});
export type IssuedBadge = Static<typeof IssuedBadge>;
export const IssuedBadgeList = page(IssuedBadge);
export type IssuedBadgeList = Static<typeof IssuedBadgeList>;

const IssuerCount = Type.Object({ issuer: Type.String(), issued: Count });
const CommunityCount = Type.Object({ communityId: Type.String(), name: Type.String(), issued: Count });
const BadgeCount = Type.Object({ badgeId: Type.String(), badgeName: Type.String(), issued: Count });
const LevelCount = Type.Object({ level: Type.Integer(), held: Count });

export const BadgeDetail = Type.Intersect([
  Type.Object(stamp),
  BadgeSummary,
  Type.Object({
    creator: Nullable(Type.String()),
    topIssuers: Type.Array(IssuerCount, { maxItems: 10 }),
    topCommunities: Type.Array(CommunityCount, { maxItems: 10 }),
    levels: Type.Array(LevelCount, { maxItems: 100, description: 'Held, by level as held, the largest first' }),
  }),
]);
export type BadgeDetail = Static<typeof BadgeDetail>;

export const CommunitySummary = Type.Object({
  communityId: Type.String(),
  name: Type.String(),
  owner: Type.String({ description: 'Now' }),
  active: Type.Boolean(),
  createdAt: Timestamp,
  members: Count,
  newMembersLast30Days: Count,
  badgesIssued: Type.Integer({ minimum: 0, description: 'Badges that belong to it' }),
  badgesIssuedLast30Days: Count,
  badgesHeld: Count,
});
export type CommunitySummary = Static<typeof CommunitySummary>;
export const CommunityList = page(CommunitySummary);
export type CommunityList = Static<typeof CommunityList>;
export const CommunityDetail = Type.Intersect([
  Type.Object(stamp),
  CommunitySummary,
  Type.Object({
    creator: Type.String(),
    deactivatedAt: Nullable(Timestamp),
    recipients: Type.Integer({ minimum: 0, description: 'Distinct recipients of its badges' }),
    topBadges: Type.Array(BadgeCount, { maxItems: 10 }),
  }),
]);
export type CommunityDetail = Static<typeof CommunityDetail>;

export const CommunityMember = Type.Object({
  principal: Type.String(),
  since: Timestamp,
  owner: Type.Boolean({ description: 'Owns the community now' }),
  badges: Type.Integer({ minimum: 0, description: 'Badges of this community issued to the member' }),
});
export type CommunityMember = Static<typeof CommunityMember>;
export const MemberList = page(CommunityMember);
export type MemberList = Static<typeof MemberList>;

export const UserSummary = Type.Object({
  principal: Type.String(),
  firstSeenAt: Timestamp,
  badgesIssued: Type.Integer({ minimum: 0, description: 'Issued to the user, revoked ones included' }),
  badgesHeld: Count,
  communities: Type.Integer({ minimum: 0, description: 'Memberships' }),
  lastBadgeAt: Nullable(Timestamp),
});
export type UserSummary = Static<typeof UserSummary>;
export const UserList = page(UserSummary);
export type UserList = Static<typeof UserList>;

export const UserMembership = Type.Object({
  communityId: Type.String(),
  name: Nullable(Type.String({ description: 'Null: its creation is not known' })),
  since: Timestamp,
  owner: Type.Boolean(),
});
/** A passport; its badges are a list of their own. */
export const UserDetail = Type.Intersect([
  Type.Object(stamp),
  UserSummary,
  Type.Object({
    memberships: Type.Array(UserMembership, { maxItems: 100, description: 'The latest 100' }),
    categories: Type.Array(Type.Object({ category: Type.String(), held: Count, percentage: Rate }), {
      maxItems: 100,
      description: 'Badges held, by category as held',
    }),
  }),
]);
export type UserDetail = Static<typeof UserDetail>;

export const IssuerSummary = Type.Object({
  issuer: Type.String(),
  issued: Count,
  revoked: Count,
  recipients: Type.Integer({ minimum: 0, description: 'Distinct' }),
  uniqueBadges: Type.Integer({ minimum: 0, description: 'Distinct templates' }),
  issuanceLast30Days: Count,
  firstIssuedAt: Timestamp,
  lastIssuedAt: Timestamp,
});
export type IssuerSummary = Static<typeof IssuerSummary>;
export const IssuerList = page(IssuerSummary);
export type IssuerList = Static<typeof IssuerList>;
export const IssuerDetail = Type.Intersect([
  Type.Object(stamp),
  IssuerSummary,
  Type.Object({
    communities: Type.Array(Type.Object({ communityId: Type.String(), name: Type.String(), active: Type.Boolean() }), {
      maxItems: 100,
      description: 'That it owns now',
    }),
    topBadges: Type.Array(BadgeCount, { maxItems: 10 }),
  }),
]);
export type IssuerDetail = Static<typeof IssuerDetail>;

/** What each list can be sorted by, largest or latest first, names and ids ascending; the first is the default. */
export const LIST_SORTS = {
  badges: ['issued', 'held', 'recipients', 'last7', 'last30', 'created', 'name'],
  communities: ['badges', 'members', 'last30', 'created', 'name'],
  users: ['badges', 'held', 'communities', 'lastBadge', 'firstSeen', 'principal'],
  issuers: ['issued', 'recipients', 'last30', 'uniqueBadges', 'issuer'],
  members: ['since', 'badges', 'principal'],
  /** Badges one by one, of a template or of a user. */
  issuedBadges: ['issuedAt'],
} as const;
export type ListName = keyof typeof LIST_SORTS;
