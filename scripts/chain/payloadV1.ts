import { hexToCV, serializeCV } from '@stacks/transactions';
import { plainClarity } from './plainClarity.js';
import type { ChainEvent } from './simnet.js';
import type { Block, Receipt } from './simulatedChain.js';
import { digest } from './transactions.js';

/**
 * Deliveries as a Chainhook v1 node posts them (and `file_append` writes them), shaped after
 * `serialize_stacks_payload_to_json` of chainhook-sdk: raw Clarity values, or decoded ones in their place.
 */
export interface Delivery {
  readonly apply: readonly Block[];
  readonly rollback?: readonly Block[];
}

export type V1Values = 'raw' | 'decoded';

/** The body of one v1 delivery, ready for JSON. Rolled-back blocks are given highest first, applied ones lowest first. */
export function payloadV1({ apply, rollback = [] }: Delivery, values: V1Values, predicate = 'passportx'): object {
  return {
    apply: apply.map((block) => blockV1(block, values)),
    rollback: rollback.map((block) => blockV1(block, values)),
    chainhook: {
      uuid: digest(predicate)
        .slice(2, 34)
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      predicate: { scope: 'print_event', contract_identifier: '*', contains: '*' },
      is_streaming_blocks: true,
    },
  };
}

/** Nodes state the time of the burn block, some minutes before, in `timestamp`; the block's own is in the metadata. */
const BURN_BLOCK_SEC = 600;

function blockV1(block: Block, values: V1Values): object {
  let eventIndex = 0;
  return {
    block_identifier: { index: block.height, hash: block.hash },
    parent_block_identifier: { index: block.height - 1, hash: block.parent },
    timestamp: block.timeSec - (block.timeSec % BURN_BLOCK_SEC),
    transactions: block.receipts.map((receipt) => {
      const events = receipt.outcome.events.map((event) => eventV1(event, values, eventIndex++));
      return transactionV1(receipt, events, values);
    }),
    metadata: {
      bitcoin_anchor_block_identifier: { index: block.height, hash: digest('burn', block.height) },
      confirm_microblock_identifier: null,
      pox_cycle_index: 1,
      pox_cycle_length: 20,
      pox_cycle_position: block.height % 20,
      stacks_block_hash: digest('stacks', block.hash),
      tenure_height: block.height,
      block_time: block.timeSec,
      signer_bitvec: null,
      signer_signature: null,
      signer_public_keys: null,
      cycle_number: null,
      reward_set: null,
    },
  };
}

function transactionV1(receipt: Receipt, events: readonly object[], values: V1Values): object {
  const { index, transaction, status, outcome } = receipt;
  return {
    transaction_identifier: { hash: transaction.txId },
    operations: [],
    metadata: {
      success: status === 'success',
      raw_tx: '0x00',
      result: values === 'raw' ? outcome.resultHex : plainClarity(hexToCV(outcome.resultHex)),
      sender: transaction.sender,
      nonce: transaction.nonce,
      fee: 3000,
      kind: kindV1(receipt),
      receipt: {
        mutated_contracts_radius: [...new Set(outcome.events.flatMap(contractOf))],
        mutated_assets_radius: [],
        contract_calls_stack: [],
        events,
      },
      description: describe(receipt),
      sponsor: null,
      execution_cost: { read_count: 0, read_length: 0, runtime: 0, write_count: 0, write_length: 0 },
      position: { index },
    },
  };
}

function kindV1({ transaction }: Receipt): object {
  if (transaction.kind === 'deploy')
    return {
      type: 'ContractDeployment',
      data: { contract_identifier: `${transaction.sender}.${transaction.name}`, code: transaction.source },
    };
  const args = transaction.args.map((arg) => `0x${serializeCV(arg)}`);
  return {
    type: 'ContractCall',
    data: { args, contract_identifier: transaction.contract, method: transaction.method },
  };
}

function describe({ transaction }: Receipt): string {
  return transaction.kind === 'deploy'
    ? `deployed: ${transaction.sender}.${transaction.name}`
    : `invoked: ${transaction.contract}::${transaction.method}`;
}

function contractOf(event: ChainEvent): string[] {
  return event.type === 'print' ? [event.contract] : [];
}

function eventV1(event: ChainEvent, values: V1Values, index: number): object {
  const position = { index };
  if (event.type === 'print') {
    const value = values === 'raw' ? { raw_value: event.valueHex } : { value: plainClarity(hexToCV(event.valueHex)) };
    const data = { contract_identifier: event.contract, topic: 'print', ...value };
    return { type: 'SmartContractEvent', data, position };
  }
  const { asset, recipient, tokenHex } = event;
  const data =
    values === 'raw'
      ? { asset_identifier: asset, raw_value: tokenHex, recipient }
      : { asset_class_identifier: asset, asset_identifier: plainClarity(hexToCV(tokenHex)), recipient };
  return { type: 'NFTMintEvent', data, position };
}
