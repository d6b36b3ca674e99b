import type { Fact } from '../events/fact.js';
import type { BlockEntry, LogEntry } from '../log/log.js';
import type { BlockIndex, Moves } from './blocks.js';
import { ChainState, type Journal } from './chainState.js';

/**
 * Which blocks count: an ordered state machine. Deliveries come at least once, with holes, with rollbacks incomplete or
 * missing; each is decided at once and in order, from nothing but what was delivered before. At most one block a height
 * counts. Where the truth cannot be known, a block counts and is `unproven`.
 *
 * 1. A rolled back block does not count, known or not, nor does what descends from it by parent links.
 * 2. An applied block that counts already changes no other. One at a vacant height counts, known or not. At a height
 *    that another holds, a block never seen replaces it; a known orphan waits until a later block names it as parent.
 * 3. A block that begins to count makes its known parents count, and retracts the block below it that is not its parent.
 * 4. After a retraction, blocks above it count on, but unproven, unless they lead down to the block that came.
 */
export interface BlockHeader {
  readonly hash: string;
  readonly height: number;
  readonly parent: string;
  readonly atMs: number;
}

/** What was decided and is to be appended; until it is durable it can be undone. */
export interface Decision {
  readonly entries: readonly LogEntry[];
  readonly moves: Moves;
  readonly journal: Journal;
  /** The rescan as it was before. */
  readonly rescan: Rescan | undefined;
}

/** A node that registers anew delivers the blocks from `from` again; those up to `to` that it leaves out are in doubt. */
interface Rescan {
  readonly from: number;
  readonly to: number;
  readonly seen: Set<string>;
  readonly isOver: (to: number) => boolean;
}

export class CanonicalChain {
  readonly #state: ChainState;
  #entries: LogEntry[] = [];
  #rescan: Rescan | undefined;

  constructor(blocks: BlockIndex) {
    this.#state = new ChainState(blocks);
  }

  /** The highest block that counts. */
  tip(): BlockEntry | undefined {
    return this.#state.tip();
  }

  /** Blocks that count though nothing proves them, highest first; the reason tells why. */
  unproven(): BlockEntry[] {
    return this.#state.unproven();
  }

