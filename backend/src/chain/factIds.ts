import type { EventLog } from '../log/log.js';
import { entriesOf, type BlockIndex } from './blocks.js';

/**
 * Ids of the facts that the log holds of a block. Blocks that were delivered together lie in one commit and are often
 * delivered again together, so the commits read last are kept, as ids by block. Commits never change: what is kept is
 * never wrong.
 */
interface Ids {
  readonly byBlock: ReadonlyMap<string, readonly string[]>;
  readonly count: number;
}

/** Commits kept. The log puts 1,000 entries into one, but all of a delivery. */
const MAX_COMMITS = 40;
/** Ids kept, some 50 bytes each; of the commit read last all, and one delivery may bring a hundred thousand. */
const MAX_IDS = 50_000;

export class FactIds {
  /** In the order of their last use. */
  readonly #kept = new Map<number, Ids>();
  /** Of all ids kept. */
  #count = 0;

  constructor(
    private readonly log: EventLog,
    private readonly blocks: BlockIndex,
    private readonly maxIds = MAX_IDS,
  ) {}

  /** @throws {LogUnavailableError} when the log cannot be read. */
  async of(hash: string): Promise<string[]> {
    const ids: string[] = [];
    for (const commitSeq of this.blocks.commitsWith(hash))
      // One by one: a block may hold more facts than a call takes arguments.
      for (const id of (await this.#commit(commitSeq)).byBlock.get(hash) ?? []) ids.push(id);
    return ids;
  }

  async #commit(commitSeq: number): Promise<Ids> {
    const ids = this.#kept.get(commitSeq) ?? (await this.#read(commitSeq));
    this.#drop(commitSeq);
    this.#kept.set(commitSeq, ids);
    this.#count += ids.count;
    for (const oldest of this.#kept.keys()) {
      if (oldest === commitSeq || (this.#kept.size <= MAX_COMMITS && this.#count <= this.maxIds)) break;
      this.#drop(oldest);
    }
    return ids;
  }

  #drop(commitSeq: number): void {
    this.#count -= this.#kept.get(commitSeq)?.count ?? 0;
    this.#kept.delete(commitSeq);
  }

  async #read(commitSeq: number): Promise<Ids> {
    const byBlock = new Map<string, string[]>();
    let count = 0;
    for (const entry of await entriesOf(this.log, commitSeq)) {
      if (entry.kind !== 'fact' || entry.fact.chain === undefined) continue;
      const { blockHash } = entry.fact.chain;
      const ids = byBlock.get(blockHash);
      if (ids === undefined) byBlock.set(blockHash, [entry.fact.id]);
      else ids.push(entry.fact.id);
      count += 1;
    }
    return { byBlock, count };
  }
}
