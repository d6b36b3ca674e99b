import type { Delivery } from '../../../scripts/chain/payloadV1.js';
import type { Block } from '../../../scripts/chain/simulatedChain.js';
import { CONTRACTS } from '../../../scripts/chain/passport.js';
import type { Play } from './play.js';

/**
 * How the blocks of the play reach the service: at least once and with holes, as DESIGN section 4 says nodes deliver.
 * Some together, some twice, some late and out of order, some in two parts of two predicates, empty ones not at all.
 */
export interface Delivered {
  /** Up to the last of the three blocks that will lose. */
  readonly untilTheReorg: readonly Delivery[];
  readonly theReorg: readonly Delivery[];
  readonly afterwards: readonly Delivery[];
}

const ROUND = 8;

export function deliveriesOf({ past, lost, won, future }: Play): Delivered {
  const [first, second, third] = lost as [Block, Block, Block];
  const reorg = { rollback: [third, second, first], apply: won };
  return {
    untilTheReorg: [...unruly(past), ...[first, second, second, third].map((block) => ({ apply: [block] }))],
    // The reorganisation itself arrives twice, and one of the blocks that lost once more after it.
    theReorg: [reorg, reorg, { apply: [second] }],
    afterwards: unruly(future),
  };
}

function unruly(blocks: readonly Block[]): Delivery[] {
  const delivered = blocks.filter((block) => block.receipts.length > 0);
  const deliveries: Delivery[] = [];
  for (let index = 0; index < delivered.length; index += ROUND) {
    const [a, b, c, d, e, f, g, h] = delivered.slice(index, index + ROUND);
    const order: (readonly (Block | undefined)[])[] = [
      [a, b, c],
      // Twice at once.
      [d],
      [d],
      // Out of order: the tip first, then what it stands on.
      [g],
      [e],
      [f],
      // In two parts, the later contract first.
      [h && partOf(h, false)],
      [h && partOf(h, true)],
      // Again, long after.
      [b],
      [h],
    ];
    for (const group of order) {
      const apply = group.filter((block) => block !== undefined);
      if (apply.length > 0) deliveries.push({ apply });
    }
  }
  return deliveries;
}

/** What a predicate for the badge issuer (or one for all the others) gets of a block. */
function partOf(block: Block, badges: boolean): Block {
  const receipts = block.receipts.filter(
    ({ transaction }) => badges === (transaction.kind === 'call' && transaction.contract === CONTRACTS.badgeIssuer),
  );
  return { ...block, receipts };
}
