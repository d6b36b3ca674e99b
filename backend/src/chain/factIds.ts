import type { EventLog } from '../log/log.js';
import { entriesOf, type BlockIndex } from './blocks.js';

/**
 * Ids of the facts that the log holds of a block. Blocks that were delivered together lie in one commit and are often
 * delivered again together, so the commits read last are kept, as ids by block. Commits never change: what is kept is
 * never wrong.
 */
type IdsByBlock = ReadonlyMap<string, readonly string[]>;

/** Commits kept. The log puts 1,000 entries into one: some 4 MB at most. */
const KEPT = 40;

export class FactIds {
  /** In the order of their last use. */
  readonly #kept = new Map<number, IdsByBlock>();

  constructor(
    private readonly log: EventLog,
    private readonly blocks: BlockIndex,
  ) {}

  /** @throws {LogUnavailableError} when the log cannot be read. */
  async of(hash: string): Promise<string[]> {
    const ids: string[] = [];
    for (const commitSeq of this.blocks.commitsWith(hash))
      // One by one: a block may hold more facts than a call takes arguments.
      for (const id of (await this.#commit(commitSeq)).get(hash) ?? []) ids.push(id);
    return ids;
  }

  async #commit(commitSeq: number): Promise<IdsByBlock> {
    const byBlock = this.#kept.get(commitSeq) ?? (await this.#read(commitSeq));
    this.#kept.delete(commitSeq);
    this.#kept.set(commitSeq, byBlock);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return byBlock;
  }

  async #read(commitSeq: number): Promise<IdsByBlock> {
    const byBlock = new Map<string, string[]>();
    for (const entry of await entriesOf(this.log, commitSeq)) {
      if (entry.kind !== 'fact' || entry.fact.chain === undefined) continue;
      const { blockHash } = entry.fact.chain;
      const ids = byBlock.get(blockHash);
      if (ids === undefined) byBlock.set(blockHash, [entry.fact.id]);
      else ids.push(entry.fact.id);
    }
    return byBlock;
  }
}
