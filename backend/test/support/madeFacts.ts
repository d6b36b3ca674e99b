import { createHash } from 'node:crypto';
import type { ChainPosition, Fact, FactType } from '../../src/events/fact.js';

/**
 * Facts for tests, each with what its test cares about. Every fact made is a block later on the chain than the one made
 * before, whatever its time, unless `height` says otherwise. Times are ISO 8601, midnight if only a day is given.
 */
export interface Placed {
  readonly at?: string;
  readonly height?: number;
}

interface MintFields extends Placed {
  readonly template?: string;
  readonly to?: string;
  readonly by?: string;
  readonly level?: number;
  readonly category?: string;
  readonly community?: string;
}

/** A Saturday, in 2026-W07. */
export const NOW = Date.parse('2026-02-14T12:00:00Z');

let made = 0;

type PropsOf<Type extends FactType> = Extract<Fact, { type: Type }>['props'];

function fact<Type extends FactType>(type: Type, props: PropsOf<Type>, { at = '2026-02-14', height }: Placed) {
  made += 1;
  const id = idOf(`fact ${made}`);
  const chain: ChainPosition = { height: height ?? made, blockHash: '0x00', txId: '0x01', txIndex: 0, ordinal: 0 };
  return { id, type, atMs: Date.parse(at), actor: 'SOMEONE', props, chain };
}

/** An id of the form that facts of the chain have: 16 bytes of SHA-256 in base64url. */
export const idOf = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');

export const mint = (badgeId: string, fields: MintFields = {}) => {
  const { template = '1', to = 'ALICE', by = 'ISSUER', level, category, community } = fields;
  return fact(
    'badge_issued',
    {
      badgeId,
      templateId: template,
      recipient: to,
      issuer: by,
      ...(level !== undefined && { level }),
      ...(category !== undefined && { category }),
      ...(community !== undefined && { communityId: community }),
    },
    fields,
  );
};

export const revoke = (badgeId: string, placed: Placed = {}) =>
  fact('badge_revoked', { badgeId, issuer: 'ISSUER', revokedBy: 'ISSUER' }, placed);

export const update = (badgeId: string, newLevel: number, newCategory: string, placed: Placed = {}) =>
  fact('badge_updated', { badgeId, oldLevel: 0, newLevel, oldCategory: '', newCategory, updatedBy: 'ISSUER' }, placed);

export const template = (
  templateId: string,
  {
    name = `Template ${templateId}`,
    category = 'art',
    level = 1,
    ...placed
  }: Placed & {
    readonly name?: string;
    readonly category?: string;
    readonly level?: number;
  } = {},
) =>
  fact('template_created', { templateId, name, description: '', category, defaultLevel: level, creator: 'X' }, placed);

export const community = (communityId: string, owner: string, placed: Placed = {}) =>
  fact('community_created', { communityId, name: `Community ${communityId}`, description: '', owner }, placed);

export const transfer = (communityId: string, newOwner: string, placed: Placed = {}) =>
  fact('community_transferred', { communityId, oldOwner: 'X', newOwner }, placed);

export const deactivate = (communityId: string, placed: Placed = {}) =>
  fact('community_deactivated', { communityId, deactivatedBy: 'X' }, placed);

export const member = (communityId: string, who: string, placed: Placed = {}) =>
  fact('member_added', { communityId, member: who, role: 'member', addedBy: 'X' }, placed);

export const joined = (user: string, placed: Placed = {}) => fact('user_joined', { user }, placed);
