import { createHash } from 'node:crypto';
import { DEPLOYER } from '../../chain/accounts.js';
import { FACTS_PER_PRINT, Prints, SHAPE, type BenchPrint } from './prints.js';

/**
 * The blocks of the benchmark: a chain without forks over 24 months unless asked otherwise, which then goes on live. A block is one payload, of
 * `PRINTS_PER_BLOCK` prints unless asked otherwise. What goes into a log without HTTP and what is delivered come from the
 * same chain.
 */
export const PRINTS_PER_BLOCK = 100;
/** So that a payload has some 700 bytes an event, with what surrounds the prints. */
const PRINTS_PER_TRANSACTION = 10;

/** Goes up with every change of what the same seed gives, dates apart: a history that was kept is then made again. */
export const SHAPE_VERSION = 1;

export interface BenchBlock {
  readonly height: number;
  readonly hash: string;
  readonly parent: string;
  /** Block time in seconds since the epoch. */
  readonly timeSec: number;
  readonly prints: readonly BenchPrint[];
}

const DAY_SEC = 86_400;
const MONTH_SEC = 30.4 * DAY_SEC;
/** The last block of a history is so old. */
const TIP_AGE_SEC = 60;

export interface ChainOptions {
  readonly users?: number;
  readonly months?: number;
}

export class BenchChain {
  readonly #prints: Prints;
  #height = 0;
  #facts = 0;
  #timeSec: number;
  readonly #endSec: number;
  readonly #stepSec: number;
  readonly #founding: BenchPrint[];
  #clock: (() => number) | undefined;

  /**
   * @param events facts over which the months are spread
   * @param nowMs when the history ends
   * @param users one for each ten events, a thousand at least, unless told
   */
  constructor(
    seed: number,
    events: number,
    nowMs: number,
    { users = Math.max(1_000, Math.round(events / 10)), months = SHAPE.months }: ChainOptions = {},
  ) {
    this.#prints = new Prints(seed, users);
    this.#endSec = Math.floor(nowMs / 1_000) - TIP_AGE_SEC;
    this.#timeSec = this.#endSec - months * MONTH_SEC;
    this.#stepSec = (months * MONTH_SEC) / Math.max(1, events / FACTS_PER_PRINT / PRINTS_PER_BLOCK);
    this.#founding = [...this.#prints.founding(1)];
  }

  /** Of the last block. */
  get height(): number {
    return this.#height;
  }

  /** How many facts all blocks so far state. */
  get facts(): number {
    return this.#facts;
  }

  /**
   * From here on a block is as old as it is, as those of a node that follows the chain: what is delivered is not late, and
   * no snapshot of a past period has to be taken again for it.
   */
  live(clock: () => number = Date.now): this {
    this.#clock = clock;
    return this;
  }

  /** The next block; the first ones found what the others need. */
  next(prints = PRINTS_PER_BLOCK): BenchBlock {
    this.#height += 1;
    const height = this.#height;
    this.#timeSec =
      this.#clock === undefined
        ? Math.min(this.#endSec, this.#timeSec + this.#stepSec)
        : Math.max(this.#timeSec, this.#clock() / 1_000);
    const given = this.#founding.splice(0, prints);
    while (given.length < prints) given.push(this.#prints.next(height));
    for (const { facts } of given) this.#facts += facts;
    return {
      height,
      hash: hashOf('block', height),
      parent: hashOf('block', height - 1),
      timeSec: Math.floor(this.#timeSec),
      prints: given,
    };
  }

  /** The blocks until everything is founded, for what is then to be of the mix alone. */
  foundingBlocks(): BenchBlock[] {
    const blocks: BenchBlock[] = [];
    while (this.#founding.length > 0) blocks.push(this.next());
    return blocks;
  }
}

const hashOf = (...parts: readonly (string | number)[]): string =>
  `0x${createHash('sha256').update(parts.join(' ')).digest('hex')}`;

export const contractOf = ({ contract }: BenchPrint): string => `${DEPLOYER}.${contract}`;

/** The prints of a block by transaction, as the chain orders them. */
export function transactionsOf({ height, prints }: BenchBlock): { txId: string; prints: readonly BenchPrint[] }[] {
  const count = Math.ceil(prints.length / PRINTS_PER_TRANSACTION);
  return Array.from({ length: count }, (_, i) => ({
    txId: hashOf('transaction', height, i),
    prints: prints.slice(i * PRINTS_PER_TRANSACTION, (i + 1) * PRINTS_PER_TRANSACTION),
  }));
}

/** The block as a v1 node delivers it, with raw values. */
export function payloadText(block: BenchBlock): string {
  let position = 0;
  const transactions = transactionsOf(block).map(({ txId, prints }, index) => ({
    transaction_identifier: { hash: txId },
    operations: [],
    metadata: {
      success: true,
      sender: DEPLOYER,
      result: '0x0703',
      kind: {
        type: 'ContractCall',
        data: { args: [], contract_identifier: `${DEPLOYER}.badge-issuer`, method: 'mint' },
      },
      position: { index },
      receipt: {
        contract_calls_stack: [],
        events: prints.map((print) => ({
          type: 'SmartContractEvent',
          position: { index: position++ },
          data: { contract_identifier: contractOf(print), topic: 'print', raw_value: print.hex },
        })),
      },
    },
  }));
  const applied = {
    block_identifier: { index: block.height, hash: block.hash },
    parent_block_identifier: { index: block.height - 1, hash: block.parent },
    timestamp: block.timeSec,
    metadata: { block_time: block.timeSec },
    transactions,
  };
  return JSON.stringify({
    apply: [applied],
    rollback: [],
    chainhook: { uuid: 'bench', predicate: { scope: 'print_event' }, is_streaming_blocks: true },
  });
}
