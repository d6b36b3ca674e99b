import fc from 'fast-check';
import type { ChainPosition, Fact, FactType } from '../../src/events/fact.js';
import { instantsAround } from './instants.js';
import { CROWDED, MANY, ROOMY, WIDE, type Pools } from './pools.js';

/**
 * Sets of canonical facts of all fifteen types that get in each other's way: ids are drawn from small pools, so badges
 * are minted twice, revoked twice, revoked or updated before their mint, templates come late or twice, communities are
 * transferred, deactivated or named without having been created. Positions on the chain tie, and disagree with times.
 */

/** A fact does not carry fields that are absent. */
const compact = (value: object): object =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));

/** Fields of each type, absent ones as undefined. */
function propsOf(pools: Pools): { [Type in FactType]: fc.Arbitrary<Loose<Extract<Fact, { type: Type }>['props']>> } {
  const badgeId = fc.constantFrom(...pools.badges);
  const templateId = fc.constantFrom(...pools.templates);
  const communityId = fc.constantFrom(...pools.communities);
  const principal = fc.constantFrom(...pools.principals);
  const category = fc.constantFrom(...pools.categories);
  const level = fc.constantFrom(...pools.levels);
  const name = fc.constantFrom('First steps', 'Ünïcode', '', 'Badge 9');
  return {
    badge_issued: fc.record({
      badgeId,
      templateId,
      recipient: principal,
      issuer: principal,
      level: fc.option(level, { nil: undefined }),
      category: fc.option(category, { nil: undefined }),
      batchId: fc.constantFrom(undefined, undefined, '1'),
      communityId: fc.option(communityId, { nil: undefined, freq: 2 }),
    }),
    badge_revoked: fc.record({ badgeId, issuer: principal, revokedBy: principal }),
    badge_updated: fc.record({
      badgeId,
      oldLevel: level,
      newLevel: level,
      oldCategory: category,
      newCategory: category,
      updatedBy: principal,
    }),
    template_created: fc.record({
      templateId,
      name,
      description: fc.constant(''),
      category,
      defaultLevel: level,
      creator: principal,
    }),
    community_created: fc.record({ communityId, name, description: fc.constant(''), owner: principal }),
    community_updated: fc.record({
      communityId,
      publicBadges: fc.boolean(),
      allowMemberRequests: fc.boolean(),
      requireApproval: fc.boolean(),
      updatedBy: principal,
    }),
    community_deactivated: fc.record({ communityId, deactivatedBy: principal }),
    community_transferred: fc.record({ communityId, oldOwner: principal, newOwner: principal }),
    member_added: fc.record({ communityId, member: principal, role: fc.constant('member'), addedBy: principal }),
    user_joined: fc.record({ user: principal }),
    issuer_authorized: fc.record({ issuer: principal, authorizedBy: principal }),
    issuer_revoked: fc.record({ issuer: principal, revokedBy: principal }),
    user_suspended: fc.record({ user: principal, suspendedBy: principal }),
    user_unsuspended: fc.record({ user: principal, unsuspendedBy: principal }),
    permissions_updated: fc.record({
      user: principal,
      updatedBy: principal,
      permissions: fc.constant({ canIssueBadges: true }),
    }),
  };
}

/** Mints most of all; what no metric reads is there too, and must change nothing. */
const WEIGHTS: Record<FactType, number> = {
  badge_issued: 14,
  badge_revoked: 4,
  badge_updated: 4,
  template_created: 4,
  community_created: 4,
  community_updated: 1,
  community_deactivated: 1,
  community_transferred: 2,
  member_added: 4,
  user_joined: 2,
  issuer_authorized: 1,
  issuer_revoked: 1,
  user_suspended: 1,
  user_unsuspended: 1,
  permissions_updated: 1,
};

