import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { getSDK, tx as simnetTx, type ClarityEvent, type Simnet } from '@stacks/clarinet-sdk';
import { cvToString, serializeCV, type ClarityValue } from '@stacks/transactions';
import { DEPLOYER } from './accounts.js';
import type { Transaction } from './transactions.js';

/**
 * One session of the Clarinet simnet with the contracts of `chainhooks/contracts` deployed: real Clarity, real bytes.
 * It can only go forward; whoever wants a fork opens a second session and runs the common part again.
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
const DIALECT = { clarityVersion: 3 } as const;

export class SimnetSession {
  private constructor(private readonly simnet: Simnet) {}

  static async open(): Promise<SimnetSession> {
    const simnet = await getSDK({ trackCosts: false, trackCoverage: false });
    await simnet.initEmptySession({ enabled: false });
    simnet.deployer = DEPLOYER;
    simnet.setEpoch(EPOCH);
    for (const name of contractNames()) {
      const source = readFileSync(join(CONTRACTS, `${name}.clar`), 'utf8');
      simnet.deployContract(name, source, DIALECT, DEPLOYER);
    }
    return new SimnetSession(simnet);
  }

  /** Height of the newest block. */
  get height(): number {
    return this.simnet.stacksBlockHeight;
  }

  /** Mines the next block. @throws when a transaction is not well-formed (no such contract, wrong arguments). */
  mine(transactions: readonly Transaction[]): Outcome[] {
    if (transactions.length === 0) {
      this.simnet.mineEmptyStacksBlock();
      return [];
    }
    return this.simnet.mineBlock(transactions.map(toSimnet)).map(({ result, events }) => ({
      ok: result.type !== 'err',
      result: cvToString(result),
      resultHex: `0x${serializeCV(result)}`,
      events: events.flatMap(toEvent),
    }));
  }

  /** What a read-only function of a deployed contract answers now. */
  read(contract: string, method: string, args: readonly ClarityValue[]): ClarityValue {
    return this.simnet.callReadOnlyFn(contract, method, [...args], DEPLOYER).result;
  }

  /** Gives the memory of the session back; it cannot be used afterwards. */
  close(): void {
    this.simnet.free();
  }
}

/** The contracts of `Clarinet.toml`, in its order. */
export function contractNames(): string[] {
  const manifest = readFileSync(join(CONTRACTS, 'Clarinet.toml'), 'utf8');
  return [...manifest.matchAll(/^\[contracts\.([\w-]+)\]/gm)].map((match) => match[1] ?? '');
}

function toSimnet(transaction: Transaction): ReturnType<typeof simnetTx.callPublicFn> {
  if (transaction.kind === 'call')
    return simnetTx.callPublicFn(transaction.contract, transaction.method, [...transaction.args], transaction.sender);
  return simnetTx.deployContract(transaction.name, transaction.source, DIALECT, transaction.sender);
}

function toEvent({ event, data }: ClarityEvent): ChainEvent[] {
  const valueHex = data.raw_value ?? '';
  if (event === 'print_event') return [{ type: 'print', contract: String(data['contract_identifier']), valueHex }];
  if (event === 'nft_mint_event') {
    const asset = String(data['asset_identifier']);
    return [{ type: 'nft-mint', asset, recipient: String(data['recipient']), tokenHex: valueHex }];
  }
  return [];
}