  /**
   * Decides one delivery: rollbacks, highest first, then blocks to apply, lowest first, in whatever order they come.
   * @param factsOf what of a block's facts is new; asked once a block, but never for a rolled back block that is known.
   */
  deliver<Block extends BlockHeader>(
    { rollback, apply }: { readonly rollback: readonly Block[]; readonly apply: readonly Block[] },
    factsOf: (block: Block) => readonly Fact[],
  ): Decision {
    return this.#decide(() => {
      for (const block of rollback.toSorted((a, b) => b.height - a.height)) {
        const known = this.#state.get(block.hash) !== undefined;
        this.#rollBack(block, 'rolled back');
        if (!known) this.#append(factsOf(block));
      }
      for (const block of apply.toSorted((a, b) => a.height - b.height)) {
        this.#apply(block);
        this.#append(factsOf(block));
      }
    });
  }

  /**
   * Takes in what was delivered long ago and understood only now. Later deliveries have decided meanwhile, so it moves
   * no known block: a block never seen counts only where it contradicts none that does.
   */
  deliverLate<Block extends BlockHeader>(
    { rollback, apply }: { readonly rollback: readonly Block[]; readonly apply: readonly Block[] },
    factsOf: (block: Block) => readonly Fact[],
  ): Decision {
    return this.#decide(() => {
      for (const block of rollback) {
        if (this.#state.get(block.hash) === undefined) this.#put(block, false, 'rolled back');
        this.#append(factsOf(block));
      }
      for (const block of apply.toSorted((a, b) => a.height - b.height)) {
        if (this.#state.get(block.hash) === undefined) {
          if (this.#contradicts(block)) this.#put(block, false, 'understood late, when another fork counted');
          else this.#join(block);
        }
        this.#append(factsOf(block));
      }
    });
  }

  /** An admin's word that a block which counts is on the winning fork. */
  confirm(hash: string): Decision {
    return this.#decide(() => this.#clear(this.#state.get(hash), 'confirmed by an admin'));
  }

  /** An admin's word that a known block is not on the winning fork, nor what descends from it. */
  retract(hash: string): Decision {
    return this.#decide(() => {
      const block = this.#state.get(hash);
      if (block !== undefined) this.#rollBack(block, 'retracted by an admin');
    });
  }

  /**
   * From here on blocks from `from` up to the present tip are expected again, until a block above it is applied.
   * @param isOver asked then whether the node has come past that tip with everything; if not, a later block asks again.
   */
  beginRescan(from: number, isOver: (to: number) => boolean = () => true): void {
    const tip = this.tip();
    this.#rescan =
      tip === undefined || tip.height < from ? undefined : { from, to: tip.height, seen: new Set(), isOver };
  }

  /** Ends a rescan that is over without waiting for a block above it. */
  endRescan(): Decision {
    return this.#decide(() => {
      if (this.#rescan?.isOver(this.#rescan.to) === true) this.#doubtLeftOut(this.#rescan);
    });
  }

  /** Takes a decision back. Decisions are undone in the reverse order of their making. */
  undo({ journal, rescan }: Decision): void {
    this.#state.undo(journal);
    this.#rescan = rescan;
  }

  /** Takes over what is durable as it is, without deciding anything. */
  adopt(entries: readonly LogEntry[]): void {
    this.#state.track();
    for (const entry of entries) if (entry.kind === 'block') this.#state.put(entry);
  }

  #decide(rules: () => void): Decision {
    const rescan = this.#rescan;
    const journal = this.#state.track();
    this.#entries = [];
    try {
      rules();
    } catch (error) {
      this.#state.undo(journal);
      this.#rescan = rescan;
      throw error;
    }
    return { entries: this.#entries, moves: this.#state.blocks.movesSince(journal), journal, rescan };
  }

  /** Known or not, the block does not count, and neither does what descends from it. */
  #rollBack(block: BlockHeader, reason: string): void {
    if (this.#state.get(block.hash) === undefined) this.#put(block, false, reason);
    if (this.#retractFrom(block, reason)) this.#doubtAbove(block.height, [], `block ${block.height} was ${reason}`);
  }

  #apply(block: BlockHeader): void {
    const known = this.#state.get(block.hash);
    if (known?.canonical === true) this.#deliverAgain(known);
    // A known orphan at a height that is held is a late duplicate, until a later block names it as parent.
    else if (known === undefined || this.#state.canonicalAt(known.height) === undefined) this.#join(known ?? block);
    this.#noteRescanned(block);
  }

  /** A second delivery changes no other block. It proves this one, unless what we have below is not its parent. */
  #deliverAgain(block: BlockEntry): void {
    const below = this.#state.canonicalAt(block.height - 1);
    if (below === undefined || below.hash === block.parent) this.#clear(block, 'delivered again');
  }

  /** The block begins to count, with its known parents; what stands in their place or beside them ceases to. */
  #join(block: BlockHeader): void {
    const joining = this.#withOrphanedParents(block);
    const lowest = joining[0] ?? block;
    const displaced: number[] = [];
    const displace = (other: BlockEntry | undefined, reason: string): void => {
      if (other !== undefined && this.#retractFrom(other, reason)) displaced.push(other.height);
    };
    const below = this.#state.canonicalAt(lowest.height - 1);
    if (below?.hash !== lowest.parent) displace(below, `not the parent of ${short(lowest.hash)}`);
    for (const { height, hash } of joining) {
      displace(this.#state.canonicalAt(height), `replaced by ${short(hash)}`);
    }
    for (const parent of joining.slice(0, -1)) this.#put(parent, true, `ancestor of ${short(block.hash)}`);
    this.#put(block, true, 'applied');

    if (displaced.length > 0) {
      const reason = `block ${Math.min(...displaced)} was replaced, and nothing known leads from here to what came`;
      this.#doubtAbove(Math.min(...displaced), this.#state.descendants(lowest), reason);
    } else {
      const above = this.#state.canonicalAt(block.height + 1);
      if (above !== undefined && above.parent !== block.hash)
        this.#doubt(above, `its parent is not ${short(block.hash)}`);
    }
    this.#prove(lowest);
  }

  /** From the lowest to the block itself: its known parents that do not count yet, and it. */
  #withOrphanedParents(block: BlockHeader): BlockHeader[] {
    const joining = [block];
    let parent = this.#state.parentOf(block);
    while (parent !== undefined && !parent.canonical) {
      joining.push(parent);
      parent = this.#state.parentOf(parent);
    }
    return joining.reverse();
  }

  /** A block that newly counts proves its parent, and what descends from it no longer hangs in the air. */
  #prove(block: BlockHeader): void {
    if (!this.#state.anyUnproven) return;
    this.#clear(this.#state.parentOf(block), `parent of ${short(block.hash)}`);
    for (const linked of this.#state.descendants(block)) this.#clear(linked, `descends from ${short(block.hash)}`);
  }

  /** @returns whether any block that counted was retracted. */
  #retractFrom(block: BlockHeader, reason: string): boolean {
    const retracted = this.#state.descendants(block).filter(({ canonical }) => canonical);
    for (const entry of retracted) {
      this.#put(entry, false, entry.hash === block.hash ? reason : `descends from ${short(block.hash)}, ${reason}`);
    }
    return retracted.length > 0;
  }

  #doubtAbove(height: number, linked: readonly BlockEntry[], reason: string): void {
    const proven = new Set(linked.map(({ hash }) => hash));
    for (const entry of this.#state.canonicalAbove(height)) if (!proven.has(entry.hash)) this.#doubt(entry, reason);
  }

  #contradicts({ hash, height, parent }: BlockHeader): boolean {
    const below = this.#state.canonicalAt(height - 1);
    const above = this.#state.canonicalAt(height + 1);
    return (
      this.#state.canonicalAt(height) !== undefined ||
      (below !== undefined && below.hash !== parent) ||
      (above !== undefined && above.parent !== hash) ||
      this.#state.get(parent)?.canonical === false
    );
  }

  #noteRescanned({ hash, height }: BlockHeader): void {
    const rescan = this.#rescan;
    if (rescan === undefined) return;
    rescan.seen.add(hash);
    if (height > rescan.to && rescan.isOver(rescan.to)) this.#doubtLeftOut(rescan);
  }

  #doubtLeftOut(rescan: Rescan): void {
    this.#rescan = undefined;
    for (const entry of this.#state.canonicalAbove(rescan.from - 1)) {
      if (entry.height <= rescan.to && !rescan.seen.has(entry.hash)) {
        this.#doubt(entry, `not delivered again when the node began anew at ${rescan.from}`);
      }
    }
  }

  #doubt(entry: BlockEntry, reason: string): void {
    if (entry.unproven !== true) this.#put(entry, true, reason, true);
  }

  #clear(entry: BlockEntry | undefined, reason: string): void {
    if (entry?.unproven === true) this.#put(entry, true, reason);
  }

  #put({ hash, height, parent, atMs }: BlockHeader, canonical: boolean, reason: string, unproven = false): void {
    const entry: BlockEntry = {
      kind: 'block',
      hash,
      height,
      parent,
      atMs,
      canonical,
      ...(unproven && { unproven }),
      reason,
    };
    this.#state.put(entry);
    this.#entries.push(entry);
  }

  #append(facts: readonly Fact[]): void {
    for (const fact of facts) this.#entries.push({ kind: 'fact', fact });
  }
}

/** Enough of a hash to find it by. */
const short = (hash: string): string => (hash.length > 14 ? `${hash.slice(0, 14)}…` : hash);
