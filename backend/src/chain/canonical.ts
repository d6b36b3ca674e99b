import type { Fact } from '../events/fact.js';
import type { BlockEntry, FactEntry, LogEntry } from '../log/log.js';
import type { BlockIndex, Moves } from './blocks.js';
import { ChainState, type Journal } from './chainState.js';
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
 *    When it is taken back, they are in doubt: nothing else says that they are on the winning fork again.
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
  readonly #state: ChainState;
  /** Of the decision that is being made. */
  #blocks: BlockEntry[] = [];
  #facts: FactEntry[] = [];
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
      const isNew = [...rollback, ...apply].some(({ hash }) => this.#state.get(hash) === undefined);
      let isNews = false;
      for (const block of rollback.toSorted((a, b) => b.height - a.height)) {
        const known = this.#state.get(block.hash) !== undefined;
        // A late delivery takes back nothing that counts, and nothing that was never seen.
        if (this.#rollBack(block, 'rolled back') || !known) isNews = true;
        if (!known) this.#append(factsOf(block));
      }
      for (const block of apply.toSorted((a, b) => a.height - b.height)) {
        this.#apply(block, isNews, isNew);
        this.#append(factsOf(block));
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
        const entry = doubted.has(hash) ? undefined : this.#state.get(hash);
        for (const linked of entry === undefined ? [] : this.#state.descendants(entry))
          if (linked.canonical) doubted.set(linked.hash, linked);
      }
      for (const entry of doubted.values())
        if (entry.reason !== TAKEN_BACK_UNREAD) this.#put(entry, true, TAKEN_BACK_UNREAD, true);
      const from = [...doubted.values()].reduce((lowest, { height }) => Math.min(lowest, height), Infinity);
      if (doubted.size > 0) this.#doubtAbove(from, [], `block ${from} was ${TAKEN_BACK_UNREAD}`);
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
        const known = this.#state.get(block.hash);
        if (known === undefined) this.#put(block, false, 'rolled back');
        // What is above was put in doubt when it came.
        else if (known.canonical && AWAITING.has(known.reason)) {
          this.#takeBack(known, 'rolled back');
          isAwaited = true;
        }
        this.#append(factsOf(block));
      }
      for (const block of apply.toSorted((a, b) => a.height - b.height)) {
        const known = this.#state.get(block.hash);
        if (known === undefined) {
          if (this.#contradicts(block, isAwaited))
            this.#put(block, false, 'understood late, when another fork counted');
          else this.#join(block, false, UNDERSTOOD_LATE);
        } else if (isAwaited && !known.canonical && this.#isFree(known)) this.#joinAgain(known, false);
        this.#append(factsOf(block));
      }
    });
  }

  /** An admin's word that a block which counts is on the winning fork, and so what it stands on. */
  confirm(hash: string): Decision {
    return this.#decide(() => {
      let block = this.#state.get(hash);
      while (block?.canonical === true) {
        this.#clear(block, 'confirmed by an admin');
        block = this.#state.parentOf(block);
      }
    });
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
    this.#rescan = tip === undefined || tip.height < from ? undefined : new Rescan(from, tip.height, isOver);
  }

  /** Ends a rescan that is over without waiting for a block above it. */
  endRescan(): Decision {
    return this.#decide(() => {
      if (this.#rescan?.isOver === true) this.#endRescan(this.#rescan);
    });
  }

  /** Whether a rescan has begun that is not ended. */
  get isRescanning(): boolean {
    return this.#rescan?.ended === false;
  }

  /** Takes a decision back. Decisions are undone in the reverse order of their making. */
  undo({ journal, undoRescan }: Decision): void {
    this.#state.undo(journal);
    undoRescan?.();
  }

  /** Takes over what is durable as it is, without deciding anything. @returns what that changed. */
  adopt(entries: readonly LogEntry[]): Moves {
    const journal = this.#state.track();
    for (const entry of entries) if (entry.kind === 'block') this.#state.put(entry);
    return this.#state.blocks.movesSince(journal);
  }

  #decide(rules: () => void): Decision {
    const undoRescan = this.#rescan?.mark();
    const journal = this.#state.track();
    this.#blocks = [];
    this.#facts = [];
    try {
      rules();
    } catch (error) {
      this.#state.undo(journal);
      undoRescan?.();
      throw error;
    }
    // The blocks last: should all of it be too much for one commit, nothing of it counts before the last, which holds them.
    const entries = [...this.#facts, ...this.#blocks];
    return { entries, moves: this.#state.blocks.movesSince(journal), journal, undoRescan };
  }

  /** Known or not, the block does not count, and neither does what descends from it. @returns whether any of it did. */
  #rollBack(block: BlockHeader, reason: string): boolean {
    if (this.#state.get(block.hash) === undefined) this.#put(block, false, reason);
    const retracted = this.#takeBack(block, reason);
    if (retracted) this.#doubtAbove(block.height, [], `block ${block.height} was ${reason}`);
    return retracted;
  }

  #takeBack(block: BlockHeader, reason: string): boolean {
    const retracted = this.#retractFrom(block, reason);
    if (retracted) this.#doubtWhatItBrought(block);
    if (this.#rescan?.ended === false) this.#rescan.takeBack(this.#state.descendants(block));
    return retracted;
  }

  /** The parents that count on its word: a delivery that takes back the one may have been filtered of the others. */
  #doubtWhatItBrought(block: BlockHeader): void {
    let parent = this.#state.parentOf(block);
    while (parent?.canonical === true && parent.reason.startsWith(ANCESTOR)) {
      this.#doubt(parent, `${short(block.hash)}, which named it as parent, was taken back`);
      parent = this.#state.parentOf(parent);
    }
  }

  /**
   * @param isNews whether its delivery took back what we did not know to be gone: then it may move others
   * @param isNew whether its delivery told of a block never seen: then it is no copy of one that came before
   */
  #apply(block: BlockHeader, isNews: boolean, isNew: boolean): void {
    const known = this.#state.get(block.hash);
    const proves = isNew || this.#rescan?.expects(block) === true;
    if (known === undefined) this.#join(block);
    else if (known.canonical) {
      if (proves) this.#proveAgain(known);
    }
    // Where it would move another, a known orphan is a late duplicate, until a later block names it as parent.
    else if (this.#state.canonicalAt(known.height) === undefined && (isNews || !this.#standsAgainst(known)))
      this.#joinAgain(known, proves);
    if (this.#rescan?.note(block) === true) this.#endRescan(this.#rescan);
  }

  #joinAgain(orphan: BlockEntry, proves: boolean): void {
    const joining = this.#withOrphanedParents(orphan);
    this.#join(orphan, proves);
    if (proves) return;
    for (const entry of joining.flatMap(({ hash }) => this.#state.get(hash) ?? []))
      this.#doubt(entry, `${short(orphan.hash)} came again after it was taken back, maybe late`);
  }

  /** A second delivery moves no other block. It proves this one and its parents, unless what we have below is not its parent. */
  #proveAgain(block: BlockEntry): void {
    const below = this.#state.canonicalAt(block.height - 1);
    if (below !== undefined && below.hash !== block.parent) return;
    this.#clear(block, 'delivered again');
    this.#proveParents(block);
  }

  /** The block begins to count, with its known parents; what stands in their place or beside them ceases to. */
  #join(block: BlockHeader, proves = true, why = 'applied'): void {
    const joining = this.#withOrphanedParents(block);
    const lowest = joining[0] ?? block;
    const displaced = this.#replace(joining, why);
    if (displaced.length > 0) {
      const from = displaced.reduce((lowest, height) => Math.min(lowest, height));
      const reason = `block ${from} was replaced, and nothing known leads from here to what came`;
      this.#doubtAbove(from, this.#state.descendants(lowest), reason);
    } else {
      const above = this.#state.canonicalAt(block.height + 1);
      if (above !== undefined && above.parent !== block.hash)
        this.#doubt(above, `its parent is not ${short(block.hash)}`);
    }
    if (proves) this.#prove(lowest);
  }

  /** The blocks, each the parent of the next, begin to count. @returns heights of what stood against them. */
  #replace(joining: readonly BlockHeader[], reason: string): number[] {
    const displaced: number[] = [];
    for (const [entry, why] of this.#against(joining)) {
      if (this.#retractFrom(entry, why)) displaced.push(entry.height);
    }
    const top = joining.at(-1);
    for (const block of joining) {
      this.#put(block, true, top === undefined || block === top ? reason : `${ANCESTOR}${short(top.hash)}`);
    }
    return displaced;
  }

  /** What counts at their heights, or right below without being the parent, and so cannot count beside them. */
  *#against(joining: readonly BlockHeader[]): Generator<[BlockEntry, string]> {
    for (const [index, { height, hash, parent }] of joining.entries()) {
      const below = index === 0 ? this.#state.canonicalAt(height - 1) : undefined;
      if (below !== undefined && below.hash !== parent) yield [below, `not the parent of ${short(hash)}`];
      const held = this.#state.canonicalAt(height);
      if (held !== undefined) yield [held, `replaced by ${short(hash)}`];
    }
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

  /** A block that newly counts proves its parents, and what descends from it no longer hangs in the air. */
  #prove(block: BlockHeader): void {
    if (!this.#state.anyUnproven) return;
    this.#proveParents(block);
    for (const linked of this.#state.descendants(block)) this.#clear(linked, `descends from ${short(block.hash)}`);
  }

  /** Up to the first that is proven. */
  #proveParents(block: BlockHeader): void {
    let parent = this.#state.parentOf(block);
    while (parent?.unproven === true) {
      this.#clear(parent, `${ANCESTOR}${short(block.hash)}`);
      parent = this.#state.parentOf(parent);
    }
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

  /** @param mayBring whether it may bring back its orphaned parents */
  #contradicts(block: BlockHeader, mayBring: boolean): boolean {
    return !this.#isFree(block) || (!mayBring && this.#state.get(block.parent)?.canonical === false);
  }

  /** Whether nothing counts that could not count beside the block and its orphaned parents. */
  #isFree(block: BlockHeader): boolean {
    return this.#beside(this.#withOrphanedParents(block)).length === 0;
  }

  /** Whether anything does; while a node begins anew, only what it told: of the rest it may have another. */
  #standsAgainst(orphan: BlockEntry): boolean {
    const rescan = this.#rescan?.expects(orphan) === true ? this.#rescan : undefined;
    return this.#beside(this.#withOrphanedParents(orphan)).some((entry) => rescan?.vouchesFor(entry) !== false);
  }

  /** What counts and could not count beside them, right above included. */
  #beside(joining: readonly BlockHeader[]): BlockEntry[] {
    const against = Array.from(this.#against(joining), ([entry]) => entry);
    const top = joining.at(-1);
    const above = top && this.#state.canonicalAt(top.height + 1);
    return above === undefined || above.parent === top?.hash ? against : [...against, above];
  }

  #endRescan(rescan: Rescan): void {
    const delivered = rescan.end().flatMap((hash) => this.#state.get(hash) ?? []);
    for (const { hash } of delivered.sort((a, b) => a.height - b.height)) {
      const entry = this.#state.get(hash);
      if (entry?.canonical === false) this.#return(entry, rescan);
    }
    const reason = `not delivered again when the node began anew at ${rescan.from}`;
    const leftOut = this.#state.canonicalAbove(rescan.from - 1).filter((entry) => rescan.leftOut(entry));
    for (const entry of leftOut) this.#doubt(entry, reason);
  }

  /** An orphan that was delivered counts, unless what stands against it was delivered too. That puts nothing in doubt. */
  #return(orphan: BlockEntry, rescan: Rescan): void {
    const joining = this.#withOrphanedParents(orphan);
    if (this.#beside(joining).some((entry) => rescan.vouchesFor(entry))) return;
    this.#replace(joining, `delivered again when the node began anew at ${rescan.from}`);
  }

  #doubt(entry: BlockEntry, reason: string): void {
    if (entry.unproven !== true) this.#put(entry, true, reason, true);
  }

  #clear(entry: BlockEntry | undefined, reason: string): void {
    if (entry?.unproven === true) this.#put(entry, true, reason);
  }

  #put({ hash, height, parent, atMs }: BlockHeader, canonical: boolean, reason: string, unproven = false): void {
    const doubt = unproven ? { unproven } : {};
    const entry: BlockEntry = { kind: 'block', hash, height, parent, atMs, canonical, ...doubt, reason };
    this.#state.put(entry);
    this.#blocks.push(entry);
  }

  #append(facts: readonly Fact[]): void {
    for (const fact of facts) this.#facts.push({ kind: 'fact', fact });
  }
}

/** How blocks are known that count because one above names them as parent. */
const ANCESTOR = 'ancestor of ';
const TAKEN_BACK_UNREAD = 'taken back in a payload that could not be read';
const UNDERSTOOD_LATE = 'understood late';
/** How blocks are known that the late word of a payload may take back: others that came then may not be read yet either. */
const AWAITING: ReadonlySet<string> = new Set([TAKEN_BACK_UNREAD, UNDERSTOOD_LATE]);

/** Enough of a hash to find it by. */
const short = (hash: string): string => (hash.length > 14 ? `${hash.slice(0, 14)}…` : hash);