const positions: fc.Arbitrary<ChainPosition | undefined> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  {
    weight: 6,
    arbitrary: fc
      .record({ height: fc.integer({ min: 1, max: 5 }), txIndex: fc.nat(2), ordinal: fc.nat(2) })
      .map(({ height, txIndex, ordinal }) => ({
        height,
        blockHash: `0x${height}`,
        txId: `0x${height}${txIndex}`,
        txIndex,
        ordinal,
      })),
  },
);

type Loose<T> = { [K in keyof T]: T[K] | undefined };

function factsFrom(pools: Pools, now: number, weights: Record<FactType, number>, size: fc.ArrayConstraints) {
  const props = propsOf(pools);
  const types = Object.keys(props) as FactType[];
  const shared = { atMs: instantsAround(now), chain: positions, firstByte: fc.constantFrom(...FIRST_BYTES) };
  const factOf = (type: FactType): fc.Arbitrary<Fact & { firstByte: number }> => {
    const fields: fc.Arbitrary<object> = props[type];
    return fc
      .record({ ...shared, type: fc.constant(type), actor: fc.constant('SP1'), props: fields.map(compact) })
      .map(compact) as fc.Arbitrary<Fact & { firstByte: number }>;
  };
  const weighted = types.map((type) => ({ weight: weights[type], arbitrary: factOf(type) }));
  return fc
    .tuple(fc.array(fc.oneof(...weighted), size), fc.constantFrom(shortId, digestId))
    .map(([facts, idOf]) =>
      facts.map(({ firstByte, ...fact }, index): Fact => ({ ...fact, id: idOf(firstByte, index) })),
    );
}

/** First bytes of ids that in base64url begin with `A`, `a`, `0`, `-` and `_`: their order as text is another than as bytes. */
const FIRST_BYTES = [0, 26 << 2, 52 << 2, 62 << 2, 63 << 2];

/** An id as intake makes it: 16 bytes as 22 characters. Ids are unique, and their order is not that of the array. */
const digestId = (firstByte: number, index: number): string =>
  Buffer.from([firstByte, ...Array<number>(13).fill(index % 7), index >> 8, index & 255]).toString('base64url');

/** An id of any other form. */
const shortId = (firstByte: number, index: number): string => `${firstByte}.${index}`;

/** Up to some sixty facts around `now`, in crowded or roomy pools of ids. */
export const factsAround = (now: number): fc.Arbitrary<Fact[]> =>
  fc.oneof(
    factsFrom(CROWDED, now, WEIGHTS, { maxLength: 45, size: 'max' }),
    factsFrom(ROOMY, now, WEIGHTS, { maxLength: 70, size: 'max' }),
  );

/** Hundreds of mints over more categories, levels, templates and issuers than any list or record shows. */
export const wideFactsAround = (now: number): fc.Arbitrary<Fact[]> =>
  fc
    .tuple(
      factsFrom(WIDE, now, { ...WEIGHTS, badge_issued: 200, badge_updated: 20 }, { minLength: 250, maxLength: 330 }),
      fc
        .array(instantsAround(now), { minLength: 280, maxLength: 280 })
        .map((times) => times.flatMap(badgeOfItsCategory)),
    )
    .map(([facts, others]) => [...facts, ...others]);

/** A template in a category of its own, and a badge of it: even with some of them gone, there are more than 100. */
const badgeOfItsCategory = (atMs: number, index: number): Fact[] => {
  const templateId = `t${index}`;
  const category = `category ${index}`;
  const template = { templateId, name: templateId, description: '', category, defaultLevel: index, creator: 'SP1' };
  const badge = { badgeId: `b${index}`, templateId, recipient: 'SP1', issuer: 'SP1' };
  return [
    { id: `template ${index}`, type: 'template_created', atMs, actor: 'SP1', props: template },
    { id: `badge ${index}`, type: 'badge_issued', atMs, actor: 'SP1', props: badge },
  ];
};

/** Thousands of facts over hundreds of ids of each kind: enough for every column and index to grow. */
export const manyFactsAround = (now: number): fc.Arbitrary<Fact[]> =>
  factsFrom(MANY, now, WEIGHTS, { minLength: 2_500, maxLength: 2_500 });
