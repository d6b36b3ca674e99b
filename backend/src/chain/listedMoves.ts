import { MAX_LISTED_BLOCKS, type MovedBlocks } from '../contract/index.js';
import type { Moves } from './blocks.js';

/**
 * What moved, as it is told: counted whole, listed to a bound. A word on a low block moves all that is built on it, tens of
 * thousands; a message with all of them is longer than what may wait for one viewer.
 */
export function listedMoves({ rolledBack, applied }: Moves): MovedBlocks {
  return {
    rolledBack: rolledBack.slice(0, MAX_LISTED_BLOCKS),
    applied: applied.slice(-MAX_LISTED_BLOCKS).reverse(),
    counts: { rolledBack: rolledBack.length, applied: applied.length },
  };
}
