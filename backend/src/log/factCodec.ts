import {
  makeFact,
  type BadgeIssuedProps,
  type ChainPosition,
  type Fact,
  type FactBody,
  type FactType,
} from '../events/fact.js';
import type { FieldReader } from './fieldReader.js';
import type { FieldWriter } from './fieldWriter.js';

/**
 * Packs a fact into cells and back, field by field in a fixed order. What is read equals what was written, absent
 * fields included. A new fact type does not compile until it has a code, a writer and a reader here.
 */

/** On disk for ever: a code is never given to another type. 1–15 belong to the other kinds of log entries. */
const CODES: Readonly<Record<FactType, number>> = {
  badge_issued: 16,
  badge_revoked: 17,
  badge_updated: 18,
  template_created: 19,
  community_created: 20,
  community_updated: 21,
  community_deactivated: 22,
  community_transferred: 23,
  member_added: 24,
  user_joined: 25,
  issuer_authorized: 26,
  issuer_revoked: 27,
  user_suspended: 28,
  user_unsuspended: 29,
  permissions_updated: 30,
};

const TYPES = new Map(Object.entries(CODES).map(([type, code]) => [code, type as FactType]));

/** The type that `code` stands for, or undefined when this version knows none. */
export function factTypeOf(code: number): FactType | undefined {
  return TYPES.get(code);
}

export function writeFact(fact: Fact, w: FieldWriter): void {
  w.number(CODES[fact.type]);
  w.id(fact.id);
  w.number(fact.atMs);
  w.shared(fact.actor);
  w.optional(fact.chain, (chain) => {
    w.number(chain.height);
    w.shared(chain.blockHash);
    w.shared(chain.txId);
    w.number(chain.txIndex);
    w.number(chain.ordinal);
  });
  writeProps(fact, w);
}

/** Reads what `writeFact` wrote after the code, which the caller has read to know `type`. */
export function readFact(type: FactType, r: FieldReader): Fact {
  const id = r.id();
  const atMs = r.number();
  const actor = r.shared();
  const chain = r.absent() ? undefined : readChain(r);
  return makeFact(readBody(type, actor, r), id, atMs, chain);
}

function readChain(r: FieldReader): ChainPosition {
  return {
    height: r.number(),
    blockHash: r.shared(),
    txId: r.shared(),
    txIndex: r.number(),
    ordinal: r.number(),
  };
}

