import { createHash } from 'node:crypto';
import type { ChainhookDefinition } from '@hirosystems/chainhooks-client';
import { contractsOf } from '../backend/src/chain/contracts.js';
import { printPredicates, type PrintPredicate } from '../backend/src/chain/predicates.js';
import { DEVNET_DEPLOYER, type Network } from '../backend/src/config.js';

/**
 * What is registered: for a node of one's own one predicate a contract (v1), for Hiro's hosted Chainhooks one definition
 * for all contracts (v2). The files under `predicates/` show them for each network.
 */
export interface Registration {
  readonly network: Network;
  /** Address that deployed the contracts. */
  readonly deployer: string;
  readonly startBlock: number;
  /** Where payloads are posted to, and with which bearer token. */
  readonly delivery: { readonly url: string; readonly token: string };
}

export type HostedNetwork = Exclude<Network, 'devnet'>;
export const HOSTED_NAME = 'passportx-analytics';

/** Ids follow from what is registered, so that a second registration meets the first one instead of doubling it. */
export function nodePredicates(registration: Registration): PrintPredicate[] {
  const { network, deployer, startBlock } = registration;
  return printPredicates({
    ...registration,
    startOf: () => startBlock,
    uuidOf: (name) => stableUuid(`${network} ${deployer} ${name}`),
  });
}

export function hostedDefinition(network: HostedNetwork, deployer: string, url: string): ChainhookDefinition {
  return {
    name: HOSTED_NAME,
    version: '1',
    chain: 'stacks',
    network,
    filters: {
      events: [...contractsOf(deployer)].map((contract) => ({ type: 'contract_log', contract_identifier: contract })),
    },
    // Raw values: the service decodes the hex itself and reads no textual form.
    options: { enable_on_registration: true, decode_clarity_values: false },
    action: { type: 'http_post', url },
  };
}

/** The text of `predicates/NETWORK.json`; `${…}` stands for what the environment gives at registration. */
export function predicateFile(network: Network): string {
  const deployer = network === 'devnet' ? DEVNET_DEPLOYER : '${STACKS_DEPLOYER}';
  const url = '${CHAINHOOK_EXTERNAL_URL}/api/chainhook/events';
  const v1 = printPredicates({
    network,
    deployer,
    startOf: () => 1,
    delivery: { url, token: '${CHAINHOOK_AUTH_TOKEN}' },
    uuidOf: () => '${UUID}',
  });
  const v2 = network === 'devnet' ? undefined : hostedDefinition(network, deployer, url);
  return `${JSON.stringify({ v1, v2 }, null, 2)}\n`;
}

/** A UUID of version 8 (RFC 9562: content of one's own) from SHA-256. */
function stableUuid(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
