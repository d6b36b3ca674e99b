import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../chain/payloadV1.js';
import type { Block, SimulatedChain } from '../chain/simulatedChain.js';
import type { Transaction } from '../chain/transactions.js';
import type { History } from './history.js';
import type { Random } from './random.js';
import type { Story } from './story.js';
import { World } from './world.js';

/**
 * The live chain: a block every two seconds, and now and then a reorganisation: the last blocks turn out to have lost,
 * and other ones come in their place with most of the same transactions. The winning blocks are mined by a second
 * simnet session that has the common past, so what they hold is what the contracts say on that fork.
 */
const MOST_TRANSACTIONS = 5;
/** How many of the lost transactions the winning blocks bring back; the others wait for the next block, as in a mempool. */
const BROUGHT_BACK = 0.7;
const DEPTHS = [1, 2, 2, 3];
/** The second session catches up beside the live chain: some 30 ms of work, then as much rest. */
const PACE = { blocks: 20, restMs: 30 };

/** Milliseconds between what the live chain does. */
export interface Tempo {
  readonly block: number;
  readonly firstReorg: number;
  readonly betweenReorgs: number;
}

export const LIVE_TEMPO: Tempo = { block: 2_000, firstReorg: 20_000, betweenReorgs: 45_000 };

export interface Reorg {
  readonly lost: readonly Block[];
  readonly won: readonly Block[];
  readonly broughtBack: number;
  readonly waiting: number;
}

export interface LiveOptions {
  readonly story: Story;
  readonly random: Random;
  readonly tempo: Tempo;
  readonly post: (delivery: Delivery) => Promise<void>;
  readonly onReorg: (reorg: Reorg) => void;
  readonly signal: AbortSignal;
}

export class LiveChain {
  readonly #options: LiveOptions;
  #chain: SimulatedChain;
  #world: World;
  #waiting: Transaction[] = [];
  #forks = 0;
  /** The second session, once it has caught up. */
  #spare: SimulatedChain | undefined;
  #spareFailed: unknown;
  #preparing: Promise<void> = Promise.resolve();

  constructor({ chain, world }: History, options: LiveOptions) {
    this.#chain = chain;
    this.#world = world;
    this.#options = options;
  }

  /** Runs until the signal, then gives everything back; a delivery that cannot be made ends it with that error. */
  async run(): Promise<void> {
    const { signal, tempo, post, onReorg } = this.#options;
    let nextReorgAtMs = Date.now() + tempo.firstReorg;
    this.#prepareSpare();
    while (!signal.aborted) {
      if (this.#spareFailed !== undefined) throw this.#spareFailed;
      // Nothing before the point where the second session stands can be undone any more.
      const ready = this.#spare !== undefined && this.#chain.height - this.#spare.height >= Math.max(...DEPTHS);
      if (this.#spare !== undefined && ready && Date.now() >= nextReorgAtMs) {
        const reorg = await this.#reorganise(this.#spare);
        onReorg(reorg);
        await post({ rollback: [...reorg.lost].reverse(), apply: reorg.won });
        nextReorgAtMs = Date.now() + tempo.betweenReorgs;
        this.#prepareSpare();
      } else {
        await post({ apply: [this.#mineNext()] });
      }
      await sleep(tempo.block, undefined, { signal }).catch(() => undefined);
    }
    await this.#preparing;
    this.#spare?.close();
    this.#chain.close();
  }

  #mineNext(): Block {
    const { story, random } = this.#options;
    const fresh = Array.from({ length: random.whole(1, MOST_TRANSACTIONS) }, () => story.next(this.#world, 1));
    const block = this.#chain.mine(this.#timeAfter(this.#chain), [...this.#waiting, ...fresh]);
    this.#waiting = [];
    this.#world.observe(block);
    return block;
  }

  #prepareSpare(): void {
    this.#spare = undefined;
    const pace = { ...PACE, signal: this.#options.signal };
    this.#preparing = this.#chain.fork(this.#chain.height, `fork ${++this.#forks}`, pace).then(
      (spare) => void (this.#spare = spare),
      (error: unknown) => void (this.#spareFailed = error),
    );
  }

  /** The newest blocks lose against one more block on `spare`, which is the chain from here on. */
  async #reorganise(spare: SimulatedChain): Promise<Reorg> {
    const { story, random } = this.#options;
    const depth = random.pick(DEPTHS) ?? 1;
    const lost = this.#chain.newest(depth);
    await spare.follow(this.#chain, this.#chain.height - depth);
    const undone = lost.flatMap((block) => block.receipts.map((receipt) => receipt.transaction));
    const back = undone.filter(() => random.chance(BROUGHT_BACK));
    this.#waiting = undone.filter((transaction) => !back.includes(transaction));

    const won: Block[] = [];
    const share = Math.ceil(back.length / depth);
    for (let i = 0; i < depth; i++)
      won.push(spare.mine((lost[i]?.timeSec ?? 0) + 1, back.slice(i * share, (i + 1) * share)));
    won.push(spare.mine(this.#timeAfter(spare), [story.next(this.#world, 1)]));
    this.#chain.close();
    this.#chain = spare;
    this.#world = World.of(spare.blocks);
    return { lost, won, broughtBack: back.length, waiting: this.#waiting.length };
  }

  /** Now, but never before the block that it stands on. */
  #timeAfter(chain: SimulatedChain): number {
    return Math.max(Math.floor(Date.now() / 1_000), (chain.newest(1)[0]?.timeSec ?? 0) + 1);
  }
}
