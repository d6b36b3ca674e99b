import { hashOf, isIndex, isObject, PayloadError, type JsonObject } from './json.js';
import { readV1Transaction, readV2Transaction, type BadTransaction, type RawTransaction } from './transactions.js';

/**
 * Reads what a Chainhook node delivers (v1 with raw or decoded values, hosted v2) into blocks, transactions and prints.
 * Only what is used is looked at, since real payloads do not satisfy the published schemas. What cannot be read is
 * never guessed: a payload or a transaction comes back with a reason and the path of the field that was wrong.
 */
export type PayloadVersion = 'v1' | 'v2';
export type Side = 'apply' | 'rollback';

export interface RawBlock {
  readonly side: Side;
  readonly height: number;
  /** Lower-case hex with `0x`, as is `parent`. */
  readonly hash: string;
  readonly parent: string;
  /** Block time in ms since the epoch: `metadata.block_time` if present, else `timestamp`. */
  readonly atMs: number;
  readonly transactions: readonly (RawTransaction | BadTransaction)[];
}

/** Why something was not understood, and where. */
export interface Problem {
  readonly reason: string;
  /** Path in the delivered JSON, such as `apply[0].block_identifier.hash`. */
  readonly field?: string;
}

export type Payload =
  | {
      readonly understood: true;
      readonly version: PayloadVersion;
      readonly rollback: readonly RawBlock[];
      readonly apply: readonly RawBlock[];
    }
  | ({ readonly understood: false; readonly version?: PayloadVersion } & Problem);

/** Years 1970 to 9999: a time beyond is not in seconds. */
const MAX_SECONDS = 253_402_300_799;

/**
 * At a block every five seconds reached in 680 years. One nonsense height beyond all others would become the tip, from
 * which the next registration counts back.
 */
const MAX_HEIGHT = 2 ** 32 - 1;

/** Never throws, whatever `body` is. */
export function parsePayload(body: unknown): Payload {
  if (!isObject(body)) return { understood: false, reason: 'the payload is no JSON object' };
  const version = 'event' in body ? 'v2' : 'apply' in body || 'rollback' in body ? 'v1' : undefined;
  if (version === undefined) {
    return { understood: false, reason: 'neither a v1 payload (apply, rollback) nor a v2 one (event)' };
  }
  try {
    const { container, path } = version === 'v1' ? { container: body, path: '' } : stacksEvent(body['event']);
    const blocks = (side: Side) => readBlocks(container[side], side, `${path}${side}`, version);
    return { understood: true, version, rollback: blocks('rollback'), apply: blocks('apply') };
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    return { understood: false, version, reason: error.message, field: error.field };
  }
}

/** Hashes of the blocks that a payload takes back, as far as it can be told where it was not understood. Never throws. */
export function takenBackIn(body: unknown): string[] {
  if (!isObject(body)) return [];
  const container = isObject(body['event']) ? body['event'] : body;
  const blocks: unknown[] = Array.isArray(container['rollback']) ? container['rollback'] : [];
  return blocks.flatMap((block) => {
    const own = isObject(block) ? block['block_identifier'] : undefined;
    try {
      return isObject(own) ? [hashOf(own['hash'], 'hash')] : [];
    } catch {
      return [];
    }
  });
}

/**
 * One transaction as a payload of its own, which can be delivered again: that is how it is kept in quarantine. Of its block
 * only what is read of one: with all that a node tells beside, each of a thousand would be as long as their block.
 * @returns also the path of the transaction in it.
 */
export function payloadOf(
  transaction: unknown,
  { side, height, hash, parent, atMs }: RawBlock,
  version: PayloadVersion,
): { input: JsonObject; path: string } {
  const block = {
    block_identifier: { index: height, hash },
    parent_block_identifier: { index: height - 1, hash: parent },
    timestamp: atMs / 1_000,
    transactions: [transaction],
  };
  const blocks = { apply: [], rollback: [], [side]: [block] };
  const path = `${side}[0].transactions[0]`;
  return version === 'v1'
    ? { input: blocks, path }
    : { input: { event: { chain: 'stacks', ...blocks } }, path: `event.${path}` };
}

function stacksEvent(event: unknown): { container: JsonObject; path: string } {
  if (!isObject(event)) throw new PayloadError('event is no object', 'event');
  const chain = event['chain'];
  if (chain !== undefined && chain !== 'stacks') throw new PayloadError('a payload of another chain', 'event.chain');
  if (!('apply' in event || 'rollback' in event))
    throw new PayloadError('event has neither apply nor rollback', 'event');
  return { container: event, path: 'event.' };
}

function readBlocks(blocks: unknown, side: Side, path: string, version: PayloadVersion): RawBlock[] {
  if (blocks === undefined || blocks === null) return [];
  if (!Array.isArray(blocks)) throw new PayloadError(`${side} is no list`, path);
  return blocks.map((block: unknown, i) => readBlock(block, side, `${path}[${i}]`, version));
}

function readBlock(block: unknown, side: Side, path: string, version: PayloadVersion): RawBlock {
  if (!isObject(block)) throw new PayloadError('a block is no object', path);
  const own = identifier(block['block_identifier'], `${path}.block_identifier`);
  const parent = identifier(block['parent_block_identifier'], `${path}.parent_block_identifier`);
  const height = own['index'];
  if (!isIndex(height) || height > MAX_HEIGHT) {
    throw new PayloadError('a block height is no whole number below 2^32', `${path}.block_identifier.index`);
  }
  return {
    side,
    height,
    hash: hashOf(own['hash'], `${path}.block_identifier.hash`),
    parent: hashOf(parent['hash'], `${path}.parent_block_identifier.hash`),
    atMs: blockTime(block, path),
    transactions: readTransactions(block['transactions'], side, `${path}.transactions`, version),
  };
}

function identifier(value: unknown, path: string): JsonObject {
  if (!isObject(value)) throw new PayloadError('a block has no identifier', path);
  return value;
}

function blockTime(block: JsonObject, path: string): number {
  const metadata = block['metadata'];
  const exact = isObject(metadata) ? metadata['block_time'] : undefined;
  const field = exact === undefined || exact === null ? 'timestamp' : 'metadata.block_time';
  const seconds = field === 'timestamp' ? block['timestamp'] : exact;
  if (!isIndex(seconds) || seconds > MAX_SECONDS) {
    throw new PayloadError('a block time is not in whole seconds since 1970', `${path}.${field}`);
  }
  return seconds * 1_000;
}

function readTransactions(
  transactions: unknown,
  side: Side,
  path: string,
  version: PayloadVersion,
): (RawTransaction | BadTransaction)[] {
  // A rollback may come without transactions: what the block held is known from its apply.
  if (side === 'rollback' && (transactions === undefined || transactions === null)) return [];
  if (!Array.isArray(transactions)) throw new PayloadError('the transactions of a block are no list', path);
  const read = version === 'v1' ? readV1Transaction : readV2Transaction;
  return transactions.map((transaction: unknown, i) => read(transaction, i));
}
