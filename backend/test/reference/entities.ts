import { dayOf, lastDays, within } from './calendar.js';
import { ofType, type Fact } from './facts.js';
import { compareIds, distinct, percentage, ranked, tally, trendGrowth } from './numbers.js';
import { sightingsOfMembers } from './query.js';
import { badgesIn, communitiesIn, communityOf, templatesIn, usersIn, type Badge } from './state.js';

/** The lists and pages of badges, communities, users and issuers (`docs/query.md`), each list whole and by id. */
export interface BadgeFilter {
  readonly badge?: string;
  readonly issuer?: string;
  readonly community?: string;
  readonly user?: string;
}

const iso = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
const latest = (times: readonly number[]): string | null => iso(times.length === 0 ? undefined : Math.max(...times));

function badgesOf(facts: readonly Fact[], { badge, issuer, community, user }: BadgeFilter): Badge[] {
  const communities = communitiesIn(facts);
  return badgesIn(facts).filter(
    (one) =>
      (badge === undefined || one.templateId === badge) &&
      (issuer === undefined || one.issuer === issuer) &&
      (user === undefined || one.recipient === user) &&
      (community === undefined || communityOf(one, communities) === community),
  );
}

export function badgeSummaries(facts: readonly Fact[], nowMs: number, filter: BadgeFilter = {}) {
  const badges = badgesOf(facts, filter);
  const known = templatesIn(facts);
  const creations = ofType(facts, 'template_created');
  const alsoWithout = filter.issuer === undefined && filter.community === undefined && filter.user === undefined;
  const ids = distinct([...badges.map(({ templateId }) => templateId), ...(alsoWithout ? known.keys() : [])]);
  return ids
    .filter((id) => filter.badge === undefined || id === filter.badge)
    .map((badgeId) => {
      const issued = badges.filter(({ templateId }) => templateId === badgeId);
      const inLast = (days: number): number =>
        issued.filter(({ day }) => within(lastDays(dayOf(nowMs), days), day)).length;
      return {
        badgeId,
        badgeName: known.get(badgeId)?.name ?? `Badge ${badgeId}`,
        category: known.get(badgeId)?.category ?? 'unknown',
        level: known.get(badgeId)?.defaultLevel ?? 0,
        createdAt: iso(creations.find(({ props }) => props.templateId === badgeId)?.atMs),
        issued: issued.length,
        revoked: issued.filter(({ revokedMs }) => revokedMs !== undefined).length,
        held: issued.filter(({ revokedMs }) => revokedMs === undefined).length,
        recipients: distinct(issued.map(({ recipient }) => recipient)).length,
        issuers: distinct(issued.map(({ issuer }) => issuer)).length,
        issuanceLast7Days: inLast(7),
        issuanceLast30Days: inLast(30),
        growth: trendGrowth(inLast(7), inLast(30)),
        lastIssuedAt: latest(issued.map(({ atMs }) => atMs)),
      };
    });
}

export function issuedBadges(facts: readonly Fact[], filter: BadgeFilter = {}) {
  const communities = communitiesIn(facts);
  const known = templatesIn(facts);
  const mints = ofType(facts, 'badge_issued');
  return badgesOf(facts, filter).map((badge) => {
    const communityId = communityOf(badge, communities);
    const chain = mints.find(({ props }) => props.badgeId === badge.badgeId)?.chain;
    return {
      id: badge.badgeId,
      badgeId: badge.templateId,
      badgeName: known.get(badge.templateId)?.name ?? `Badge ${badge.templateId}`,
      category: badge.heldCategory,
      level: badge.heldLevel,
      recipient: badge.recipient,
      issuer: badge.issuer,
      communityId: communityId ?? null,
      communityName: communities.find((one) => one.communityId === communityId)?.name ?? null,
      issuedAt: new Date(badge.atMs).toISOString(),
      revokedAt: iso(badge.revokedMs),
      height: chain?.height ?? null,
      txId: chain?.txId ?? null,
    };
  });
}

export function communitySummaries(facts: readonly Fact[], nowMs: number) {
  const communities = communitiesIn(facts);
  const month = lastDays(dayOf(nowMs), 30);
  return communities.map(({ communityId, name, owner, active, atMs }) => {
    const badges = badgesOf(facts, { community: communityId });
    const members = sightingsOfMembers(facts).filter((one) => one.communityId === communityId);
    return {
      communityId,
      name,
      owner,
      active,
      createdAt: new Date(atMs).toISOString(),
      members: members.length,
      newMembersLast30Days: members.filter((one) => within(month, dayOf(one.atMs))).length,
      badgesIssued: badges.length,
      badgesIssuedLast30Days: badges.filter(({ day }) => within(month, day)).length,
      badgesHeld: badges.filter(({ revokedMs }) => revokedMs === undefined).length,
    };
  });
}

