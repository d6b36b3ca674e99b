import { createHash } from 'node:crypto';
import { addressFromVersionHash, addressToString, AddressVersion, type ClarityValue } from '@stacks/transactions';

/**
 * Descriptions of prints for tests, independent of the form in which a node sends them. Names become principals, always
 * the same ones, so that a test reads like a story.
 */
/** A print's field: numbers and bigints become uints, principals principals, other strings string-utf8, null none. */
export type FieldValue = number | bigint | string | boolean | null | readonly FieldValue[] | ClarityValue;
export type PrintFields = Readonly<Record<string, FieldValue>>;

export interface PrintDescription {
  readonly event: string;
  readonly fields: PrintFields;
  /** Full contract identifier; that of our contract which prints this event if left out. */
  readonly contract?: string;
  /** Index of the event in its transaction; absent as old nodes leave it out. */
  readonly position?: number;
}

export const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** The testnet principal of a name: the same name gives the same principal. */
export function principal(name: string): string {
  return addressToString(addressFromVersionHash(AddressVersion.TestnetSingleSig, digest(name).slice(0, 40)));
}

/** Whose contracts are ours. */
export const DEPLOYER = principal('deployer');

/** Which of our contracts prints an event. */
export const PRINTED_BY: Readonly<Record<string, string>> = {
  'badge-minted': 'badge-issuer',
  'batch-badges-minted': 'badge-issuer',
  'badge-revoked': 'badge-issuer',
  'badge-metadata-updated': 'badge-metadata',
  'template-created': 'badge-metadata',
  'issuer-authorized': 'access-control',
  'issuer-revoked': 'access-control',
  'community-created': 'community-manager',
  'community-member-added': 'community-manager',
  'community-settings-updated': 'community-manager',
  'community-deactivated': 'community-manager',
  'community-ownership-transferred': 'community-manager',
  'global-permissions-updated': 'access-control',
  'community-permissions-updated': 'access-control',
  'user-suspended': 'access-control',
  'user-unsuspended': 'access-control',
  'passport-badge-minted': 'passport-nft',
};

/** A print of ours (or of `more.contract`). */
export function print(
  event: string,
  fields: PrintFields,
  more: Pick<PrintDescription, 'contract' | 'position'> = {},
): PrintDescription {
  return { event, fields, ...more };
}

/** A mint with everything filled in but what `fields` says. */
export function badgeMinted(badgeId: number | bigint, fields: PrintFields = {}): PrintDescription {
  return print('badge-minted', {
    'badge-id': badgeId,
    recipient: principal('alice'),
    'template-id': 1,
    issuer: principal('issuer'),
    level: 1,
    category: 'skill',
    ...fields,
  });
}

/** One of each of the 17 prints. */
export const SAMPLE_PRINTS: readonly PrintDescription[] = [
  badgeMinted(1),
  print('batch-badges-minted', {
    'batch-id': 4,
    issuer: principal('issuer'),
    recipients: [principal('alice'), principal('bob'), principal('carol')],
    'template-ids': [1, 1, 2],
    'badge-ids': [2, 3, 4],
    count: 3,
  }),
  print('template-created', {
    'template-id': 1,
    name: 'Rust – première étape',
    description: 'Wrote a first program ⭐',
    category: 'skill',
    'default-level': 1,
    creator: principal('creator'),
  }),
  print('badge-revoked', { 'badge-id': 1, issuer: principal('issuer'), 'revoked-by': principal('admin') }),
  print('badge-metadata-updated', {
    'badge-id': 1,
    'old-level': 1,
    'new-level': 2,
    'old-category': 'skill',
    'new-category': 'community',
    'updated-by': principal('admin'),
  }),
  print('issuer-authorized', { issuer: principal('issuer'), 'authorized-by': principal('admin') }),
  print('issuer-revoked', { issuer: principal('issuer'), 'revoked-by': principal('admin') }),
  print('community-created', {
    'community-id': 1,
    name: 'Stackers',
    description: 'People who stack',
    owner: principal('owner'),
  }),
  print('community-member-added', {
    'community-id': 1,
    member: principal('bob'),
    role: 'member',
    'added-by': principal('owner'),
  }),
  print('community-settings-updated', {
    'community-id': 1,
    'public-badges': true,
    'allow-member-requests': false,
    'require-approval': true,
    'updated-by': principal('owner'),
  }),
  print('community-deactivated', { 'community-id': 1, 'deactivated-by': principal('owner') }),
  print('community-ownership-transferred', {
    'community-id': 1,
    'old-owner': principal('owner'),
    'new-owner': principal('dave'),
  }),
  print('global-permissions-updated', {
    user: principal('erin'),
    'can-create-communities': true,
    'can-issue-badges': false,
    'is-platform-admin': false,
    suspended: false,
    'updated-by': principal('admin'),
  }),
  print('community-permissions-updated', {
    'community-id': 1,
    user: principal('erin'),
    role: 'moderator',
    'can-issue-badges': true,
    'can-manage-members': true,
    'can-create-templates': false,
    'can-revoke-badges': false,
    'updated-by': principal('owner'),
  }),
  print('user-suspended', { user: principal('mallory'), 'suspended-by': principal('admin') }),
  print('user-unsuspended', { user: principal('mallory'), 'unsuspended-by': principal('admin') }),
  print('passport-badge-minted', { 'token-id': 1, recipient: principal('alice'), 'minted-by': principal('issuer') }),
];
