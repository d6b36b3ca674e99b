import type { BlockEntry } from '../log/log.js';
import type { BlockIndex, Moves } from './blocks.js';
import type { BlockHeader } from './canonical.js';
import { ChainState, type Journal } from './chainState.js';
import {
  ancestorOf,
  cameBeside,
  isAncestor,
  isHanging,
  notParentOf,
  parentIsNot,
  replacedBy,
  short,
  standsInItsPlace,
  TAKEN_BACK_UNREAD,
  wentBelow,
} from './reasons.js';

/**
 * What a block takes with it when it begins or ceases to count, by parent links and heights: the moves out of which
 * `canonical.ts` makes its decisions.
 */
export class Forks {
  readonly #state: ChainState;
  /** What held before of each block that changes in this decision. */
  #journal: Journal = new Map();
  /** What ceased to count in this decision. */
  #gone: BlockEntry[] = [];
  /** Hashes of what was taken back in it, with what descends from it. */
  readonly #takenBack = new Set<string>();
  /** Hash of an orphan → of what was found to stand against it in this decision. */
  readonly #stands = new Map<string, string>();

  constructor(blocks: BlockIndex) {
    this.#state = new ChainState(blocks);
  }

  get state(): ChainState {
    return this.#state;
  }

  /** Begins a decision. */
  begin(): Journal {
    this.#gone = [];
    this.#takenBack.clear();
    this.#stands.clear();
    this.#journal = this.#state.track();
    return this.#journal;
  }

  /**
   * Ends a decision. @returns what it changed of each block: copies that contradict each other come for ever, and change
   * nothing. First what does not count: should not all of it be written, no two blocks of one height count.
   */
  end(): readonly BlockEntry[] {
    this.#bringBack();
    const changed = Array.from(this.#journal, ([hash, before]) => ({ before, now: this.#state.get(hash) })).flatMap(
      ({ before, now }) => (now === undefined || isSame(before, now) ? [] : [now]),
    );
    return [...changed.filter(({ canonical }) => !canonical), ...changed.filter(({ canonical }) => canonical)];
  }

  movesSince(journal: Journal): Moves {
    return this.#state.blocks.movesSince(journal);
  }

  put({ hash, height, parent, atMs }: BlockHeader, canonical: boolean, reason: string, unproven = false): void {
    const doubt = unproven ? { unproven } : {};
    const entry: BlockEntry = { kind: 'block', hash, height, parent, atMs, canonical, ...doubt, reason };
    this.#state.put(entry);
    if (canonical) this.#takenBack.delete(hash);
  }

  doubt(entry: BlockEntry, reason: string): void {
    if (entry.unproven !== true) this.put(entry, true, reason, true);
  }

