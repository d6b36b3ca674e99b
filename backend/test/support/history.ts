import type { Fact } from '../../src/events/fact.js';
import type { EventLog, LogEntry } from '../../src/log/log.js';

/** A small language for histories in tests: what happened in which block, and which blocks count. */
type Without<T, K extends keyof T> = T extends unknown ? Omit<T, K> : never;
export type Happening = Without<Fact, 'id' | 'atMs' | 'chain'>;

type PropsOf<Type extends Fact['type']> = Extract<Fact, { type: Type }>['props'];

export const mint = (badgeId: string, recipient: string, more: Partial<PropsOf<'badge_issued'>> = {}): Happening => ({
  type: 'badge_issued',
  actor: 'issuer',
  props: { badgeId, templateId: '1', recipient, issuer: 'issuer', ...more },
});
export const revoke = (badgeId: string): Happening => ({
  type: 'badge_revoked',
  actor: 'issuer',
  props: { badgeId, issuer: 'issuer', revokedBy: 'issuer' },
});
export const update = (badgeId: string, newLevel: number, newCategory: string): Happening => ({
  type: 'badge_updated',
  actor: 'issuer',
  props: { badgeId, oldLevel: 0, newLevel, oldCategory: '', newCategory, updatedBy: 'issuer' },
});
export const template = (templateId: string, name: string, category = 'learning', defaultLevel = 1): Happening => ({
  type: 'template_created',
  actor: 'creator',
  props: { templateId, name, description: '', category, defaultLevel, creator: 'creator' },
});
export const community = (communityId: string, name: string, owner: string): Happening => ({
  type: 'community_created',
  actor: owner,
  props: { communityId, name, description: '', owner },
});
export const transfer = (communityId: string, oldOwner: string, newOwner: string): Happening => ({
  type: 'community_transferred',
  actor: oldOwner,
  props: { communityId, oldOwner, newOwner },
});
export const deactivate = (communityId: string): Happening => ({
  type: 'community_deactivated',
  actor: 'admin',
  props: { communityId, deactivatedBy: 'admin' },
});
export const join = (communityId: string, member: string): Happening => ({
  type: 'member_added',
  actor: 'admin',
  props: { communityId, member, role: 'member', addedBy: 'admin' },
});
export const arrive = (user: string): Happening => ({ type: 'user_joined', actor: user, props: { user } });

/** A block by its height and, where there are several at one height, a letter: `7`, `7b`. Its time is ISO 8601. */
export interface BlockName {
  readonly block: string;
  readonly at: string;
}

/** Appends a block that counts, with what happened in it, each in a transaction of its own. @returns the facts */
export async function happen(log: EventLog, name: BlockName, ...happenings: Happening[]): Promise<Fact[]> {
  const facts = happenings.map((happening, index) => {
    const chain = { ...placeOf(name), txId: `0xtx${name.block}-${index}`, txIndex: index, ordinal: 0 };
    return { ...happening, id: `${name.block}-${index}`, atMs: Date.parse(name.at), chain } as Fact;
  });
  await log.append([entryOf(name, true), ...facts.map((fact): LogEntry => ({ kind: 'fact', fact }))]);
  return facts;
}

/** Appends that a block counts again, or no more. */
export async function turn(log: EventLog, name: BlockName, canonical: boolean): Promise<void> {
  await log.append([entryOf(name, canonical)]);
}

const placeOf = ({ block }: BlockName) => ({ height: Number.parseInt(block), blockHash: `0x${block}` });

function entryOf(name: BlockName, canonical: boolean): LogEntry {
  const { height, blockHash } = placeOf(name);
  const at = { parent: `0x${height - 1}`, atMs: Date.parse(name.at) };
  return { kind: 'block', hash: blockHash, height, ...at, canonical, reason: canonical ? 'applied' : 'rolled back' };
}
