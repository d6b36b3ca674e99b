import { Cl, ClarityType, serializeCV, type ClarityValue } from '@stacks/transactions';
import { DEPLOYER, digest, PRINTED_BY, type FieldValue, type PrintDescription, type PrintFields } from './prints.js';

export * from './prints.js';

/**
 * Chainhook payloads for tests: one description of blocks, transactions and prints becomes the v1 raw, v1 decoded or v2
 * form that a real node would send, encoded by `@stacks/transactions` and never by code under test. Names become
 * hashes and transaction ids, always the same ones.
 */
export type PayloadForm = 'raw' | 'decoded' | 'v2';
export const PAYLOAD_FORMS: readonly PayloadForm[] = ['raw', 'decoded', 'v2'];

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

/** Three days before this process began, in seconds since the epoch. */
const RECENT_SEC = Math.floor(Date.now() / 1000) - 3 * 86_400;

/**
 * A block of the last days, a minute a block, for the built service: it takes the snapshots of all that has ended since
 * its first block, and since January those are hundreds.
 */
export const recentBlock = (
  height: number,
  transactions: readonly TransactionDescription[] = [],
  forks: { fork?: string; parentFork?: string } = {},
): BlockDescription => block(height, transactions, { timestamp: RECENT_SEC + height * 60, ...forks });

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