function writeProps(fact: Fact, w: FieldWriter): void {
  switch (fact.type) {
    case 'badge_issued': {
      const { badgeId, templateId, recipient, issuer, level, category, batchId, communityId } = fact.props;
      w.decimal(badgeId);
      w.decimal(templateId);
      w.shared(recipient);
      w.shared(issuer);
      w.optional(level, (value) => w.number(value));
      w.optional(category, (value) => w.shared(value));
      w.optional(batchId, (value) => w.decimal(value));
      w.optional(communityId, (value) => w.decimal(value));
      return;
    }
    case 'badge_revoked':
      w.decimal(fact.props.badgeId);
      w.shared(fact.props.issuer);
      w.shared(fact.props.revokedBy);
      return;
    case 'badge_updated':
      w.decimal(fact.props.badgeId);
      w.number(fact.props.oldLevel);
      w.number(fact.props.newLevel);
      w.shared(fact.props.oldCategory);
      w.shared(fact.props.newCategory);
      w.shared(fact.props.updatedBy);
      return;
    case 'template_created':
      w.decimal(fact.props.templateId);
      w.text(fact.props.name);
      w.text(fact.props.description);
      w.shared(fact.props.category);
      w.number(fact.props.defaultLevel);
      w.shared(fact.props.creator);
      return;
    case 'community_created':
      w.decimal(fact.props.communityId);
      w.text(fact.props.name);
      w.text(fact.props.description);
      w.shared(fact.props.owner);
      return;
    case 'community_updated':
      w.decimal(fact.props.communityId);
      w.flag(fact.props.publicBadges);
      w.flag(fact.props.allowMemberRequests);
      w.flag(fact.props.requireApproval);
      w.shared(fact.props.updatedBy);
      return;
    case 'community_deactivated':
      w.decimal(fact.props.communityId);
      w.shared(fact.props.deactivatedBy);
      return;
    case 'community_transferred':
      w.decimal(fact.props.communityId);
      w.shared(fact.props.oldOwner);
      w.shared(fact.props.newOwner);
      return;
    case 'member_added':
      w.decimal(fact.props.communityId);
      w.shared(fact.props.member);
      w.shared(fact.props.role);
      w.shared(fact.props.addedBy);
      return;
    case 'user_joined':
      w.shared(fact.props.user);
      return;
    case 'issuer_authorized':
      w.shared(fact.props.issuer);
      w.shared(fact.props.authorizedBy);
      return;
    case 'issuer_revoked':
      w.shared(fact.props.issuer);
      w.shared(fact.props.revokedBy);
      return;
    case 'user_suspended':
      w.shared(fact.props.user);
      w.shared(fact.props.suspendedBy);
      return;
    case 'user_unsuspended':
      w.shared(fact.props.user);
      w.shared(fact.props.unsuspendedBy);
      return;
    case 'permissions_updated': {
      const permissions = Object.entries(fact.props.permissions);
      w.shared(fact.props.user);
      w.shared(fact.props.updatedBy);
      w.optional(fact.props.communityId, (value) => w.decimal(value));
      w.optional(fact.props.role, (value) => w.shared(value));
      w.number(permissions.length);
      for (const [name, granted] of permissions) {
        w.shared(name);
        w.flag(granted);
      }
      return;
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function readBody(type: FactType, actor: string, r: FieldReader): FactBody {
  // Property initialisers run in the order in which they stand: the order of the cells.
  switch (type) {
    case 'badge_issued': {
      const props: Mutable<BadgeIssuedProps> = {
        badgeId: r.decimal(),
        templateId: r.decimal(),
        recipient: r.shared(),
        issuer: r.shared(),
      };
      // Assigned, not spread: this is the read that a rebuild spends its time in.
      const level = r.absent() ? undefined : r.number();
      if (level !== undefined) props.level = level;
      const category = r.absent() ? undefined : r.shared();
      if (category !== undefined) props.category = category;
      const batchId = r.absent() ? undefined : r.decimal();
      if (batchId !== undefined) props.batchId = batchId;
      const communityId = r.absent() ? undefined : r.decimal();
      if (communityId !== undefined) props.communityId = communityId;
      return { type, actor, props };
    }
    case 'badge_revoked':
      return { type, actor, props: { badgeId: r.decimal(), issuer: r.shared(), revokedBy: r.shared() } };
    case 'badge_updated':
      return {
        type,
        actor,
        props: {
          badgeId: r.decimal(),
          oldLevel: r.number(),
          newLevel: r.number(),
          oldCategory: r.shared(),
          newCategory: r.shared(),
          updatedBy: r.shared(),
        },
      };
    case 'template_created':
      return {
        type,
        actor,
        props: {
          templateId: r.decimal(),
          name: r.text(),
          description: r.text(),
          category: r.shared(),
          defaultLevel: r.number(),
          creator: r.shared(),
        },
      };
    case 'community_created':
      return {
        type,
        actor,
        props: { communityId: r.decimal(), name: r.text(), description: r.text(), owner: r.shared() },
      };
    case 'community_updated':
      return {
        type,
        actor,
        props: {
          communityId: r.decimal(),
          publicBadges: r.flag(),
          allowMemberRequests: r.flag(),
          requireApproval: r.flag(),
          updatedBy: r.shared(),
        },
      };
    case 'community_deactivated':
      return { type, actor, props: { communityId: r.decimal(), deactivatedBy: r.shared() } };
    case 'community_transferred':
      return { type, actor, props: { communityId: r.decimal(), oldOwner: r.shared(), newOwner: r.shared() } };
    case 'member_added':
      return {
        type,
        actor,
        props: { communityId: r.decimal(), member: r.shared(), role: r.shared(), addedBy: r.shared() },
      };
    case 'user_joined':
      return { type, actor, props: { user: r.shared() } };
    case 'issuer_authorized':
      return { type, actor, props: { issuer: r.shared(), authorizedBy: r.shared() } };
    case 'issuer_revoked':
      return { type, actor, props: { issuer: r.shared(), revokedBy: r.shared() } };
    case 'user_suspended':
      return { type, actor, props: { user: r.shared(), suspendedBy: r.shared() } };
    case 'user_unsuspended':
      return { type, actor, props: { user: r.shared(), unsuspendedBy: r.shared() } };
    case 'permissions_updated': {
      const who = { user: r.shared(), updatedBy: r.shared() };
      const communityId = r.absent() ? undefined : r.decimal();
      const role = r.absent() ? undefined : r.shared();
      const permissions = Object.fromEntries(Array.from({ length: r.number() }, () => [r.shared(), r.flag()] as const));
      const within = { ...(communityId !== undefined && { communityId }), ...(role !== undefined && { role }) };
      return { type, actor, props: { ...who, ...within, permissions } };
    }
  }
}
