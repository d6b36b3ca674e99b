import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CallFnArgs, ContractOptions, DeployContractArgs, SDK, SDKOptions } from '@stacks/clarinet-sdk-wasm';
import { cvToString, hexToCV, serializeCVBytes, type ClarityValue } from '@stacks/transactions';
import { DEPLOYER } from './accounts.js';
import type { Transaction } from './transactions.js';

/**
 * One session of the Clarinet simnet with the contracts of `chainhooks/contracts` deployed: real Clarity, real bytes.
 * It can only go forward; whoever wants a fork opens a second session and runs the common part again.
 *
 * This is the simnet under `@stacks/clarinet-sdk`, without its proxy: that one decodes what we keep as bytes, teaches
 * every bigint to be JSON, and cannot give the 60 MB of a session back (`free` through the proxy frees twice).
 */
export interface Outcome {
  /** Whether the call answered `(ok …)`; what it did is undone otherwise. */
  readonly ok: boolean;
  /** The answer as Clarity writes it, `(ok u1)`. */
  readonly result: string;
  /** The answer as consensus bytes, hex with `0x`. */
  readonly resultHex: string;
  readonly events: readonly ChainEvent[];
}

export type ChainEvent =
  | { readonly type: 'print'; readonly contract: string; readonly valueHex: string }
  | { readonly type: 'nft-mint'; readonly asset: string; readonly recipient: string; readonly tokenHex: string };

// `scripts/` and the tests run from the root of the repository, as npm and jest see to.
const CONTRACTS = resolve('chainhooks/contracts');
/** `stacks-block-height` needs Clarity 3, and Clarity 3 the epoch of Nakamoto. */
const EPOCH = '3.1';
const CLARITY = 3;

export class SimnetSession {
  private constructor(private readonly sdk: SDK) {}

  static async open(): Promise<SimnetSession> {
    const sdk = new SDK(noFiles, new SDKOptions(false, false));
    await sdk.initEmptySession({ enabled: false });
    sdk.deployer = DEPLOYER;
    sdk.setEpoch(EPOCH);
    for (const name of contractNames()) {
      const source = readFileSync(join(CONTRACTS, `${name}.clar`), 'utf8');
      sdk.deployContract(new DeployContractArgs(name, source, new ContractOptions(CLARITY), DEPLOYER)).free();
    }
    return new SimnetSession(sdk);
  }

  /** Height of the newest block. */
  get height(): number {
    return this.sdk.stacksBlockHeight;
  }

  /** Mines the next block. @throws when a transaction is not well-formed (no such contract, wrong arguments). */
  mine(transactions: readonly Transaction[]): Outcome[] {
    if (transactions.length === 0) {
      this.sdk.mineEmptyStacksBlock();
      return [];
    }
    const answers: readonly Answer[] = this.sdk.mineBlock(transactions.map(toSimnet));
    return answers.map(toOutcome);
  }

  /** What a read-only function of a deployed contract answers now. */
  read(contract: string, method: string, args: readonly ClarityValue[]): ClarityValue {
    const answer = this.sdk.callReadOnlyFn(new CallFnArgs(contract, method, args.map(serializeCVBytes), DEPLOYER));
    const value = hexToCV(answer.result);
    answer.free();
    return value;
  }

  /** Gives the memory of the session back; it cannot be used afterwards. */
  close(): void {
    this.sdk.free();
  }
}

/** The contracts of `Clarinet.toml`, in its order. */
export function contractNames(): string[] {
  const manifest = readFileSync(join(CONTRACTS, 'Clarinet.toml'), 'utf8');
  return [...manifest.matchAll(/^\[contracts\.([\w-]+)\]/gm)].map((match) => match[1] ?? '');
}

/** An empty session reads no project, so it must never ask for a file. */
function noFiles(action: string): never {
  throw new Error(`the simnet asked for a file: ${action}`);
}

/** What `mineBlock` answers for one transaction: consensus bytes in hex, and JSON of JSON texts. */
interface Answer {
  readonly result: string;
  readonly events: string;
}

/** The form that `mineBlock` reads, which its types leave open. */
function toSimnet(transaction: Transaction): object {
  const { sender } = transaction;
  if (transaction.kind === 'call') {
    const { contract, method, args } = transaction;
    return { callPublicFn: { contract, method, args_maps: args.map(serializeCVBytes), sender } };
  }
  const { name, source } = transaction;
  return { deployContract: { name, content: source, options: { clarityVersion: CLARITY }, sender } };
}

function toOutcome({ result, events }: Answer): Outcome {
  const value = hexToCV(result);
  return {
    ok: value.type !== 'err',
    result: cvToString(value),
    resultHex: result.startsWith('0x') ? result : `0x${result}`,
    events: (JSON.parse(events) as string[]).flatMap((text) => toEvent(JSON.parse(text) as SimnetEvent)),
  };
}

type SimnetEvent =
  | { event: 'print_event'; data: { contract_identifier: string; raw_value: string } }
  | { event: 'nft_mint_event'; data: { asset_identifier: string; recipient: string; raw_value: string } }
  | { event: 'other' };

function toEvent(event: SimnetEvent): ChainEvent[] {
  switch (event.event) {
    case 'print_event':
      return [{ type: 'print', contract: event.data.contract_identifier, valueHex: event.data.raw_value }];
    case 'nft_mint_event': {
      const { asset_identifier: asset, recipient, raw_value: tokenHex } = event.data;
      return [{ type: 'nft-mint', asset, recipient, tokenHex }];
    }
    default:
      return [];
  }
}
