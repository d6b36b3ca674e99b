import type { BlockReference, MovedBlocks } from '../contract/index.js';
import type { Fact } from '../events/fact.js';
import type { BlockEntry, Commit, EventLog, LogEntry } from '../log/log.js';
import { outlineOf, type CommitOutline } from '../log/outline.js';
import { listedMoves } from './listedMoves.js';

/**
 * What the log says of blocks up to a position: the last entry of each, and which commits hold its facts. It grows with
 * the number of blocks, never with that of facts, which stay in the log and are read from there.
 */
export interface Reorgs {
  /** Commits of the log in which blocks that counted ceased to. */
  readonly count: number;
  /** Most blocks that ever ceased to count at once. */
  readonly deepest: number;
  readonly last: Reorg | null;
}

/** Its blocks are listed to a bound: it is kept, and told, for as long as no other follows. */
export interface Reorg extends MovedBlocks {
  /** Block time of the highest block that came, or, where none came, of the highest that went. In ms. */
  readonly atMs: number;
}

/** Which blocks ceased to count and which began to, highest first. */
export interface Moves {
  readonly rolledBack: readonly BlockReference[];
  readonly applied: readonly BlockReference[];
}

/** Plain data, for a checkpoint. */
export interface BlockIndexDump {
  readonly seq: number;
  /** Name of the entry there, empty at 0. */
  readonly lastEntry: string;
  readonly blocks: readonly BlockEntry[];
  readonly commits: readonly (readonly [hash: string, commitSeqs: readonly number[]])[];
  readonly reorgs: Reorgs;
}

export class BlockIndex {
  readonly #blocks = new Map<string, BlockEntry>();
  /** Lists are replaced, never changed, as a dump holds them. */
  readonly #commits = new Map<string, readonly number[]>();
  #reorgs: Reorgs = { count: 0, deepest: 0, last: null };
  /** The commit whose moves were noted last: what the figures were before it, and what it has moved so far, in order. */
  #noted: { readonly commitSeq: number; readonly before: Reorgs; moves: Moves[]; isReorg: boolean } | undefined;
  #seq = 0;
  /** Kept, so that a checkpoint asks nothing of a log that is away. */
  #lastEntry = '';

  /** Log position that `record` has reached. */
  get seq(): number {
    return this.#seq;
  }

  get reorgs(): Reorgs {
    return this.#reorgs;
  }

  get(hash: string): BlockEntry | undefined {
    return this.#blocks.get(hash);
  }

  all(): IterableIterator<BlockEntry> {
    return this.#blocks.values();
  }

  /** Takes in the next commit of the log. */
  record(commit: Commit): void {
    this.recordOutline(outlineOf(commit));
  }

