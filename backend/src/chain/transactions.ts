import { hashOf, isIndex, isObject, PayloadError, type JsonObject } from './json.js';

/**
 * The transactions of a payload, in the shapes of v1 and of v2, as one: whether they succeeded and what they printed,
 * in the order of the chain. A transaction that cannot be read spoils no other; a print that cannot be read spoils no
 * other print.
 */
export interface RawTransaction {
  readonly txId: string;
  /** Index in the block as the payload states it; else the place in the payload. */
  readonly index: number;
  readonly succeeded: boolean;
  readonly prints: readonly RawPrint[];
  /** As it was delivered. */
  readonly source: JsonObject;
}

export interface BadTransaction {
  readonly problem: PayloadError;
  readonly source: unknown;
}

/** `field` is the path of the print's value within its transaction. */
export type RawPrint =
  | { readonly kind: 'hex'; readonly contract: string; readonly hex: string; readonly field: string }
  | { readonly kind: 'decoded'; readonly contract: string; readonly value: unknown; readonly field: string }
  | { readonly kind: 'bad'; readonly contract?: string; readonly reason: string; readonly field: string };

/** `decode_clarity_values` off gives `raw_value`, on gives `value` instead. */
export function readV1Transaction(source: unknown, place: number): RawTransaction | BadTransaction {
  return readTransaction(source, (transaction) => {
    const metadata = object(transaction['metadata'], 'metadata');
    const succeeded = metadata['success'];
    if (typeof succeeded !== 'boolean') throw new PayloadError('success is no flag', 'metadata.success');
    const receipt = object(metadata['receipt'], 'metadata.receipt');
    const prints = readPrints(receipt['events'], 'metadata.receipt.events', readV1Event);
    return { index: indexOf(metadata['position']) ?? place, succeeded, prints };
  });
}

/** Prints are operations of type `contract_log`, numbered among operations of other types. */
export function readV2Transaction(source: unknown, place: number): RawTransaction | BadTransaction {
  return readTransaction(source, (transaction) => {
    const metadata = object(transaction['metadata'], 'metadata');
    const status = metadata['status'];
    if (typeof status !== 'string') throw new PayloadError('status is no text', 'metadata.status');
    const prints = readPrints(transaction['operations'], 'operations', readV2Operation);
    return { index: indexOf(metadata['position']) ?? place, succeeded: status === 'success', prints };
  });
}

type Content = Omit<RawTransaction, 'txId' | 'source'>;

function readTransaction(source: unknown, read: (transaction: JsonObject) => Content): RawTransaction | BadTransaction {
  try {
    const transaction = object(source, '');
    const identifier = object(transaction['transaction_identifier'], 'transaction_identifier');
    const txId = hashOf(identifier['hash'], 'transaction_identifier.hash');
    const { index, succeeded, prints } = read(transaction);
    return { txId, index, succeeded, prints, source: transaction };
  } catch (error) {
    if (!(error instanceof PayloadError)) throw error;
    return { problem: error, source };
  }
}

function object(value: unknown, field: string): JsonObject {
  if (!isObject(value)) throw new PayloadError(`${field === '' ? 'a transaction' : field} is no object`, field);
  return value;
}

interface Placed {
  readonly print: RawPrint;
  readonly position: number | undefined;
}

function readPrints(
  events: unknown,
  path: string,
  read: (event: JsonObject, field: string) => Placed | undefined,
): RawPrint[] {
  if (!Array.isArray(events)) throw new PayloadError(`${path} is no list`, path);
  const placed: Placed[] = [];
  for (let i = 0; i < events.length; i += 1) {
    const event: unknown = events[i];
    const field = `${path}[${i}]`;
    const print = isObject(event)
      ? read(event, field)
      : { print: bad('an event is no object', field), position: undefined };
    if (print !== undefined) placed.push(print);
  }
  // Nodes may deliver the events of a transaction in any order (stacks-core once kept them in a set), which is why
  // newer ones state positions. The sort is stable, so events without any stay as they came.
  if (placed.every(({ position }) => position !== undefined)) {
    placed.sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
  }
  return placed.map(({ print }) => print);
}

function readV1Event(event: JsonObject, field: string): Placed | undefined {
  if (event['type'] !== 'SmartContractEvent') return undefined;
  const position = indexOf(event['position']);
  const data = event['data'];
  if (!isObject(data)) return { position, print: bad('an event has no data', `${field}.data`) };
  if (data['topic'] !== 'print') return undefined;
  const { contract_identifier: contract, raw_value: hex, value } = data;
  if (typeof contract !== 'string') {
    return { position, print: bad('a print names no contract', `${field}.data.contract_identifier`) };
  }
  if (typeof hex === 'string')
    return { position, print: { kind: 'hex', contract, hex, field: `${field}.data.raw_value` } };
  if (value !== undefined)
    return { position, print: { kind: 'decoded', contract, value, field: `${field}.data.value` } };
  return { position, print: bad('a print has neither raw_value nor value', `${field}.data`, contract) };
}

function readV2Operation(operation: JsonObject, field: string): Placed | undefined {
  if (operation['type'] !== 'contract_log') return undefined;
  const position = indexOf(operation['operation_identifier']);
  const metadata = operation['metadata'];
  if (!isObject(metadata)) return { position, print: bad('an operation has no metadata', `${field}.metadata`) };
  if (metadata['topic'] !== 'print') return undefined;
  const { contract_identifier: contract, value } = metadata;
  if (typeof contract !== 'string') {
    return { position, print: bad('a print names no contract', `${field}.metadata.contract_identifier`) };
  }
  // `{ hex, repr }`, or the hex alone. `repr` is for people: it is never read.
  const hex = isObject(value) ? value['hex'] : value;
  const path = `${field}.metadata.value`;
  if (typeof hex === 'string') return { position, print: { kind: 'hex', contract, hex, field: path } };
  return { position, print: bad('a print has no hex', path, contract) };
}

function bad(reason: string, field: string, contract?: string): RawPrint {
  return contract === undefined ? { kind: 'bad', reason, field } : { kind: 'bad', contract, reason, field };
}

/** The `index` of a position or an identifier, if it states a usable one. */
function indexOf(position: unknown): number | undefined {
  const index = isObject(position) ? position['index'] : undefined;
  return isIndex(index) ? index : undefined;
}
