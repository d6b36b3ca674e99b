import { Cl, cvToValue, type ClarityValue } from '@stacks/transactions';
import type { Aggregated } from '../../src/contract/index.js';
import { CONTRACTS } from '../../../scripts/chain/passport.js';
import type { SimulatedChain } from '../../../scripts/chain/simulatedChain.js';

/**
 * The totals that both the contracts and the metrics know. The contracts' are read through their read-only functions and
 * from nowhere else, the metrics' are those of the service, put into the same shape.
 */
export interface Totals {
  readonly issued: number;
  readonly revoked: number;
  readonly issuedByCategory: Record<string, number>;
  readonly issuedByIssuer: Record<string, { readonly badges: number; readonly templates: number }>;
  readonly templates: Record<string, { readonly name: string; readonly issued: number; readonly recipients: number }>;
  readonly heldByCategory: Record<string, number>;
  readonly heldByLevel: Record<string, number>;
  readonly communities: Record<string, Community>;
  readonly activeCommunities: number;
  readonly memberships: number;
  readonly users: number;
  readonly holders: number;
  readonly holdersOfSeveral: number;
}

interface Community {
  readonly name: string;
  readonly owner: string;
  readonly active: boolean;
  readonly members: number;
  readonly badges: number;
}

export function totalsOfMetrics(
  metrics: Pick<Aggregated, 'issuance' | 'community' | 'users' | 'distribution'>,
): Totals {
  const { issuance, community, users, distribution } = metrics;
  return {
    issued: issuance.totalBadgesIssued,
    revoked: issuance.totalBadgesRevoked,
    issuedByCategory: issuance.byCategory,
    issuedByIssuer: Object.fromEntries(
      distribution.badgesByIssuer.map((row) => [row.issuer, { badges: row.totalIssued, templates: row.uniqueBadges }]),
    ),
    templates: Object.fromEntries(
      distribution.topBadges.map((row) => [
        row.badgeId,
        { name: row.badgeName, issued: row.issuedCount, recipients: row.recipientCount },
      ]),
    ),
    heldByCategory: Object.fromEntries(distribution.byCategory.map((row) => [row.category, row.count])),
    heldByLevel: Object.fromEntries(distribution.byLevel.map((row) => [row.level, row.count])),
    communities: Object.fromEntries(
      community.mostActiveCommunities.map(({ communityId, name, owner, active, members, badgesIssued }) => [
        communityId,
        { name, owner, active, members, badges: badgesIssued },
      ]),
    ),
    activeCommunities: community.activeCommunities,
    memberships: community.totalMembers,
    users: users.totalUsers,
    holders: users.userEngagement.usersWithBadges,
    holdersOfSeveral: users.userEngagement.usersWithMultipleBadges,
  };
}

interface Badge {
  readonly template: number;
  readonly recipient: string;
  readonly issuer: string;
}

/** @param people everybody who may hold, own or be a member: the contracts can be asked about them, but do not list them. */
export function totalsOfContracts(chain: SimulatedChain, people: readonly string[]): Totals {
  const read = (contract: keyof typeof CONTRACTS, method: string, ...args: ClarityValue[]): unknown =>
    cvToValue(chain.read(CONTRACTS[contract], method, ...args), true);
  const count = (contract: keyof typeof CONTRACTS, method: string, ...args: ClarityValue[]): number =>
    Number(read(contract, method, ...args));
  const tuple = (contract: keyof typeof CONTRACTS, method: string, id: number): Record<string, { value: unknown }> =>
    (read(contract, method, Cl.uint(id)) as { value: Record<string, { value: unknown }> }).value;

  const badges = upTo(count('badgeIssuer', 'get-issued-count')).map((id): Badge => {
    const badge = tuple('badgeIssuer', 'get-badge', id);
    return {
      template: Number(badge['template-id']?.value),
      recipient: String(badge['recipient']?.value),
      issuer: String(badge['issuer']?.value),
    };
  });
  const templates = upTo(count('badgeMetadata', 'get-template-count')).map((id) => {
    const template = tuple('badgeMetadata', 'get-template', id);
    const recipients = new Set(badges.filter((badge) => badge.template === id).map((badge) => badge.recipient));
    return {
      id,
      name: String(template['name']?.value),
      category: String(template['category']?.value),
      issued: count('badgeIssuer', 'get-issued-of', Cl.uint(id)),
      recipients: recipients.size,
    };
  });
  const communities = upTo(count('communityManager', 'get-community-count')).map((id) => {
    const community = tuple('communityManager', 'get-community', id);
    return {
      id,
      name: String(community['name']?.value),
      owner: String(community['owner']?.value),
      active: community['active']?.value === true,
      members: count('communityManager', 'get-member-count', Cl.uint(id)),
    };
  });
  const issuers = [...new Set(badges.map((badge) => badge.issuer))];
  const issuedBy = (issuer: string): number => count('badgeIssuer', 'get-issued-by', Cl.principal(issuer));
  /** DESIGN section 5: the community that the issuer owns, active before inactive, then the lowest id. */
  const communityOf = (issuer: string): number | undefined => {
    const owned = communities.filter((community) => community.owner === issuer);
    return (owned.find((community) => community.active) ?? owned[0])?.id;
  };
  const isMember = (person: string, id: number): boolean =>
    read('communityManager', 'is-member', Cl.uint(id), Cl.principal(person)) === true;
  const balances = people.map((person) => count('passportNft', 'get-balance', Cl.principal(person)));

  return {
    issued: badges.length,
    revoked: count('badgeIssuer', 'get-revoked-count'),
    issuedByCategory: sumBy(templates, (template) => [template.category, template.issued]),
    issuedByIssuer: Object.fromEntries(
      issuers.map((issuer) => {
        const kinds = new Set(badges.filter((badge) => badge.issuer === issuer).map((badge) => badge.template));
        return [issuer, { badges: issuedBy(issuer), templates: kinds.size }];
      }),
    ),
    templates: Object.fromEntries(
      templates
        .filter((template) => template.issued > 0)
        .map(({ id, name, issued, recipients }) => [id, { name, issued, recipients }]),
    ),
    heldByCategory: sumBy(['Education', 'Events', 'Governance', 'Arts'], (category) => [
      category,
      count('badgeMetadata', 'get-held-in-category', Cl.stringAscii(category)),
    ]),
    heldByLevel: sumBy([1, 2, 3, 4, 5], (level) => [
      String(level),
      count('badgeMetadata', 'get-held-at-level', Cl.uint(level)),
    ]),
    communities: Object.fromEntries(
      communities.map(({ id, ...community }) => {
        const badgesOf = issuers.filter((issuer) => communityOf(issuer) === id).map(issuedBy);
        return [id, { ...community, badges: badgesOf.reduce((sum, each) => sum + each, 0) }];
      }),
    ),
    activeCommunities: count('communityManager', 'get-active-count'),
    memberships: count('communityManager', 'get-membership-count'),
    users: people.filter(
      (person, index) =>
        (balances[index] ?? 0) > 0 ||
        communities.some((community) => community.owner === person || isMember(person, community.id)),
    ).length,
    holders: count('passportNft', 'get-holder-count'),
    holdersOfSeveral: balances.filter((balance) => balance > 1).length,
  };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Sums by key; what is zero is left out, as the metrics do. */
function sumBy<T>(items: readonly T[], of: (item: T) => [key: string, count: number]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of items.map(of)) if (count > 0) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}
