import { setTimeout as sleep } from 'node:timers/promises';
import type { ClarityValue } from '@stacks/transactions';
import { SimnetSession, type Outcome } from './simnet.js';
import { digest, type Transaction } from './transactions.js';

/**
 * A chain with forks over the simnet: the Clarity is real, while hashes, parents and times of blocks are assigned. A
 * fork shares its blocks up to a height with the chain it left and has a contract state of its own from there on.
 */
export interface Receipt {
  /** Position of the transaction in its block; stays when a filter leaves others out. */
  readonly index: number;
  readonly transaction: Transaction;
  readonly status: 'success' | 'abort_by_response' | 'abort_by_post_condition';
  readonly outcome: Outcome;
}

export interface Block {
  readonly height: number;
  readonly hash: string;
  readonly parent: string;
  /** Block time in seconds since the epoch. */
  readonly timeSec: number;
  readonly receipts: readonly Receipt[];
}

/** How a fork runs the common part again: so many blocks at a time, with so long a rest for others in between. */
export interface Pace {
  readonly blocks: number;
  readonly restMs: number;
  /** Ends it early, with an AbortError. */
  readonly signal?: AbortSignal;
}

const AT_ONCE: Pace = { blocks: Infinity, restMs: 0 };

export class SimulatedChain {
  readonly #blocks: Block[] = [];

  private constructor(
    private readonly session: SimnetSession,
    /** Tells the blocks of this chain from those of another at the same height, as a miner's signature does. */
    private readonly miner: string,
  ) {}

  static async start(miner = 'first'): Promise<SimulatedChain> {
    return new SimulatedChain(await SimnetSession.open(), miner);
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Height of the newest block; contracts were deployed in the blocks before the first. */
  get height(): number {
    return this.session.height;
  }

  /** The newest `count` blocks, lowest first. */
  newest(count: number): readonly Block[] {
    return this.#blocks.slice(-count);
  }

  /**
   * Mines the next block at `timeSec`. `aborted` are receipts of transactions that ran elsewhere and that a
   * post-condition undid here: they stand first in the block, with their events, as a node reports them, and change
   * nothing.
   */
  mine(timeSec: number, transactions: readonly Transaction[], aborted: readonly Receipt[] = []): Block {
    const parent = this.#blocks.at(-1)?.hash ?? digest('genesis');
    const outcomes = this.session.mine(transactions);
    const receipts = aborted.map(({ transaction, outcome }, index): Receipt => {
      return { index, transaction, status: 'abort_by_post_condition', outcome };
    });
    for (const transaction of transactions) {
      const outcome = outcomes[receipts.length - aborted.length];
      if (outcome === undefined) throw new Error(`no outcome for ${transaction.txId}`);
      const status = outcome.ok ? 'success' : 'abort_by_response';
      receipts.push({ index: receipts.length, transaction, status, outcome });
    }
    const ids = receipts.map((receipt) => receipt.transaction.txId);
    const hash = digest(this.miner, parent, timeSec, ...ids);
    const block = { height: this.session.height, hash, parent, timeSec, receipts };
    this.#blocks.push(block);
    return block;
  }

  /**
   * A chain that shares the blocks up to `height` and goes its own way from there. The simnet cannot go back, so the
   * common part runs again in a session of its own (some 2 ms a block, `pace` spreads it).
   */
  async fork(height: number, miner: string, pace: Pace = AT_ONCE): Promise<SimulatedChain> {
    const fork = new SimulatedChain(await SimnetSession.open(), miner);
    try {
      await fork.follow(this, height, pace);
    } catch (error) {
      fork.close();
      throw error;
    }
    return fork;
  }

  /** Takes over the blocks of `other` up to `height` that this chain, an older state of it, does not have yet. */
  async follow(other: SimulatedChain, height: number, pace: Pace = AT_ONCE): Promise<void> {
    let run = 0;
    for (let next = other.#blocks[this.#blocks.length]; next !== undefined && next.height <= height;) {
      const own = next.receipts.filter((receipt) => receipt.status !== 'abort_by_post_condition');
      this.session.mine(own.map((receipt) => receipt.transaction));
      this.#blocks.push(next);
      if (++run % pace.blocks === 0) await sleep(pace.restMs, undefined, { signal: pace.signal });
      next = other.#blocks[this.#blocks.length];
    }
  }

  /** What a read-only function of a contract answers at the tip. */
  read(contract: string, method: string, ...args: readonly ClarityValue[]): ClarityValue {
    return this.session.read(contract, method, args);
  }

  /** Gives the memory of the contract state back; the blocks stay readable. */
  close(): void {
    this.session.close();
  }
}