  /** As `record`, of a commit of which no more is read than that. */
  recordOutline({ seq, count, blocks, factBlocks, lastEntry }: CommitOutline): void {
    const before = new Map<string, BlockEntry | undefined>();
    for (const entry of blocks) {
      if (!before.has(entry.hash)) before.set(entry.hash, this.#blocks.get(entry.hash));
      this.put(entry);
    }
    for (const hash of factBlocks) this.noteFacts(hash, seq);
    this.noteMoves(this.movesSince(before), seq);
    this.#seq = seq + count - 1;
    if (count > 0) this.#lastEntry = lastEntry;
  }

  /** From here on `entry` is what holds of its block. */
  put(entry: BlockEntry): void {
    this.#blocks.set(entry.hash, entry);
  }

  /** Takes back a `put`: what held before holds again. */
  restore(hash: string, before: BlockEntry | undefined): void {
    if (before === undefined) this.#blocks.delete(hash);
    else this.#blocks.set(hash, before);
  }

  /** The commit that begins at `commitSeq` holds facts of this block. */
  noteFacts(hash: string, commitSeq: number): void {
    const commits = this.#commits.get(hash);
    if (commits === undefined) this.#commits.set(hash, [commitSeq]);
    else if (commits.at(-1) !== commitSeq) this.#commits.set(hash, [...commits, commitSeq]);
  }

  /**
   * The commit that begins at `commitSeq` holds these moves, too. What one commit moves is one reorg, however many decisions
   * share it: who reads the log cannot tell them apart, and comes to the same figures as who wrote it.
   */
  noteMoves(moves: Moves, commitSeq: number): void {
    if (this.#noted?.commitSeq !== commitSeq)
      this.#noted = { commitSeq, before: this.#reorgs, moves: [], isReorg: false };
    const noted = this.#noted;
    noted.moves.push(moves);
    noted.isReorg ||= moves.rolledBack.length > 0;
    // Of most commits nothing ceased to count: what many decisions moved together is of no use then.
    if (!noted.isReorg) return;
    const all = noted.moves.reduce(together);
    noted.moves = [all];
    this.#reorgs = this.#withReorg(noted.before, all);
  }

  #withReorg(before: Reorgs, { rolledBack, applied }: Moves): Reorgs {
    const newest = applied[0] ?? rolledBack[0];
    if (rolledBack.length === 0 || newest === undefined) return before;
    return {
      count: before.count + 1,
      deepest: Math.max(before.deepest, rolledBack.length),
      last: { atMs: this.#blocks.get(newest.hash)?.atMs ?? 0, ...listedMoves({ rolledBack, applied }) },
    };
  }

  /** What changed from `before` (the former entries of the blocks that were touched) to now. */
  movesSince(before: ReadonlyMap<string, BlockEntry | undefined>): Moves {
    const rolledBack: BlockReference[] = [];
    const applied: BlockReference[] = [];
    for (const [hash, former] of before) {
      const now = this.#blocks.get(hash);
      if (now === undefined || now.canonical === (former?.canonical ?? false)) continue;
      (now.canonical ? applied : rolledBack).push({ height: now.height, hash });
    }
    return { rolledBack: rolledBack.sort(highestFirst), applied: applied.sort(highestFirst) };
  }

  /** Where the commits begin that hold facts of this block. */
  commitsWith(hash: string): readonly number[] {
    return this.#commits.get(hash) ?? [];
  }

  /**
   * Every durable fact of these blocks, counted or not, in the order of the log. Blocks that were delivered together lie
   * in one commit, and a reorg moves many of those at once: each commit is read once, however many it holds.
   */
  async facts(log: EventLog, hashes: Iterable<string>): Promise<Map<string, Fact[]>> {
    const facts = new Map(Array.from(hashes, (hash): [string, Fact[]] => [hash, []]));
    const commits = new Set([...facts.keys()].flatMap((hash) => this.commitsWith(hash)));
    for (const commitSeq of [...commits].sort((a, b) => a - b)) {
      for (const entry of await entriesOf(log, commitSeq)) {
        if (entry.kind === 'fact' && entry.fact.chain !== undefined) {
          facts.get(entry.fact.chain.blockHash)?.push(entry.fact);
        }
      }
    }
    return facts;
  }

  /** As of now: what is recorded later does not change it. */
  dump(): BlockIndexDump {
    return {
      seq: this.#seq,
      lastEntry: this.#lastEntry,
      blocks: [...this.#blocks.values()],
      commits: [...this.#commits],
      reorgs: this.#reorgs,
    };
  }

  static load(dump: BlockIndexDump): BlockIndex {
    const index = new BlockIndex();
    for (const entry of dump.blocks) index.put(entry);
    for (const [hash, seqs] of dump.commits) index.#commits.set(hash, seqs);
    index.#reorgs = dump.reorgs;
    index.#seq = dump.seq;
    index.#lastEntry = dump.lastEntry;
    return index;
  }
}

/** The entries of a commit that the index knows of. */
export async function entriesOf(log: EventLog, commitSeq: number): Promise<readonly LogEntry[]> {
  const commit = await log.commitAt(commitSeq);
  if (commit === undefined) throw new Error(`the index knows a commit at ${commitSeq} that is not in the log`);
  return commit.entries;
}

/** What two moves come to, one after the other: a block that went and came back has not moved. */
function together(first: Moves, second: Moves): Moves {
  const without = (blocks: readonly BlockReference[], others: readonly BlockReference[]): BlockReference[] =>
    blocks.filter(({ hash }) => others.every((other) => other.hash !== hash));
  return {
    rolledBack: [...without(first.rolledBack, second.applied), ...without(second.rolledBack, first.applied)].sort(
      highestFirst,
    ),
    applied: [...without(first.applied, second.rolledBack), ...without(second.applied, first.rolledBack)].sort(
      highestFirst,
    ),
  };
}

const highestFirst = (a: BlockReference, b: BlockReference): number => b.height - a.height;