  /** What counts above `height` is in doubt, but for `linked`. */
  doubtAbove(height: number, linked: readonly BlockEntry[], reason: string): void {
    const proven = new Set(linked.map(({ hash }) => hash));
    for (const entry of this.#state.canonicalAbove(height)) if (!proven.has(entry.hash)) this.doubt(entry, reason);
  }

  /** Something else than its children says that it counts. */
  settle(entry: BlockEntry, reason: string): void {
    if (entry.unproven === true || isAncestor(entry.reason)) this.put(entry, true, reason);
  }

  /** The parents in doubt, up to the first that is not, or that waits for a word of its own. */
  proveParents(block: BlockHeader): void {
    let parent = this.#state.parentOf(block);
    while (parent?.unproven === true && parent.reason !== TAKEN_BACK_UNREAD) {
      this.put(parent, true, ancestorOf(block));
      parent = this.#state.parentOf(parent);
    }
  }

  /** Known or not, the block does not count, and neither does what descends from it. @returns whether any of it did. */
  rollBack(block: BlockHeader, reason: string): boolean {
    if (this.#state.get(block.hash) === undefined) this.put(block, false, reason);
    const retracted = this.takeBack(block, reason);
    if (!retracted) return false;
    // What counts right above stood on another block before, and has lost nothing.
    const above = this.#state.canonicalAt(block.height + 1);
    const elsewhere = above === undefined ? [] : this.#state.descendants(above);
    this.doubtAbove(block.height, elsewhere, wentBelow(block.height, reason));
    return true;
  }

  /** The same, but for what is above it. */
  takeBack(block: BlockHeader, reason: string): boolean {
    const retracted = this.#retractFrom(block, reason);
    this.endWait(block, reason);
    this.#takenBack.add(block.hash);
    if (retracted) this.#doubtWhatItBrought(block);
    return retracted;
  }

  /** What does not count because another does is not to come back when that one goes, nor what descends from it. */
  endWait(block: BlockHeader, reason: string): void {
    for (const entry of this.descendants(block))
      if (!entry.canonical && standsInItsPlace(entry.reason) !== undefined)
        this.put(entry, false, this.#asFrom(block, entry, reason));
  }

  /** But for what descends from blocks that were taken back in this decision: with that it is done. */
  descendants(block: BlockHeader): BlockEntry[] {
    return this.#state.descendants(block, this.#takenBack);
  }

  /** The block begins to count, with its known parents; what stands in their place or beside them ceases to. */
  join(block: BlockHeader, proves = true, why = 'applied'): void {
    const joining = this.withOrphanedParents(block);
    const lowest = joining[0] ?? block;
    const displaced = this.replace(joining, why);
    if (displaced.length > 0) {
      const from = displaced.reduce((least, height) => Math.min(least, height));
      const how = 'replaced, and nothing known leads from here to what came';
      this.doubtAbove(from, this.#state.descendants(lowest), wentBelow(from, how));
    } else {
      const above = this.#state.canonicalAt(block.height + 1);
      if (above !== undefined && above.parent !== block.hash) this.doubt(above, parentIsNot(block));
    }
    if (proves) this.#prove(lowest);
  }

  /** The same of a known orphan; if that proves nothing, all that came with it is in doubt. */
  joinAgain(orphan: BlockEntry, proves: boolean, doubt = 'came again after it was taken back, maybe late'): void {
    const joining = this.withOrphanedParents(orphan);
    this.join(orphan, proves);
    if (proves) return;
    for (const entry of joining.flatMap(({ hash }) => this.#state.get(hash) ?? []))
      this.doubt(entry, `${short(orphan.hash)} ${doubt}`);
  }

  /** The blocks, each the parent of the next, begin to count. @returns heights of what stood against them. */
  replace(joining: readonly BlockHeader[], reason: string): number[] {
    const displaced: number[] = [];
    for (const [entry, why] of this.#against(joining)) {
      if (!this.#retractFrom(entry, why)) continue;
      this.#doubtWhatItBrought(entry);
      displaced.push(entry.height);
    }
    const top = joining.at(-1);
    for (const block of joining) this.put(block, true, top === undefined || block === top ? reason : ancestorOf(top));
    return displaced;
  }

  /** From the lowest to the block itself: its known parents that do not count yet, and it. */
  withOrphanedParents(block: BlockHeader): BlockHeader[] {
    const joining = [block];
    let parent = this.#state.parentOf(block);
    while (parent !== undefined && !parent.canonical) {
      joining.push(parent);
      parent = this.#state.parentOf(parent);
    }
    return joining.reverse();
  }

  /** What counts and could not count beside the block and its orphaned parents, right above included. */
  beside(block: BlockHeader): BlockEntry[] {
    const against = Array.from(this.#against(this.withOrphanedParents(block)), ([entry]) => entry);
    const above = this.#state.canonicalAt(block.height + 1);
    return above === undefined || above.parent === block.hash ? against : [...against, above];
  }

  /** A known orphan came that may not count now: it does when what stands against it goes. */
  wait(orphan: BlockEntry): void {
    const standing = this.#standingAgainst(orphan);
    if (standing !== undefined) this.#waitFor(orphan, cameBeside(standing));
  }

  /** The lowest. What stands against an orphaned parent does so against its child: a long fork is not walked for each. */
  #standingAgainst(orphan: BlockEntry): BlockEntry | undefined {
    const parent = this.#state.parentOf(orphan);
    const known = this.#state.get(this.#stands.get(parent?.hash ?? '') ?? '');
    const standing = parent?.canonical === false && known?.canonical === true ? known : this.beside(orphan)[0];
    if (standing !== undefined) this.#stands.set(orphan.hash, standing.hash);
    return standing;
  }

  #waitFor(orphan: BlockEntry, reason: string): void {
    if (orphan.reason !== reason) this.put(orphan, false, reason);
  }

  /** What counts at their heights, or right below without being the parent, and so cannot count beside them. */
  *#against(joining: readonly BlockHeader[]): Generator<[BlockEntry, string]> {
    for (const [index, block] of joining.entries()) {
      const below = index === 0 ? this.#state.canonicalAt(block.height - 1) : undefined;
      if (below !== undefined && below.hash !== block.parent) yield [below, notParentOf(block)];
      const held = this.#state.canonicalAt(block.height);
      if (held !== undefined) yield [held, replacedBy(block)];
    }
  }

  /**
   * A block that newly counts proves its parents, and what descends from it no longer hangs in the air. Doubts of another
   * kind, as of what a payload takes back that could not be read, it does not answer.
   */
  #prove(block: BlockHeader): void {
    if (this.#state.unprovenCount === 0) return;
    this.proveParents(block);
    for (const linked of this.#state.descendants(block))
      if (linked.unproven === true && isHanging(linked.reason))
        this.put(linked, true, `descends from ${short(block.hash)}`);
  }

  /** @returns whether any block that counted was retracted. */
  #retractFrom(block: BlockHeader, reason: string): boolean {
    const retracted = this.descendants(block).filter(({ canonical }) => canonical);
    for (const entry of retracted) {
      this.put(entry, false, this.#asFrom(block, entry, reason));
      this.#gone.push(entry);
    }
    return retracted.length > 0;
  }

  #asFrom(block: BlockHeader, entry: BlockEntry, reason: string): string {
    return entry.hash === block.hash ? reason : `descends from ${short(block.hash)}, ${reason}`;
  }

  /** The parents that count on its word: a delivery that takes back the one may have been filtered of the others. */
  #doubtWhatItBrought(block: BlockHeader): void {
    let parent = this.#state.parentOf(block);
    while (parent?.canonical === true && isAncestor(parent.reason)) {
      this.doubt(parent, `${short(block.hash)}, which named it as parent, is gone`);
      parent = this.#state.parentOf(parent);
    }
  }

  /**
   * What did not count because of what is gone counts again, lowest first, unless another stands against it: then it waits
   * for that one to go. Nothing has proven it meanwhile.
   */
  #bringBack(): void {
    const freed = this.#gone
      .filter(({ hash }) => this.#state.get(hash)?.canonical === false)
      .flatMap(({ hash }) => this.#state.displacedBy(short(hash)));
    for (const { hash } of freed.sort((a, b) => a.height - b.height || (a.hash < b.hash ? -1 : 1))) {
      const orphan = this.#state.get(hash);
      if (orphan === undefined || orphan.canonical) continue;
      const standing = this.#standingAgainst(orphan);
      if (standing === undefined) this.joinAgain(orphan, false, 'counts again, as what stood in its place is gone');
      else this.#waitFor(orphan, replacedBy(standing));
    }
  }
}

const isSame = (before: BlockEntry | undefined, now: BlockEntry): boolean =>
  before?.canonical === now.canonical &&
  before.unproven === now.unproven &&
  before.reason === now.reason &&
  before.height === now.height &&
  before.parent === now.parent &&
  before.atMs === now.atMs;
