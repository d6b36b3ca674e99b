import { cvToString, hexToCV, serializeCV } from '@stacks/transactions';
import type { Delivery } from './payloadV1.js';
import type { ChainEvent } from './simnet.js';
import type { Block, Receipt } from './simulatedChain.js';
import { digest } from './transactions.js';

/**
 * Deliveries as hosted Chainhooks (v2) post them, shaped after `ChainhookEventSchema` of `@hirosystems/chainhooks-client`:
 * what a transaction did stands in numbered operations, and values are hex beside their written form.
 */
export function payloadV2({ apply, rollback = [] }: Delivery, name = 'passportx'): object {
  return {
    chainhook: { uuid: digest(name).slice(2, 34), name },
    event: {
      chain: 'stacks',
      network: 'testnet',
      apply: apply.map((block) => blockV2(block, true)),
      rollback: rollback.map((block) => blockV2(block, false)),
    },
  };
}

const NO_COST = { read_count: 0, read_length: 0, runtime: 0, write_count: 0, write_length: 0 };

function blockV2(block: Block, canonical: boolean): object {
  return {
    block_identifier: { index: block.height, hash: block.hash },
    parent_block_identifier: { index: block.height - 1, hash: block.parent },
    timestamp: block.timeSec,
    transactions: block.receipts.map((receipt) => transactionV2(receipt, canonical)),
    metadata: {
      canonical,
      burn_block_identifier: { index: block.height, hash: digest('burn', block.height) },
      burn_block_timestamp: block.timeSec,
      parent_microblock_identifier: null,
      tenure_height: block.height,
      execution_cost: NO_COST,
      tx_total_size: 0,
      tx_count: block.receipts.length,
    },
  };
}

function transactionV2({ index, transaction, status, outcome }: Receipt, canonical: boolean): object {
  const operations = [
    { type: 'fee', account: { address: transaction.sender }, metadata: { sponsored: false } },
    transaction.kind === 'call'
      ? {
          type: 'contract_call',
          account: { address: transaction.sender },
          metadata: {
            contract_identifier: transaction.contract,
            function_name: transaction.method,
            args: transaction.args.map((arg) => `0x${serializeCV(arg)}`).join(','),
          },
        }
      : {
          type: 'contract_deploy',
          account: { address: transaction.sender },
          metadata: { contract_identifier: `${transaction.sender}.${transaction.name}`, clarity_version: 3 },
        },
    ...outcome.events.map(operationOf),
  ];
  return {
    transaction_identifier: { hash: transaction.txId },
    operations: operations.map((operation, at) => ({ operation_identifier: { index: at }, status, ...operation })),
    metadata: {
      canonical,
      microblock_canonical: true,
      execution_cost: NO_COST,
      fee_rate: '3000',
      nonce: transaction.nonce,
      type: transaction.kind === 'call' ? 'contract_call' : 'contract_deploy',
      position: { index, microblock_identifier: null },
      result: { hex: outcome.resultHex, repr: outcome.result },
      sender_address: transaction.sender,
      sponsor_address: null,
      sponsored: false,
      status,
      vm_error: null,
    },
  };
}

function operationOf(event: ChainEvent): object {
  if (event.type === 'print') {
    const value = { hex: event.valueHex, repr: cvToString(hexToCV(event.valueHex)) };
    return { type: 'contract_log', metadata: { contract_identifier: event.contract, topic: 'print', value } };
  }
  const token = { asset_identifier: event.asset, value: event.tokenHex, token_type: 'nft' };
  return {
    type: 'token_mint',
    account: { address: event.recipient },
    amount: { value: '1', currency: { decimals: 0, symbol: 'NFT', metadata: token } },
  };
}
