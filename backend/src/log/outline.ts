import type { BlockEntry, Commit, LogEntry } from './log.js';
import { nameOf } from './position.js';

/**
 * What a commit says of blocks, and no more: all that whoever keeps account of blocks needs of a log of millions of facts.
 * It can be had of a stored commit without making its facts (`skimCommit`).
 */
export interface CommitOutline {
  readonly seq: number;
  /** How many entries it has. */
  readonly count: number;
  readonly blocks: readonly BlockEntry[];
  /** Hashes of the blocks of which it holds facts, as they come. */
  readonly factBlocks: ReadonlySet<string>;
  /** Name of its last entry; empty if it has none. */
  readonly lastEntry: string;
}

/** What an entry says of a block: the block, the hash of the block of a fact, nothing. */
export type BlockWord = BlockEntry | string | undefined;

export function outlineOf({ seq, entries }: Pick<Commit, 'seq' | 'entries'>): CommitOutline {
  return outlined(seq, entries.map(wordOf), entries.at(-1));
}

/** @param last of the entries that `words` are of */
export function outlined(seq: number, words: readonly BlockWord[], last: LogEntry | undefined): CommitOutline {
  const blocks: BlockEntry[] = [];
  const factBlocks = new Set<string>();
  for (const word of words) {
    if (typeof word === 'string') factBlocks.add(word);
    else if (word !== undefined) blocks.push(word);
  }
  return { seq, count: words.length, blocks, factBlocks, lastEntry: last === undefined ? '' : nameOf(last) };
}

export function wordOf(entry: LogEntry): BlockWord {
  switch (entry.kind) {
    case 'block':
      return entry;
    case 'fact':
      return entry.fact.chain?.blockHash;
    case 'term':
      return undefined;
  }
}
