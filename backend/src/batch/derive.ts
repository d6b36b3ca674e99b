import type { BlockIndex } from '../chain/blocks.js';
import { listedMoves } from '../chain/listedMoves.js';
import type { BlockReference, MovedBlocks } from '../contract/index.js';
import type { Change, Fact } from '../events/fact.js';
import type { BlockEntry, Commit, EventLog } from '../log/log.js';

/**
 * From the log to what the analyzers fold. A commit is one step: for each block that it touches, what counted before is
 * compared with what counts after, so the order of entries inside a commit cannot matter and a reorg is never seen half.
 */
export interface Derived {
  readonly changes: Change[];
  /** Present when a block that counted does so no longer. */
  readonly reorg?: MovedBlocks & {
    /** Badge mints that left and came with those blocks. */
    readonly withdrawn: number;
    readonly issuedAgain: number;
  };
}

interface Touched {
  readonly before: boolean;
  after: boolean;
  height: number;
  readonly facts: Fact[];
}

/** What `commit` changes in the canonical set, given `blocks` as of the commit before; `blocks` then includes it. */
export async function derive(commit: Commit, blocks: BlockIndex, log: EventLog): Promise<Derived> {
  const changes: Change[] = [];
  const touched = new Map<string, Touched>();
  const touch = (hash: string): Touched => {
    let block = touched.get(hash);
    if (block === undefined) {
      const known = blocks.get(hash);
      block = {
        before: known?.canonical ?? false,
        after: known?.canonical ?? false,
        height: known?.height ?? 0,
        facts: [],
      };
      touched.set(hash, block);
    }
    return block;
  };
  for (const entry of commit.entries) {
    if (entry.kind === 'block') noteBlock(touch(entry.hash), entry);
    else if (entry.kind === 'fact') {
      if (entry.fact.chain === undefined) changes.push({ fact: entry.fact, weight: 1 });
      else touch(entry.fact.chain.blockHash).facts.push(entry.fact);
    }
  }

  const rolledBack: BlockReference[] = [];
  const applied: BlockReference[] = [];
  let withdrawn = 0;
  let issuedAgain = 0;
  const moving = [...touched].filter(([, { before, after }]) => before !== after).map(([hash]) => hash);
  const factsBefore = await blocks.facts(log, moving);
  for (const [hash, { before, after, height, facts }] of touched) {
    if (before !== after) (after ? applied : rolledBack).push({ height, hash });
    const known = factsBefore.get(hash) ?? [];
    const weight = after ? 1 : -1;
    const moved = after ? [...known, ...facts] : before ? known : [];
    for (const fact of moved) {
      changes.push({ fact, weight });
      if (before !== after && fact.type === 'badge_issued') {
        if (after) issuedAgain += 1;
        else withdrawn += 1;
      }
    }
  }
  blocks.record(commit);
  rolledBack.sort((a, b) => b.height - a.height);
  applied.sort((a, b) => b.height - a.height);
  if (rolledBack.length === 0) return { changes };
  return { changes, reorg: { ...listedMoves({ rolledBack, applied }), withdrawn, issuedAgain } };
}

function noteBlock(block: Touched, entry: BlockEntry): void {
  block.after = entry.canonical;
  block.height = entry.height;
}
