import { createHash } from 'node:crypto';
import {
  addressFromVersionHash,
  addressToString,
  AddressVersion,
  Cl,
  ClarityType,
  serializeCV,
  type ClarityValue,
} from '@stacks/transactions';

/**
 * Chainhook payloads for tests: one description of blocks, transactions and prints becomes the v1 raw, v1 decoded or v2
 * form that a real node would send, encoded by `@stacks/transactions` and never by code under test. Names become
 * hashes, transaction ids and principals, always the same ones, so that a test reads like a story.
 */
export type PayloadForm = 'raw' | 'decoded' | 'v2';
export const PAYLOAD_FORMS: readonly PayloadForm[] = ['raw', 'decoded', 'v2'];

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

export interface TransactionDescription {
  readonly txId: string;
  readonly prints: readonly PrintDescription[];
  /** False: the transaction was aborted. */
  readonly success?: boolean;
  /** Index in the block; the place in `transactions` if left out. */
  readonly index?: number;
}

export interface BlockDescription {
  readonly height: number;
  readonly hash: string;
  readonly parent: string;
  /** Block time in seconds since the epoch. */
  readonly timestamp: number;
  readonly transactions: readonly TransactionDescription[];
}

export interface DeliveryDescription {
  readonly apply?: readonly BlockDescription[];
  readonly rollback?: readonly BlockDescription[];
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** The testnet principal of a name: the same name gives the same principal. */
export function principal(name: string): string {
  return addressToString(addressFromVersionHash(AddressVersion.TestnetSingleSig, digest(name).slice(0, 40)));
}

/** Whose contracts are ours. */
export const DEPLOYER = principal('deployer');

/** Hash of the block at `height` of the fork called `fork`. */
export const blockHash = (height: number, fork = 'A'): string => `0x${digest(`block ${fork} ${height}`)}`;

export const txId = (name: string): string => `0x${digest(`transaction ${name}`)}`;

/** Block time of a height unless a block says otherwise: ten minutes a block from 2026-01-01T00:00:00Z. */
export const timeOf = (height: number): number => 1_767_225_600 + height * 600;

/** A transaction with these prints, named so that it can be found again in another block. */
export function tx(name: string, prints: readonly PrintDescription[], more: Partial<TransactionDescription> = {}) {
  return { txId: txId(name), prints, ...more } satisfies TransactionDescription;
}

/** A block of fork `fork` (default `A`); its parent is the block below on `parentFork` (default the same fork). */
export function block(
  height: number,
  transactions: readonly TransactionDescription[] = [],
  {
    fork = 'A',
    parentFork = fork,
    timestamp = timeOf(height),
  }: { fork?: string; parentFork?: string; timestamp?: number } = {},
): BlockDescription {
  return { height, hash: blockHash(height, fork), parent: blockHash(height - 1, parentFork), timestamp, transactions };
}

const PRINTED_BY: Readonly<Record<string, string>> = {
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

const PRINCIPAL = /^S[0-9A-Z]{27,40}(\.[a-zA-Z][\w-]*)?$/;

function toClarity(value: FieldValue): ClarityValue {
  if (typeof value === 'number' || typeof value === 'bigint') return Cl.uint(value);
  if (typeof value === 'boolean') return Cl.bool(value);
  if (value === null) return Cl.none();
  if (typeof value === 'string') return PRINCIPAL.test(value) ? Cl.address(value) : Cl.stringUtf8(value);
  if (isList(value)) return Cl.list(value.map(toClarity));
  return value;
}

const isList = (value: FieldValue): value is readonly FieldValue[] => Array.isArray(value);

/** The Clarity tuple that a print prints, as hex. */
export function printHex({ event, fields }: PrintDescription, height: number): string {
  return `0x${serializeCV(printTuple(event, fields, height))}`;
}

function printTuple(event: string, fields: PrintFields, height: number): ClarityValue {
  const values = Object.entries(fields).map(([name, value]) => [name, toClarity(value)] as const);
  return Cl.tuple({ event: Cl.stringAscii(event), ...Object.fromEntries(values), 'block-height': Cl.uint(height) });
}

/** Clarity as a v1 node with `decode_clarity_values` writes it: uints bare numbers, some unwrapped, none null. */
function decodedValue(value: ClarityValue): unknown {
  switch (value.type) {
    case ClarityType.Int:
    case ClarityType.UInt:
      return BigInt(value.value);
    case ClarityType.BoolTrue:
      return true;
    case ClarityType.BoolFalse:
      return false;
    case ClarityType.OptionalNone:
      return null;
    case ClarityType.OptionalSome:
      return decodedValue(value.value);
    case ClarityType.ResponseOk:
    case ClarityType.ResponseErr:
      return { result: { success: value.type === ClarityType.ResponseOk, value: decodedValue(value.value) } };
    case ClarityType.List:
      return value.value.map(decodedValue);
    case ClarityType.Tuple:
      return Object.fromEntries(Object.entries(value.value).map(([name, field]) => [name, decodedValue(field)]));
    case ClarityType.Buffer:
      return `0x${value.value}`;
    default:
      return value.value;
  }
}

const contractOf = ({ contract, event }: PrintDescription): string =>
  contract ?? `${DEPLOYER}.${PRINTED_BY[event] ?? 'badge-issuer'}`;

function v1Event(print: PrintDescription, height: number, form: 'raw' | 'decoded'): unknown {
  const value =
    form === 'raw'
      ? { raw_value: printHex(print, height) }
      : { value: decodedValue(printTuple(print.event, print.fields, height)) };
  return {
    type: 'SmartContractEvent',
    ...(print.position === undefined ? {} : { position: { index: print.position } }),
    data: { contract_identifier: contractOf(print), topic: 'print', ...value },
  };
}

function v1Block(block: BlockDescription, form: 'raw' | 'decoded'): unknown {
  return {
    block_identifier: { index: block.height, hash: block.hash },
    parent_block_identifier: { index: block.height - 1, hash: block.parent },
    timestamp: block.timestamp,
    metadata: { pox_cycle_index: 1, stacks_block_hash: block.hash },
    transactions: block.transactions.map((tx, index) => ({
      transaction_identifier: { hash: tx.txId },
      operations: [],
      metadata: {
        success: tx.success ?? true,
        sender: DEPLOYER,
        result: '(ok true)',
        kind: {
          type: 'ContractCall',
          data: { args: [], contract_identifier: `${DEPLOYER}.badge-issuer`, method: 'mint' },
        },
        position: { index: tx.index ?? index },
        receipt: { contract_calls_stack: [], events: tx.prints.map((print) => v1Event(print, block.height, form)) },
      },
    })),
  };
}

function v2Block(block: BlockDescription): unknown {
  return {
    block_identifier: { index: block.height, hash: block.hash },
    parent_block_identifier: { index: block.height - 1, hash: block.parent },
    timestamp: block.timestamp,
    metadata: { canonical: true, tx_count: block.transactions.length },
    transactions: block.transactions.map((tx, index) => {
      const status = (tx.success ?? true) ? 'success' : 'abort_by_response';
      return {
        transaction_identifier: { hash: tx.txId },
        metadata: { status, sender_address: DEPLOYER, type: 'contract_call', position: { index: tx.index ?? index } },
        // A fee comes first, so that positions differ from those of v1.
        operations: [
          { operation_identifier: { index: 0 }, type: 'fee', status, metadata: { sponsored: false } },
          ...tx.prints.map((print, i) => ({
            operation_identifier: { index: (print.position ?? i) + 1 },
            type: 'contract_log',
            status,
            metadata: {
              contract_identifier: contractOf(print),
              topic: 'print',
              value: { hex: printHex(print, block.height), repr: '(tuple …)' },
            },
          })),
        ],
      };
    }),
  };
}

/** The payload as JSON text, with uints of the decoded form as bare numbers of any size. */
export function payloadText(form: PayloadForm, { apply = [], rollback = [] }: DeliveryDescription): string {
  const blocks = (list: readonly BlockDescription[]) =>
    list.map((block) => (form === 'v2' ? v2Block(block) : v1Block(block, form)));
  const body =
    form === 'v2'
      ? {
          chainhook: { uuid: 'a1b2', name: 'passportx' },
          event: { chain: 'stacks', network: 'testnet', apply: blocks(apply), rollback: blocks(rollback) },
        }
      : {
          apply: blocks(apply),
          rollback: blocks(rollback),
          chainhook: { uuid: 'a1b2', predicate: { scope: 'print_event' }, is_streaming_blocks: true },
        };
  return bareBigInts(body);
}

/** The payload as Express parses it: uints beyond 2^53 have lost their last digits in the decoded form, as in life. */
export function payload(form: PayloadForm, delivery: DeliveryDescription): unknown {
  return JSON.parse(payloadText(form, delivery)) as unknown;
}

function bareBigInts(body: unknown): string {
  const marked = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? `\u0001${value}\u0001` : value,
  );
  return marked.replace(/"\\u0001(-?\d+)\\u0001"/g, '$1');
}
