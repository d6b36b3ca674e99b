import type { BlockEntry } from '../log/log.js';
import type { BlockIndex } from './blocks.js';
import { standsInItsPlace } from './reasons.js';

/**
 * The blocks of a `BlockIndex` by height and by parent: the questions that the rules of `canonical.ts` ask, each
 * answered without looking through the whole chain. At most one block a height counts. Every change is journalled, so
 * that what did not become durable can be taken back exactly.
 */
export type Journal = Map<string, BlockEntry | undefined>;

/** Heights without a block of ours that are stepped over one by one when the tip goes, before all are looked through. */
const MAX_STEPS = 1_000;

const NONE: ReadonlySet<string> = new Set();

export class ChainState {
  /** Hash of the block that counts, by height. */
  readonly #canonical = new Map<number, string>();
  /** A set only where there are several: nearly every block has one, and a set takes 200 bytes. */
  readonly #children = new Map<string, string | Set<string>>();
  readonly #unproven = new Set<string>();
  /** Hashes of orphans by what counts in their place, as their reasons tell. */
  readonly #displaced = new Map<string, Set<string>>();
  /** Height of the highest block that counts; −1 if none does. */
  #top = -1;
  #journal: Journal = new Map();

  constructor(readonly blocks: BlockIndex) {
    for (const entry of blocks.all()) this.#add(entry);
  }

  /** Begins a new journal: from here on, what held before of each block that changes. */
  track(): Journal {
    this.#journal = new Map();
    return this.#journal;
  }

  put(entry: BlockEntry): void {
    const before = this.blocks.get(entry.hash);
    if (!this.#journal.has(entry.hash)) this.#journal.set(entry.hash, before);
    if (before !== undefined) this.#remove(before);
    this.blocks.put(entry);
    this.#add(entry);
  }

  /** Makes everything be as when `journal` began. Journals are undone in the reverse order of their making. */
  undo(journal: Journal): void {
    for (const [hash, before] of journal) {
      const now = this.blocks.get(hash);
      if (now !== undefined) this.#remove(now);
      this.blocks.restore(hash, before);
    }
    // Only then, since blocks may have changed places at one height.
    for (const before of journal.values()) if (before !== undefined) this.#add(before);
  }

  get(hash: string): BlockEntry | undefined {
    return this.blocks.get(hash);
  }

  /** The block that counts at this height. */
  canonicalAt(height: number): BlockEntry | undefined {
    const hash = this.#canonical.get(height);
    return hash === undefined ? undefined : this.get(hash);
  }

  tip(): BlockEntry | undefined {
    return this.canonicalAt(this.#top);
  }

  parentOf({ parent, height }: Pick<BlockEntry, 'parent' | 'height'>): BlockEntry | undefined {
    const entry = this.get(parent);
    // A parent anywhere but right below is no link: followed, it could lead in a circle.
    return entry?.height === height - 1 ? entry : undefined;
  }

  /**
   * The block and what is known to descend from it, by parent links, lowest first.
   * @param except hashes of blocks that are left out, with what descends from them
   */
  descendants(block: Pick<BlockEntry, 'hash' | 'height'>, except: ReadonlySet<string> = NONE): BlockEntry[] {
    const own = this.get(block.hash);
    const found = own === undefined ? [] : [own];
    for (let level = [block]; level.length > 0;) {
      const above: BlockEntry[] = [];
      for (const { hash, height } of level)
        for (const child of this.#childrenOf(hash)) {
          const entry = this.get(child);
          if (entry?.height === height + 1 && !except.has(child)) above.push(entry);
        }
      // One by one: a level may hold more blocks than a call takes arguments.
      for (const entry of above) found.push(entry);
      level = above;
    }
    return found;
  }

  #childrenOf(hash: string): Iterable<string> {
    const children = this.#children.get(hash);
    return typeof children === 'string' ? [children] : (children ?? []);
  }

  /** Blocks that count above `height`, lowest first. */
  canonicalAbove(height: number): BlockEntry[] {
    const heights: number[] = [];
    if (this.#top - height <= this.#canonical.size) {
      for (let above = height + 1; above <= this.#top; above += 1) if (this.#canonical.has(above)) heights.push(above);
    } else {
      for (const candidate of this.#canonical.keys()) if (candidate > height) heights.push(candidate);
      heights.sort((a, b) => a - b);
    }
    return heights.flatMap((candidate) => this.canonicalAt(candidate) ?? []);
  }

  /** What does not count because of a block, of which `short` is what reasons tell, and for no other reason. */
  displacedBy(short: string): BlockEntry[] {
    return Array.from(this.#displaced.get(short) ?? [], (hash) => this.get(hash)).filter(
      (entry) => entry !== undefined,
    );
  }

  get unprovenCount(): number {
    return this.#unproven.size;
  }

  /** Blocks that count though nothing proves them, highest first. */
  unproven(): BlockEntry[] {
    return Array.from(this.#unproven, (hash) => this.get(hash))
      .filter((entry) => entry !== undefined)
      .sort((a, b) => b.height - a.height);
  }

  #add(entry: BlockEntry): void {
    const siblings = this.#children.get(entry.parent);
    if (siblings === undefined) this.#children.set(entry.parent, entry.hash);
    else if (typeof siblings !== 'string') siblings.add(entry.hash);
    else this.#children.set(entry.parent, new Set([siblings, entry.hash]));
    if (!entry.canonical) return this.#addOrphan(entry);
    this.#canonical.set(entry.height, entry.hash);
    this.#top = Math.max(this.#top, entry.height);
    if (entry.unproven === true) this.#unproven.add(entry.hash);
  }

  #remove(entry: BlockEntry): void {
    const siblings = this.#children.get(entry.parent);
    if (typeof siblings === 'object') siblings.delete(entry.hash);
    if (siblings === entry.hash || (typeof siblings === 'object' && siblings.size === 0))
      this.#children.delete(entry.parent);
    if (!entry.canonical) return this.#removeOrphan(entry);
    this.#unproven.delete(entry.hash);
    if (this.#canonical.get(entry.height) === entry.hash) this.#canonical.delete(entry.height);
    if (entry.height === this.#top) this.#lowerTop();
  }

  #addOrphan({ hash, reason }: BlockEntry): void {
    const other = standsInItsPlace(reason);
    if (other === undefined) return;
    const displaced = this.#displaced.get(other);
    if (displaced === undefined) this.#displaced.set(other, new Set([hash]));
    else displaced.add(hash);
  }

  #removeOrphan({ hash, reason }: BlockEntry): void {
    const other = standsInItsPlace(reason);
    const displaced = other === undefined ? undefined : this.#displaced.get(other);
    displaced?.delete(hash);
    if (other !== undefined && displaced?.size === 0) this.#displaced.delete(other);
  }

  #lowerTop(): void {
    const start = this.#top;
    while (this.#top >= 0 && this.#top > start - MAX_STEPS && !this.#canonical.has(this.#top)) this.#top -= 1;
    if (this.#top < 0 || this.#canonical.has(this.#top)) return;
    this.#top = -1;
    for (const height of this.#canonical.keys()) this.#top = Math.max(this.#top, height);
  }
}
