import { dayOf } from './calendar.js';
import { ofType, type Fact, type FactOfType } from './facts.js';
import { compareIds, distinct } from './numbers.js';

/**
 * What a set of canonical facts says, by filtering and sorting: which badges, templates, communities, memberships and
 * users there are. Nothing is kept between two calls.
 */

/** A badge that was minted: by the first mint of its id, any other counts for nothing. */
export interface Badge {
  readonly badgeId: string;
  readonly templateId: string;
  readonly recipient: string;
  readonly issuer: string;
  readonly communityId: string | undefined;
  readonly atMs: number;
  readonly day: string;
  /** As at the mint. */
  readonly category: string;
  readonly level: number;
  /** After the latest update. */
  readonly heldCategory: string;
  readonly heldLevel: number;
  /** Of the first revocation. */
  readonly revokedDay: string | undefined;
  readonly revokedMs: number | undefined;
}

export function templatesIn(facts: readonly Fact[]): Map<string, FactOfType<'template_created'>['props']> {
  const created = ofType(facts, 'template_created');
  return new Map(created.toReversed().map(({ props }) => [props.templateId, props]));
}

export function badgesIn(facts: readonly Fact[]): Badge[] {
  const templates = templatesIn(facts);
  const mints = ofType(facts, 'badge_issued');
  const updates = ofType(facts, 'badge_updated');
  const revocations = ofType(facts, 'badge_revoked');
  const firstMints = mints.filter((mint) => mints.find((other) => other.props.badgeId === mint.props.badgeId) === mint);
  return firstMints.map(({ props, atMs }) => {
    const { badgeId, templateId, recipient, issuer, communityId } = props;
    const category = props.category ?? templates.get(templateId)?.category ?? 'unknown';
    const level = props.level ?? templates.get(templateId)?.defaultLevel ?? 0;
    const update = updates.findLast((fact) => fact.props.badgeId === badgeId);
    const revocation = revocations.find((fact) => fact.props.badgeId === badgeId);
    return {
      badgeId,
      templateId,
      recipient,
      issuer,
      communityId,
      atMs,
      day: dayOf(atMs),
      category,
      level,
      heldCategory: update === undefined ? category : update.props.newCategory,
      heldLevel: update === undefined ? level : update.props.newLevel,
      revokedDay: revocation === undefined ? undefined : dayOf(revocation.atMs),
      revokedMs: revocation?.atMs,
    };
  });
}

export const heldOf = (badges: readonly Badge[]): Badge[] => badges.filter((badge) => badge.revokedDay === undefined);

export interface Community {
  readonly communityId: string;
  readonly name: string;
  readonly creator: string;
  /** After the latest transfer. */
  readonly owner: string;
  readonly active: boolean;
  readonly atMs: number;
  readonly day: string;
}

export function communitiesIn(facts: readonly Fact[]): Community[] {
  const creations = ofType(facts, 'community_created');
  const firstCreations = creations.filter(
    (creation) => creations.find((other) => other.props.communityId === creation.props.communityId) === creation,
  );
  return firstCreations.map(({ props: { communityId, name, owner }, atMs }) => {
    const transfer = ofType(facts, 'community_transferred').findLast((fact) => fact.props.communityId === communityId);
    return {
      communityId,
      name,
      creator: owner,
      owner: transfer === undefined ? owner : transfer.props.newOwner,
      active: !ofType(facts, 'community_deactivated').some((fact) => fact.props.communityId === communityId),
      atMs,
      day: dayOf(atMs),
    };
  });
}

/** The community that a badge belongs to: the one its event names, else the best of those that its issuer owns now. */
export function communityOf(badge: Badge, communities: readonly Community[]): string | undefined {
  if (badge.communityId !== undefined) {
    return communities.find(({ communityId }) => communityId === badge.communityId)?.communityId;
  }
  const owned = communities.filter(({ owner }) => owner === badge.issuer);
  const candidates = owned.some(({ active }) => active) ? owned.filter(({ active }) => active) : owned;
  return candidates.map(({ communityId }) => communityId).sort(compareIds)[0];
}

export interface Membership {
  readonly communityId: string;
  readonly principal: string;
  /** Of its earliest fact. */
  readonly day: string;
}

/** Every distinct pair of a community and a principal that was added to it or created it. */
export function membershipsIn(facts: readonly Fact[]): Membership[] {
  const sightings = [
    ...communitiesIn(facts).map(({ communityId, creator, atMs }) => ({ communityId, principal: creator, atMs })),
    ...ofType(facts, 'member_added').map(({ props, atMs }) => ({
      communityId: props.communityId,
      principal: props.member,
      atMs,
    })),
  ];
  const same = (a: (typeof sightings)[number], b: (typeof sightings)[number]): boolean =>
    a.communityId === b.communityId && a.principal === b.principal;
  return sightings
    .filter((sighting) => sightings.find((other) => same(other, sighting)) === sighting)
    .map((membership) => {
      const all = sightings.filter((other) => same(other, membership));
      return { ...membership, day: dayOf(Math.min(...all.map(({ atMs }) => atMs))) };
    });
}

export interface User {
  readonly principal: string;
  readonly firstSeenMs: number;
  readonly firstSeenDay: string;
}

/** Every principal seen as recipient, community creator, new owner, member, or in `user_joined`. */
export function usersIn(facts: readonly Fact[]): User[] {
  const sightings = [
    ...badgesIn(facts).map(({ recipient, atMs }) => ({ principal: recipient, atMs })),
    ...communitiesIn(facts).map(({ creator, atMs }) => ({ principal: creator, atMs })),
    ...ofType(facts, 'community_transferred').map(({ props, atMs }) => ({ principal: props.newOwner, atMs })),
    ...ofType(facts, 'member_added').map(({ props, atMs }) => ({ principal: props.member, atMs })),
    ...ofType(facts, 'user_joined').map(({ props, atMs }) => ({ principal: props.user, atMs })),
  ];
  return distinct(sightings.map(({ principal }) => principal)).map((principal) => {
    const firstSeenMs = Math.min(...sightings.filter((one) => one.principal === principal).map(({ atMs }) => atMs));
    return { principal, firstSeenMs, firstSeenDay: dayOf(firstSeenMs) };
  });
}
