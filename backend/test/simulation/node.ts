import { pathTo, pieceOf, type Delivery, type Tree } from '../generators/chains.js';
import type { BlockDescription } from '../support/payloads.js';

/**
 * A Chainhook node as DESIGN section 4 says they are. It follows a chain whose tip moves, and tells each of its predicates,
 * in order, of the blocks that hold anything of it. Rollbacks may be left out. After three attempts that were not answered
 * a predicate is interrupted and hears nothing; when all are registered anew, the node tells them of its chain as it is by
 * then, block by block but for those that its scan skips, and of what it orphaned meanwhile nothing.
 */
export class SimulatedNode {
  #tip: BlockDescription | undefined;
  /** What each predicate is still to be told; undefined: it is interrupted. */
  #queues: (Delivery[] | undefined)[];
  readonly #pieces = new Map<BlockDescription, readonly BlockDescription[]>();

  constructor(
    private readonly tree: Tree,
    private readonly predicates: number,
  ) {
    this.#queues = Array.from({ length: predicates }, () => []);
  }

  /** The blocks from the first to the tip. */
  get path(): readonly BlockDescription[] {
    return this.#tip === undefined ? [] : pathTo(this.tree, this.#tip);
  }

  /** Whether every predicate has told all that there is up to this height. */
  isPast(height: number): boolean {
    return this.#tip !== undefined && this.#tip.height >= height && this.#queues.every((queue) => queue?.length === 0);
  }

  get interrupted(): boolean {
    return this.#queues.includes(undefined);
  }

  /** @param leftOut which of the blocks that go are not told as such, counted over all predicates. */
  moveTo(tip: BlockDescription, leftOut: (index: number) => boolean, bare: boolean): void {
    const [from, to] = [this.path, pathTo(this.tree, tip)];
    this.#tip = tip;
    const gone = from.filter((block) => !to.includes(block)).toReversed();
    const come = to.filter((block) => !from.includes(block));
    let told = 0;
    for (const [predicate, queue] of this.#queues.entries()) {
      const rollback = this.#heardBy(predicate, gone)
        .filter(() => !leftOut(told++))
        .map((block) => (bare ? { ...block, transactions: [] } : block));
      const apply = this.#heardBy(predicate, come);
      if (rollback.length + apply.length > 0) queue?.push({ rollback, apply });
    }
  }

  /** @param skipped which of the blocks the scans pass over, counted over all predicates. */
  register(from: number, skipped: (index: number) => boolean): void {
    let told = 0;
    this.#queues = this.#queues.map((_, predicate) =>
      this.#heardBy(predicate, this.path)
        .filter(({ height }) => height >= from && !skipped(told++))
        .map((block) => ({ rollback: [], apply: [block] })),
    );
  }

  /** All that is still to be told, predicate by predicate. */
  drain(): Delivery[][] {
    const rest = this.#queues.map((queue) => queue ?? []);
    this.#queues = rest.map(() => []);
    return rest;
  }

  next(predicate: number): Delivery | undefined {
    return this.#queues[predicate]?.[0];
  }

  answered(predicate: number): void {
    this.#queues[predicate]?.shift();
  }

  interrupt(predicate: number): void {
    this.#queues[predicate] = undefined;
  }

  /** Whether any predicate hears of the block. */
  tells(block: BlockDescription): boolean {
    return this.#piecesOf(block).some(({ transactions }) => transactions.length > 0);
  }

  #heardBy(predicate: number, blocks: readonly BlockDescription[]): BlockDescription[] {
    return blocks
      .flatMap((block) => this.#piecesOf(block)[predicate] ?? [])
      .filter(({ transactions }) => transactions.length > 0);
  }

  #piecesOf(block: BlockDescription): readonly BlockDescription[] {
    const pieces =
      this.#pieces.get(block) ??
      Array.from({ length: this.predicates }, (_, predicate) => pieceOf(block, predicate, this.predicates));
    this.#pieces.set(block, pieces);
    return pieces;
  }
}
