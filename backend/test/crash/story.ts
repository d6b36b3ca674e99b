import fc from 'fast-check';
import { movesBetween, pieceOf, piecesOf, treesOf, type Delivery } from '../generators/chains.js';
import type { BlockDescription } from '../support/payloads.js';

/**
 * What an honest node has to tell while the service dies again and again: a tree of blocks, told in the order in which it
 * grew, so with reorgs. A step is what may be told at once and in any order: the pieces of a few new blocks; or one move to
 * another fork, of which each of two predicates tells its part.
 */
export interface Step {
  /** What the step is, for the reference. */
  readonly move: Delivery;
  /** How it is told. */
  readonly deliveries: readonly Delivery[];
}

/** Blocks of which pieces are told at once, at most. */
const BLOCKS_AT_ONCE = 4;
/** Of a node, each of which tells of a reorg. */
const PREDICATES = 2;
/** All of it happened within this time before now, so that its snapshots are of few periods. */
const SPAN_SEC = 4 * 86_400;

/** Some `blocks` blocks that end at `nowMs`. The same seed tells the same story, at another time. */
export function storyOf(seed: number, blocks: number, nowMs: number, spanSec = SPAN_SEC): Step[] {
  const stories = treesOf({ min: blocks, max: blocks }).chain((tree) => {
    const recent = endingAt(tree.blocks, Math.floor(nowMs / 1000), spanSec);
    return fc.tuple(...stepsOf(movesBetween({ blocks: recent }, recent)).map(told));
  });
  const [story] = fc.sample(stories, { seed, numRuns: 1 });
  return story ?? [];
}

/** The moves, with those that follow each other without a rollback made one. */
function stepsOf(moves: readonly Delivery[]): Delivery[] {
  const steps: Delivery[] = [];
  for (const move of moves) {
    const last = steps.at(-1);
    const grows = last !== undefined && [...last.rollback, ...move.rollback].length === 0;
    if (grows && last.apply.length < BLOCKS_AT_ONCE)
      steps.splice(-1, 1, { rollback: [], apply: [...last.apply, ...move.apply] });
    else steps.push(move);
  }
  return steps;
}

function told(move: Delivery): fc.Arbitrary<Step> {
  if (move.rollback.length > 0) {
    const ofPredicate = (piece: number): Delivery => ({
      rollback: move.rollback,
      apply: move.apply.map((block) => pieceOf(block, piece, PREDICATES)),
    });
    return fc.constant({ move, deliveries: Array.from({ length: PREDICATES }, (_, piece) => ofPredicate(piece)) });
  }
  return piecesOf(move.apply)
    .chain((pieces) => fc.shuffledSubarray(pieces, { minLength: pieces.length }))
    .map((deliveries) => ({ move, deliveries }));
}

/** The same blocks at other times: the order stays, the last is at `endSec`. */
function endingAt(blocks: readonly BlockDescription[], endSec: number, spanSec: number): BlockDescription[] {
  const times = blocks.map(({ timestamp }) => timestamp);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const scale = Math.min(1, spanSec / Math.max(1, last - first));
  return blocks.map((block) => ({ ...block, timestamp: endSec - Math.round((last - block.timestamp) * scale) }));
}
