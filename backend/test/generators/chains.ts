import fc from 'fast-check';
import type { BlockDescription, PrintDescription, TransactionDescription } from '../support/payloads.js';
import { transactions } from './prints.js';

/**
 * Trees of blocks full of prints, and the ways in which a node tells of them: moves from tip to tip with its rollbacks,
 * with some missing, in any split and any number of times; and deliveries that no honest node would send.
 */
export interface Delivery {
  readonly rollback: readonly BlockDescription[];
  readonly apply: readonly BlockDescription[];
}

const stated = (list: readonly TransactionDescription[]): TransactionDescription[] =>
  list.map((transaction, index) => ({ ...transaction, index }));

/** A tree that grows from one block; each further block stands on one of the last few. First to last, parents first. */
export interface Tree {
  readonly blocks: readonly BlockDescription[];
}

const FIRST_HEIGHT = 100;
const hashOf = (index: number): string => `0x${(index + 1).toString(16).padStart(64, '0')}`;

export const treesOf = (
  size: { min: number; max: number },
  content: fc.Arbitrary<TransactionDescription[]> = transactions,
): fc.Arbitrary<Tree> =>
  fc
    .array(
      fc.record({
        back: fc.constantFrom(1, 1, 1, 2, 3, 5),
        hours: fc.integer({ min: 0, max: 90 }),
        transactions: content,
      }),
      { minLength: size.min, maxLength: size.max, size: 'max' },
    )
    .map((seeds) => {
      const blocks: BlockDescription[] = [];
      for (const [index, { back, hours, transactions: list }] of seeds.entries()) {
        const parent = blocks[Math.max(0, index - back)];
        blocks.push({
          hash: hashOf(index),
          height: parent === undefined ? FIRST_HEIGHT : parent.height + 1,
          parent: parent === undefined ? hashOf(-1) : parent.hash,
          timestamp: (parent === undefined ? Date.UTC(2026, 10, 20) / 1000 : parent.timestamp) + hours * 3600,
          transactions: stated(list),
        });
      }
      return { blocks };
    });

/** Any blocks of the tree, rolled back or applied in any company: what no honest node would say. */
export const wildDeliveries = ({ blocks }: Tree): fc.Arbitrary<Delivery[]> => {
  const some = (maxLength: number): fc.Arbitrary<BlockDescription[]> =>
    fc.uniqueArray(fc.constantFrom(...blocks), { maxLength, selector: ({ hash }) => hash });
  const delivery = fc.oneof(
    { weight: 4, arbitrary: fc.record({ rollback: fc.constant<BlockDescription[]>([]), apply: some(3) }) },
    { weight: 2, arbitrary: fc.record({ rollback: some(2), apply: some(3) }) },
    { weight: 1, arbitrary: fc.record({ rollback: some(3), apply: fc.constant<BlockDescription[]>([]) }) },
  );
  return fc.array(delivery, { maxLength: 14, size: 'max' });
};

/** From the first block to the block, both included. */
export function pathTo({ blocks }: Tree, tip: BlockDescription): BlockDescription[] {
  const parent = blocks.find(({ hash }) => hash === tip.parent);
  return [...(parent === undefined ? [] : pathTo({ blocks }, parent)), tip];
}

/** What a node says that moves from tip to tip: it rolls back to the common ancestor, and applies what leads up. */
export function movesBetween(tree: Tree, tips: readonly BlockDescription[]): Delivery[] {
  return tips.map((tip, index) => {
    const before = tips[index - 1];
    const from = before === undefined ? [] : pathTo(tree, before);
    const to = pathTo(tree, tip);
    return {
      rollback: from.filter((block) => !to.includes(block)).toReversed(),
      apply: to.filter((block) => !from.includes(block)),
    };
  });
}

export const tipsOf = ({ blocks }: Tree): fc.Arbitrary<BlockDescription[]> =>
  fc.array(fc.constantFrom(...blocks), { minLength: 1, maxLength: 8, size: 'max' });

/** Each block as several predicates would tell of it: each of its transactions and contracts in some piece, one each. */
export const piecesOf = (blocks: readonly BlockDescription[]): fc.Arbitrary<Delivery[]> =>
  fc.array(fc.integer({ min: 1, max: 3 }), { minLength: blocks.length, maxLength: blocks.length }).map((counts) =>
    blocks.flatMap((block, place) =>
      Array.from({ length: counts[place] ?? 1 }, (_, piece) => ({
        rollback: [],
        apply: [pieceOf(block, piece, counts[place] ?? 1)],
      })),
    ),
  );

/** What predicate `piece` of `pieces` hears of a block: each print is told by one of them, a transaction by any number. */
export const pieceOf = (block: BlockDescription, piece: number, pieces: number): BlockDescription => ({
  ...block,
  transactions: block.transactions
    .map((transaction) => ({
      ...transaction,
      prints: transaction.prints.filter((print) => subjectOf(print) % pieces === piece),
    }))
    .filter(({ prints }) => prints.length > 0),
});

/** A predicate watches a contract, so what one contract prints in one transaction is told together, in order. */
const subjectOf = ({ event }: PrintDescription): number =>
  event.startsWith('community') ? 0 : event.startsWith('badge-m') && event !== 'badge-minted' ? 1 : 2;
