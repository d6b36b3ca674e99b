import type { Network } from '../config.js';
import { CONTRACT_NAMES } from './contracts.js';

/**
 * What a Chainhook node (v1) is asked for: every print of each of our contracts, as raw Clarity bytes, one predicate a
 * contract. The shape is the node's own (`if_this`, `then_that`).
 */
export interface PrintSpecification {
  start_block: number;
  /** False: decoded uints are JSON numbers, which lose precision beyond 2^53. */
  decode_clarity_values: false;
  if_this: { scope: 'print_event'; contract_identifier: string; matches_regex: string };
  then_that: { http_post: { url: string; authorization_header: string } };
}

export interface PrintPredicate {
  uuid: string;
  name: string;
  version: 1;
  chain: 'stacks';
  networks: { [N in Network]?: PrintSpecification };
}

export interface PredicateRequest {
  readonly network: Network;
  /** Address that deployed the contracts. */
  readonly deployer: string;
  /** First height that the node evaluates for the predicate of this name. */
  readonly startOf: (name: string) => number;
  /** Where the node posts payloads to, and the bearer token that it sends. */
  readonly delivery: { readonly url: string; readonly token: string };
  readonly uuidOf: (name: string) => string;
}

/** Matches any print: a node version that knows no wildcard for `contains` knows expressions. */
const ANYTHING = '.*';

/** The names of our predicates on a node, one a contract. */
export const PREDICATE_NAMES: readonly string[] = CONTRACT_NAMES.map(nameOf);

export function printPredicates(request: PredicateRequest): PrintPredicate[] {
  const { network, deployer, startOf, delivery, uuidOf } = request;
  return CONTRACT_NAMES.map((contract) => ({
    uuid: uuidOf(nameOf(contract)),
    name: nameOf(contract),
    version: 1,
    chain: 'stacks',
    networks: {
      [network]: {
        start_block: startOf(nameOf(contract)),
        decode_clarity_values: false,
        if_this: {
          scope: 'print_event',
          contract_identifier: `${deployer}.${contract}`,
          matches_regex: ANYTHING,
        },
        then_that: { http_post: { url: delivery.url, authorization_header: `Bearer ${delivery.token}` } },
      } satisfies PrintSpecification,
    },
  }));
}

function nameOf(contract: string): string {
  return `passportx-${contract}`;
}

/**
 * Where a registration starts so that no block is missed: some blocks before the last one seen, which also brings the
 * rollbacks that nobody was told of meanwhile; before anything was seen, where the operator says, or at the beginning.
 * @param tip height of the last block seen. @param startBlock the operator's first block, which is not gone below unless
 * it lies beyond the last one seen: that would leave a hole.
 */
export function startHeight(tip: number | undefined, rewindBlocks: number, startBlock: number | undefined): number {
  if (tip === undefined) return Math.max(1, startBlock ?? 1);
  const floor = startBlock === undefined || startBlock > tip ? 1 : startBlock;
  return Math.max(1, floor, tip - rewindBlocks);
}
