/**
 * A fact is an immutable event, appended to the log once, at first sight. This file is the closed list of what the
 * service knows: one interface a type, its own fields in `props`. Identifiers that Clarity holds as 128-bit uints
 * (badge, template, community, batch ids) are decimal strings; principals are strings in their c32 form.
 */

/** Where on the chain a fact stands. Positions are for order only; they are no part of its identity. */
export interface ChainPosition {
  /** Block height. */
  readonly height: number;
  /** Block hash, lower-case hex with `0x`. */
  readonly blockHash: string;
  /** Transaction id, lower-case hex with `0x`. */
  readonly txId: string;
  /** Index of the transaction in its block as the payload states it; the order in the payload where it states none. */
  readonly txIndex: number;
  /** Order among the facts of this transaction, from 0. */
  readonly ordinal: number;
}

interface FactOf<Type extends string, Props> {
  /** 16 bytes of SHA-256 as 22 characters of base64url; see `identity.ts` for what is digested. */
  readonly id: string;
  readonly type: Type;
  /** Event time: block time in ms since the epoch, UTC. Never arrival time. */
  readonly atMs: number;
  /** Principal who did it (issuer, creator, owner, admin, or the user of an app event). */
  readonly actor: string;
  readonly props: Props;
  /** Absent for facts that do not come from the chain: those always count. */
  readonly chain?: ChainPosition;
}

export interface BadgeIssuedProps {
  readonly badgeId: string;
  readonly templateId: string;
  readonly recipient: string;
  readonly issuer: string;
  /** Level as printed; absent in batch mints, which name none. */
  readonly level?: number;
  /** Category as printed, as a string; absent in batch mints. */
  readonly category?: string;
  /** Present when the mint was part of a batch. */
  readonly batchId?: string;
  /** Present when the print itself names a community. */
  readonly communityId?: string;
}

export type BadgeIssued = FactOf<'badge_issued', BadgeIssuedProps>;
export type BadgeRevoked = FactOf<
  'badge_revoked',
  { readonly badgeId: string; readonly issuer: string; readonly revokedBy: string }
>;
export type BadgeUpdated = FactOf<
  'badge_updated',
  {
    readonly badgeId: string;
    readonly oldLevel: number;
    readonly newLevel: number;
    readonly oldCategory: string;
    readonly newCategory: string;
    readonly updatedBy: string;
  }
>;
export type TemplateCreated = FactOf<
  'template_created',
  {
    readonly templateId: string;
    readonly name: string;
    readonly description: string;
    readonly category: string;
    readonly defaultLevel: number;
    readonly creator: string;
  }
>;
export type CommunityCreated = FactOf<
  'community_created',
  { readonly communityId: string; readonly name: string; readonly description: string; readonly owner: string }
>;
export type CommunityUpdated = FactOf<
  'community_updated',
  {
    readonly communityId: string;
    readonly publicBadges: boolean;
    readonly allowMemberRequests: boolean;
    readonly requireApproval: boolean;
    readonly updatedBy: string;
  }
>;
export type CommunityDeactivated = FactOf<
  'community_deactivated',
  { readonly communityId: string; readonly deactivatedBy: string }
>;
export type CommunityTransferred = FactOf<
  'community_transferred',
  { readonly communityId: string; readonly oldOwner: string; readonly newOwner: string }
>;
export type MemberAdded = FactOf<
  'member_added',
  { readonly communityId: string; readonly member: string; readonly role: string; readonly addedBy: string }
>;
export type UserJoined = FactOf<'user_joined', { readonly user: string }>;
export type IssuerAuthorized = FactOf<'issuer_authorized', { readonly issuer: string; readonly authorizedBy: string }>;
export type IssuerRevoked = FactOf<'issuer_revoked', { readonly issuer: string; readonly revokedBy: string }>;
export type UserSuspended = FactOf<'user_suspended', { readonly user: string; readonly suspendedBy: string }>;
export type UserUnsuspended = FactOf<'user_unsuspended', { readonly user: string; readonly unsuspendedBy: string }>;
export type PermissionsUpdated = FactOf<
  'permissions_updated',
  {
    readonly user: string;
    readonly updatedBy: string;
    /** Present for permissions within one community; absent for platform-wide ones. */
    readonly communityId?: string;
    readonly role?: string;
    /** The flags as printed, by their camelCase name (`canIssueBadges`, `suspended`, …). */
    readonly permissions: Readonly<Record<string, boolean>>;
  }
>;

export type Fact =
  | BadgeIssued
  | BadgeRevoked
  | BadgeUpdated
  | TemplateCreated
  | CommunityCreated
  | CommunityUpdated
  | CommunityDeactivated
  | CommunityTransferred
  | MemberAdded
  | UserJoined
  | IssuerAuthorized
  | IssuerRevoked
  | UserSuspended
  | UserUnsuspended
  | PermissionsUpdated;

export type FactType = Fact['type'];

type BodyOf<F> = F extends Fact ? Pick<F, 'type' | 'actor' | 'props'> : never;
/** A fact without its identity and place. */
export type FactBody = BodyOf<Fact>;

/** The fact as of a block at `height`, itself where it is that already. One that is not from the chain has no height. */
export const atHeight = (fact: Fact, height: number): Fact =>
  fact.chain === undefined || fact.chain.height === height ? fact : { ...fact, chain: { ...fact.chain, height } };

/**
 * Makes a fact, always with its fields in this order: where millions of objects have one hidden class, the engine reads
 * their fields several times faster than where decoding and reading the log each make their own.
 */
export function makeFact({ type, actor, props }: FactBody, id: string, atMs: number, chain?: ChainPosition): Fact {
  const fact = chain === undefined ? { id, type, atMs, actor, props } : { id, type, atMs, actor, props, chain };
  // `type` and `props` are of one body, which the compiler forgets as it takes the body apart.
  return fact as Fact;
}

/** Every fact type, in the order of DESIGN's list. `satisfies` keeps it in step with the union. */
export const FACT_TYPES = [
  'badge_issued',
  'badge_revoked',
  'badge_updated',
  'template_created',
  'community_created',
  'community_updated',
  'community_deactivated',
  'community_transferred',
  'member_added',
  'user_joined',
  'issuer_authorized',
  'issuer_revoked',
  'user_suspended',
  'user_unsuspended',
  'permissions_updated',
] as const satisfies readonly FactType[];

/** What the analyzers fold: a fact that joins (+1) or leaves (−1) the canonical set. */
export interface Change {
  readonly fact: Fact;
  readonly weight: 1 | -1;
}

/** What decides the order of facts: all that a fold needs to keep of a fact to place it among others. */
export type FactOrder = Pick<Fact, 'id' | 'atMs'> & {
  readonly chain?: Pick<ChainPosition, 'height' | 'txIndex' | 'ordinal'>;
};

/** Only that, so that keeping it does not keep a description or a block hash alive. */
export function orderOf({ id, atMs, chain }: FactOrder): FactOrder {
  if (chain === undefined) return { id, atMs };
  const { height, txIndex, ordinal } = chain;
  return { id, atMs, chain: { height, txIndex, ordinal } };
}

/** The order of two facts on the chain, then by event time and id: the "latest" of two updates, the "first" of two mints. */
export function compareFacts(a: FactOrder, b: FactOrder): number {
  return (
    (a.chain?.height ?? 0) - (b.chain?.height ?? 0) ||
    (a.chain?.txIndex ?? 0) - (b.chain?.txIndex ?? 0) ||
    (a.chain?.ordinal ?? 0) - (b.chain?.ordinal ?? 0) ||
    a.atMs - b.atMs ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}
