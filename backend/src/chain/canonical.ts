import { atHeight, type Fact } from '../events/fact.js';
import type { BlockEntry, FactEntry, LogEntry } from '../log/log.js';
import type { BlockIndex, Moves } from './blocks.js';
import type { Journal } from './chainState.js';
import { Forks } from './forks.js';
import { awaitsWord, cameBeside, TAKEN_BACK_UNREAD, UNDERSTOOD_LATE, wentBelow } from './reasons.js';
import { Rescan } from './rescan.js';

/**
 * Which blocks count: an ordered state machine. Deliveries come at least once, with holes, with rollbacks incomplete or
 * missing; each is decided at once and in order, from nothing but what was delivered before. At most one block a height
 * counts. Where the truth cannot be known, a block counts and is `unproven`.
 *
 * 1. A rolled back block does not count, known or not, nor does what descends from it by parent links.
 * 2. An applied block that counts already changes no other. One at a vacant height counts, known or not; but an orphan
 *    that comes again may have come late: unless its delivery takes back what we did not know to be gone, or a node that
 *    begins anew delivers it, it moves no other block. At a height that another holds, a block never seen replaces it; a
 *    known orphan waits until a later block names it as parent. What comes again proves nothing, itself included, unless
 *    a block never seen comes with it, as of a chain that goes A → B → A → B the late copy of the second step looks like
 *    the last one.
 * 3. A block that begins to count makes its known parents count, and retracts the block below it that is not its parent.
 *    When it is gone, they are in doubt: nothing else says that they are on the winning fork again. What does not count
 *    because of it then counts again, unproven, unless that was taken back meanwhile or another stands against it.
 * 4. After a retraction, blocks above it count on, but unproven, unless they lead down to the block that came.
 * 5. When a node begins anew, orphans that it delivers count in place of what it leaves out; the rest of that is unproven.
 * 6. What a payload takes back that could not be read is unproven, and is taken back when it can be.
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
  readonly undoRescan: (() => void) | undefined;
}

export class CanonicalChain {
  readonly #forks: Forks;
  /** Of the decision that is being made. */
  #facts: FactEntry[] = [];
  #rescan: Rescan | undefined;

  constructor(blocks: BlockIndex) {
    this.#forks = new Forks(blocks);
  }

  /** The highest block that counts. */
  tip(): BlockEntry | undefined {
    return this.#forks.state.tip();
  }

  /** Blocks that count though nothing proves them, highest first; the reason tells why. */
  unproven(): BlockEntry[] {
    return this.#forks.state.unproven();
  }

  get unprovenCount(): number {
    return this.#forks.state.unprovenCount;
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
      const isNew = [...rollback, ...apply].some(({ hash }) => this.#forks.state.get(hash) === undefined);
      let isNews = false;
      for (const block of rollback.toSorted((a, b) => b.height - a.height)) {
        const known = this.#forks.state.get(block.hash) !== undefined;
        // A late delivery takes back nothing that counts, and nothing that was never seen.
        if (this.#rollBack(block, 'rolled back') || !known) isNews = true;
        if (!known) this.#append(block, factsOf(block));
      }
      for (const block of apply.toSorted((a, b) => a.height - b.height)) {
        this.#apply(block, isNews, isNew);
        this.#append(block, factsOf(block));
      }
    });
  }

  /**
   * A payload that could not be read takes these back: whether they count is not known until it can be, nor what is above
   * them, as after any rollback.
   */
  doubt(hashes: Iterable<string>): Decision {
    return this.#decide(() => {
      const doubted = new Map<string, BlockEntry>();
      for (const hash of hashes) {
        const entry = doubted.has(hash) ? undefined : this.#forks.state.get(hash);
        if (entry === undefined) continue;
        for (const linked of this.#forks.state.descendants(entry))
          if (linked.canonical) doubted.set(linked.hash, linked);
        // Whether it counts or not: nothing else will say that it was taken back.
        this.#forks.endWait(entry, TAKEN_BACK_UNREAD);
      }
      for (const entry of doubted.values())
        if (entry.reason !== TAKEN_BACK_UNREAD) this.#forks.put(entry, true, TAKEN_BACK_UNREAD, true);
      const from = [...doubted.values()].reduce((lowest, { height }) => Math.min(lowest, height), Infinity);
      if (doubted.size > 0) this.#forks.doubtAbove(from, [], wentBelow(from, TAKEN_BACK_UNREAD));
      if (this.isRescanning) this.#rescan?.takeBack([...doubted.values()]);
    });
  }

  /**
   * Takes in what was delivered long ago and understood only now. Later deliveries have decided meanwhile, so it moves
   * no known block but those that wait for its word (`doubt`) and, if there are any, what it brings in their place. A
   * block never seen counts only where it contradicts none that does.
   */
  deliverLate<Block extends BlockHeader>(
    { rollback, apply }: { readonly rollback: readonly Block[]; readonly apply: readonly Block[] },
    factsOf: (block: Block) => readonly Fact[],
  ): Decision {
    return this.#decide(() => {
      let isAwaited = false;
      for (const block of rollback.toSorted((a, b) => b.height - a.height)) {
        const known = this.#forks.state.get(block.hash);
        if (known === undefined) this.#forks.put(block, false, 'rolled back');
        // What is above was put in doubt when it came.
        else if (known.canonical && awaitsWord(known.reason)) {
          this.#takeBack(known, 'rolled back');
          isAwaited = true;
        }
        this.#append(block, factsOf(block));
      }
      for (const block of apply.toSorted((a, b) => a.height - b.height)) {
        const known = this.#forks.state.get(block.hash);
        if (known === undefined) {
          const [standing] = this.#forks.beside(block);
          if (standing !== undefined) this.#forks.put(block, false, `${UNDERSTOOD_LATE}, ${cameBeside(standing)}`);
          else if (!isAwaited && this.#forks.state.get(block.parent)?.canonical === false)
            this.#forks.put(block, false, `${UNDERSTOOD_LATE}, on a block that does not count`);
          else this.#forks.join(block, false, UNDERSTOOD_LATE);
        } else if (isAwaited && !known.canonical) {
          if (this.#forks.beside(known).length === 0) this.#forks.joinAgain(known, false);
          else this.#forks.wait(known);
        }
        this.#append(block, factsOf(block));
      }
    });
  }

  /** An admin's word that a block which counts is on the winning fork, and so what it stands on. */
  confirm(hash: string): Decision {
    return this.#decide(() => {
      let block = this.#forks.state.get(hash);
      while (block?.canonical === true) {
        this.#forks.settle(block, 'confirmed by an admin');
        block = this.#forks.state.parentOf(block);
      }
    });
  }

  /** An admin's word that a known block is not on the winning fork, nor what descends from it. */
  retract(hash: string): Decision {
    return this.#decide(() => {
      const block = this.#forks.state.get(hash);
      if (block !== undefined) this.#rollBack(block, 'retracted by an admin');
    });
  }

  /**
   * From here on blocks from `from` up to the present tip are expected again, until a block above it is applied.
   * @param isOver asked then whether the node has come past that tip with everything; if not, a later block asks again.
   */
  beginRescan(from: number, isOver: (to: number) => boolean = () => true): void {
    const tip = this.tip();
    this.#rescan = tip === undefined || tip.height < from ? undefined : new Rescan(from, tip.height, isOver);
  }

  /** Ends a rescan that is over without waiting for a block above it. */
  endRescan(): Decision {
    return this.#decide(() => {
      if (this.#rescan?.isOver === true) this.#endRescan(this.#rescan);
    });
  }

  /** Of one that another process has gone on from nothing is known any more: what it delivered was told to that one. */
  forgetRescan(): void {
    this.#rescan = undefined;
  }

  /** Whether a rescan has begun that is not ended. */
  get isRescanning(): boolean {
    return this.#rescan?.ended === false;
  }

  /** Takes a decision back. Decisions are undone in the reverse order of their making. */
  undo({ journal, undoRescan }: Decision): void {
    this.#forks.state.undo(journal);
    undoRescan?.();
  }

  /** Takes over what is durable as it is, without deciding anything. @returns what that changed. */
  adopt(entries: readonly LogEntry[]): Moves {
    const journal = this.#forks.begin();
    for (const entry of entries) if (entry.kind === 'block') this.#forks.state.put(entry);
    return this.#forks.movesSince(journal);
  }

  #decide(rules: () => void): Decision {
    const undoRescan = this.#rescan?.mark();
    const journal = this.#forks.begin();
    this.#facts = [];
    try {
      rules();
      // The blocks last: should all of it be too much for one commit, facts alone count nothing.
      const entries = [...this.#facts, ...this.#forks.end()];
      return { entries, moves: this.#forks.movesSince(journal), journal, undoRescan };
    } catch (error) {
      this.#forks.state.undo(journal);
      undoRescan?.();
      throw error;
    }
  }

  #rollBack(block: BlockHeader, reason: string): boolean {
    const retracted = this.#forks.rollBack(block, reason);
    this.#expectNoMore(block);
    return retracted;
  }

  #takeBack(block: BlockHeader, reason: string): void {
    this.#forks.takeBack(block, reason);
    this.#expectNoMore(block);
  }

  #expectNoMore(block: BlockHeader): void {
    if (this.isRescanning) this.#rescan?.takeBack(this.#forks.descendants(block));
  }

  /**
   * @param isNews whether its delivery took back what we did not know to be gone: then it may move others
   * @param isNew whether its delivery told of a block never seen: then it is no copy of one that came before
   */
  #apply(block: BlockHeader, isNews: boolean, isNew: boolean): void {
    const known = this.#forks.state.get(block.hash);
    const proves = isNew || this.#rescan?.expects(block) === true;
    if (known === undefined) this.#forks.join(block);
    else if (known.canonical) {
      if (proves) this.#proveAgain(known);
    }
    // Where it would move another, a known orphan is a late duplicate, until a later block names it as parent, or the
    // other goes.
    else if (this.#forks.state.canonicalAt(known.height) === undefined && (isNews || !this.#standsAgainst(known)))
      this.#forks.joinAgain(known, proves);
    else this.#forks.wait(known);
    if (this.#rescan?.note(block) === true) this.#endRescan(this.#rescan);
  }

  /** A second delivery moves no other block. It proves this one and its parents, unless what we have below is not its parent. */
  #proveAgain(block: BlockEntry): void {
    const below = this.#forks.state.canonicalAt(block.height - 1);
    if (below !== undefined && below.hash !== block.parent) return;
    this.#forks.settle(block, 'delivered again');
    this.#forks.proveParents(block);
  }

  /** Whether anything counts that could not beside it; while a node begins anew, only of what it told: of the rest it may have another. */
  #standsAgainst(orphan: BlockEntry): boolean {
    const rescan = this.#rescan?.expects(orphan) === true ? this.#rescan : undefined;
    return this.#forks.beside(orphan).some((entry) => rescan?.vouchesFor(entry) !== false);
  }

  #endRescan(rescan: Rescan): void {
    const delivered = rescan.end().flatMap((hash) => this.#forks.state.get(hash) ?? []);
    for (const { hash, height } of delivered.sort((a, b) => a.height - b.height)) {
      if (height < rescan.from) continue;
      const entry = this.#forks.state.get(hash);
      if (entry?.canonical === false) this.#return(entry, rescan);
    }
    const reason = `not delivered again when the node began anew at ${rescan.from}`;
    const leftOut = this.#forks.state.canonicalAbove(rescan.from - 1).filter((entry) => rescan.leftOut(entry));
    for (const entry of leftOut) this.#forks.doubt(entry, reason);
  }

  /** An orphan that was delivered counts, unless what stands against it was delivered too. That puts nothing in doubt. */
  #return(orphan: BlockEntry, rescan: Rescan): void {
    if (this.#forks.beside(orphan).some((entry) => rescan.vouchesFor(entry))) return;
    const joining = this.#forks.withOrphanedParents(orphan);
    this.#forks.replace(joining, `delivered again when the node began anew at ${rescan.from}`);
  }

  /** At the height that the block is known at, whatever a later delivery says: its facts are looked for by height and hash. */
  #append({ hash }: BlockHeader, facts: readonly Fact[]): void {
    const known = this.#forks.state.get(hash);
    for (const fact of facts)
      this.#facts.push({ kind: 'fact', fact: known === undefined ? fact : atHeight(fact, known.height) });
  }
}
