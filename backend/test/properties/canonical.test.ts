import fc from 'fast-check';
import { BlockIndex } from '../../src/chain/blocks.js';
import { CanonicalChain } from '../../src/chain/canonical.js';
import { treesOf, wildDeliveries, type Delivery } from '../generators/chains.js';
import { chainAfter } from '../reference/chain.js';
import type { BlockDescription } from '../support/payloads.js';

/**
 * The state machine of section 4 against its reference, on deliveries that no honest node would send: after each one the
 * same blocks count, the same are unproven, and the same number came and went.
 */
const stories: fc.Arbitrary<Delivery[]> = treesOf({ min: 2, max: 10 }, fc.constant([])).chain(wildDeliveries);

const headers = (blocks: readonly BlockDescription[]) =>
  blocks.map(({ hash, height, parent, timestamp }) => ({ hash, height, parent, atMs: timestamp * 1000 }));

const deliver = (chain: CanonicalChain, { rollback, apply }: Delivery) =>
  chain.deliver({ rollback: headers(rollback), apply: headers(apply) }, () => []);

const standing = (blocks: BlockIndex) => {
  const counting = [...blocks.all()].filter(({ canonical }) => canonical);
  return {
    canonical: counting.map(({ hash }) => hash).sort(),
    unproven: counting.flatMap(({ hash, unproven }) => (unproven === true ? [hash] : [])).sort(),
  };
};

const expectedAfter = (deliveries: readonly Delivery[]) => {
  const { canonical, unproven } = chainAfter(deliveries);
  return { canonical: [...canonical].sort(), unproven: [...unproven].sort() };
};

describe('the canonical chain', () => {
  it('is what the rules say, delivery by delivery', () => {
    fc.assert(
      fc.property(stories, (deliveries) => {
        const blocks = new BlockIndex();
        const chain = new CanonicalChain(blocks);
        deliveries.forEach((delivery, index) => {
          const before = expectedAfter(deliveries.slice(0, index)).canonical;
          const after = expectedAfter(deliveries.slice(0, index + 1));
          const { moves } = deliver(chain, delivery);
          expect(standing(blocks)).toEqual(after);
          expect(
            chain
              .unproven()
              .map(({ hash }) => hash)
              .sort(),
          ).toEqual(after.unproven);
          expect(moves.applied).toHaveLength(after.canonical.filter((hash) => !before.includes(hash)).length);
          expect(moves.rolledBack).toHaveLength(before.filter((hash) => !after.canonical.includes(hash)).length);
        });
      }),
      { numRuns: 600 },
    );
  });

  it('never counts two blocks of one height, nor a block whose known parent does not count', () => {
    fc.assert(
      fc.property(stories, (deliveries) => {
        const blocks = new BlockIndex();
        const chain = new CanonicalChain(blocks);
        for (const delivery of deliveries) deliver(chain, delivery);
        const counting = [...blocks.all()].filter(({ canonical }) => canonical);
        expect(new Set(counting.map(({ height }) => height)).size).toBe(counting.length);
        for (const { parent } of counting) expect(blocks.get(parent)?.canonical).not.toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is as it was when decisions are taken back, and goes on from there', () => {
    fc.assert(
      fc.property(stories, stories, (kept, undone) => {
        const blocks = new BlockIndex();
        const chain = new CanonicalChain(blocks);
        for (const delivery of kept.slice(0, -1)) deliver(chain, delivery);
        const decisions = undone.map((delivery) => deliver(chain, delivery));
        for (const decision of decisions.toReversed()) chain.undo(decision);
        expect(standing(blocks)).toEqual(expectedAfter(kept.slice(0, -1)));
        for (const delivery of kept.slice(-1)) deliver(chain, delivery);
        expect(standing(blocks)).toEqual(expectedAfter(kept));
      }),
      { numRuns: 300 },
    );
  });
});