export function members(facts: readonly Fact[], communityId: string) {
  const owner = communitiesIn(facts).find((one) => one.communityId === communityId)?.owner;
  return sightingsOfMembers(facts)
    .filter((one) => one.communityId === communityId)
    .map(({ principal, atMs }) => ({
      principal,
      since: new Date(atMs).toISOString(),
      owner: principal === owner,
      badges: badgesOf(facts, { community: communityId, user: principal }).length,
    }));
}

export function userSummaries(facts: readonly Fact[]) {
  return usersIn(facts).map(({ principal, firstSeenMs }) => {
    const badges = badgesOf(facts, { user: principal });
    return {
      principal,
      firstSeenAt: new Date(firstSeenMs).toISOString(),
      badgesIssued: badges.length,
      badgesHeld: badges.filter(({ revokedMs }) => revokedMs === undefined).length,
      communities: sightingsOfMembers(facts).filter((one) => one.principal === principal).length,
      lastBadgeAt: latest(badges.map(({ atMs }) => atMs)),
    };
  });
}

export function issuerSummaries(facts: readonly Fact[], nowMs: number) {
  return distinct(badgesIn(facts).map(({ issuer }) => issuer)).map((issuer) => {
    const badges = badgesOf(facts, { issuer });
    const times = badges.map(({ atMs }) => atMs);
    return {
      issuer,
      issued: badges.length,
      revoked: badges.filter(({ revokedMs }) => revokedMs !== undefined).length,
      recipients: distinct(badges.map(({ recipient }) => recipient)).length,
      uniqueBadges: distinct(badges.map(({ templateId }) => templateId)).length,
      issuanceLast30Days: badges.filter(({ day }) => within(lastDays(dayOf(nowMs), 30), day)).length,
      firstIssuedAt: iso(Math.min(...times)),
      lastIssuedAt: latest(times),
    };
  });
}

/** What pages show beyond the lists. */
export function badgeExtras(facts: readonly Fact[], badge: string) {
  const communities = communitiesIn(facts);
  const badges = badgesOf(facts, { badge });
  const homes = badges.map((one) => communityOf(one, communities)).filter((home) => home !== undefined);
  const held = badges.filter(({ revokedMs }) => revokedMs === undefined);
  return {
    creator: ofType(facts, 'template_created').find(({ props }) => props.templateId === badge)?.actor ?? null,
    topIssuers: tally(badges.map(({ issuer }) => issuer))
      .slice(0, 10)
      .map(({ key, count }) => ({ issuer: key, issued: count })),
    topCommunities: tally(homes)
      .slice(0, 10)
      .map(({ key, count }) => ({
        communityId: key,
        name: communities.find(({ communityId }) => communityId === key)?.name,
        issued: count,
      })),
    levels: tally(held.map(({ heldLevel }) => String(heldLevel))).map(({ key, count }) => ({
      level: Number(key),
      held: count,
    })),
  };
}

export function topBadgesOf(facts: readonly Fact[], filter: BadgeFilter) {
  const known = templatesIn(facts);
  return tally(badgesOf(facts, filter).map(({ templateId }) => templateId))
    .slice(0, 10)
    .map(({ key, count }) => ({ badgeId: key, badgeName: known.get(key)?.name ?? `Badge ${key}`, issued: count }));
}

export function communityExtras(facts: readonly Fact[], community: string) {
  const created = communitiesIn(facts).find(({ communityId }) => communityId === community);
  const ended = ofType(facts, 'community_deactivated').find(({ props }) => props.communityId === community);
  return {
    creator: created?.creator,
    deactivatedAt: iso(ended?.atMs),
    recipients: distinct(badgesOf(facts, { community }).map(({ recipient }) => recipient)).length,
    topBadges: topBadgesOf(facts, { community }),
  };
}

export function userExtras(facts: readonly Fact[], user: string) {
  const held = badgesOf(facts, { user }).filter(({ revokedMs }) => revokedMs === undefined);
  const joined = sightingsOfMembers(facts).filter(({ principal }) => principal === user);
  return {
    memberships: ranked(
      joined,
      ({ atMs }) => atMs,
      ({ communityId }) => communityId,
    ).map(({ communityId, atMs }) => {
      const known = communitiesIn(facts).find((one) => one.communityId === communityId);
      return {
        communityId,
        name: known?.name ?? null,
        since: new Date(atMs).toISOString(),
        owner: known?.owner === user,
      };
    }),
    categories: tally(held.map(({ heldCategory }) => heldCategory)).map(({ key, count }) => ({
      category: key,
      held: count,
      percentage: percentage(count, held.length),
    })),
  };
}

/** In the order of a list: by a number or a time, the largest first, or by text; then by id. */
export function sorted<Item>(items: readonly Item[], valueOf: (item: Item) => unknown, idOf: (item: Item) => string) {
  return [...items].sort((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === right) return compareIds(idOf(a), idOf(b));
    // Unknown times come last.
    if (left === null || right === null) return left === null ? 1 : -1;
    return (left as number | string) > (right as number | string) ? -1 : 1;
  });
}
