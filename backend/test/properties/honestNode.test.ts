import fc from 'fast-check';
import { movesBetween, pathTo, tipsOf, treesOf, type Delivery } from '../generators/chains.js';
import { chainAfter } from '../reference/chain.js';
import type { BlockDescription } from '../support/payloads.js';

/**
 * What the rules of section 4 are for: whatever forks an honest node takes, the canonical blocks are those that lead to
 * its tip. This holds the reference of the rules against the tree itself; `deliveries.test.ts` holds intake against it.
 */
const walks = treesOf({ min: 2, max: 14 }).chain((tree) => tipsOf(tree).map((tips) => ({ tree, tips })));

const standing = (deliveries: readonly Delivery[]) => {
  const { canonical, unproven } = chainAfter(deliveries);
  return { canonical: [...canonical].sort(), unproven: [...unproven].sort() };
};

describe('an honest node', () => {
  it('that tells every rollback leaves exactly the blocks that lead to its tip, in doubt only where they came back alone', () => {
    fc.assert(
      fc.property(walks, ({ tree, tips }) => {
        const path = tips.slice(-1).flatMap((tip) => pathTo(tree, tip));
        const moves = movesBetween(tree, tips);
        const { canonical, unproven } = standing(moves);
        expect(canonical).toEqual(path.map(({ hash }) => hash).sort());
        const cameBack = moves.flatMap(({ rollback, apply }, index) => {
          const gone = new Set(moves.slice(0, index).flatMap((move) => move.rollback));
          const told = new Set(moves.slice(0, index).flatMap((move) => [...move.rollback, ...move.apply]));
          const isNew = [...rollback, ...apply].some((block) => !told.has(block));
          return isNew ? [] : apply.filter((block) => gone.has(block)).map(({ hash }) => hash);
        });
        expect(unproven.filter((hash) => !cameBack.includes(hash))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('that tells only of some heights leaves those of them that lead to its tip', () => {
    fc.assert(
      fc.property(walks, fc.infiniteStream(fc.boolean()), ({ tree, tips }, matches) => {
        const told = new Set(tree.blocks.filter(() => matches.next().value));
        const deliveries = movesBetween(tree, tips).map(({ rollback, apply }) => ({
          rollback: rollback.filter((block) => told.has(block)),
          apply: apply.filter((block) => told.has(block)),
        }));
        const path = tips.slice(-1).flatMap((tip) => pathTo(tree, tip));
        const canonical = path.filter((block) => told.has(block)).map(({ hash }) => hash);
        expect(standing(deliveries).canonical).toEqual(canonical.sort());
      }),
      { numRuns: 500 },
    );
  });

  describe('that tells of some blocks through one predicate and of some through another', () => {
    const heard = walks.chain(({ tree, tips }) =>
      fc
        .array(fc.constantFrom<number[]>([], [0], [1], [0, 1]), {
          minLength: tree.blocks.length,
          maxLength: tree.blocks.length,
        })
        .map((predicates) => ({
          path: tips.slice(-1).flatMap((tip) => pathTo(tree, tip)),
          told: tree.blocks.filter((_, index) => predicates[index]?.length !== 0),
          streams: [0, 1].map((predicate) => {
            const hears = (block: BlockDescription): boolean =>
              predicates[tree.blocks.indexOf(block)]?.includes(predicate) === true;
            return movesBetween(tree, tips).map(({ rollback, apply }) => ({
              rollback: rollback.filter(hears),
              apply: apply.filter(hears),
            }));
          }),
        })),
    );
    const misled = (path: readonly BlockDescription[], deliveries: readonly Delivery[]) => {
      const { canonical, unproven } = standing(deliveries);
      const isTrue = (hash: string): boolean => path.some((block) => block.hash === hash);
      return { wrong: canonical.filter((hash) => !isTrue(hash) && !unproven.includes(hash)), canonical, unproven };
    };

    it('leaves nothing wrong or missing that is not in doubt, whichever tells first of a move', () => {
      fc.assert(
        fc.property(heard, fc.infiniteStream(fc.boolean()), ({ path, told, streams }, turns) => {
          const [one = [], other = []] = streams;
          const deliveries = one.flatMap((move, index) => {
            const both = [move, other[index] ?? move];
            return turns.next().value ? both : both.toReversed();
          });
          const { wrong, canonical, unproven } = misled(path, deliveries);
          expect(wrong).toEqual([]);
          const missing = path.filter((block) => told.includes(block) && !canonical.includes(block.hash));
          expect(unproven.length === 0 ? missing : []).toEqual([]);
        }),
        { numRuns: 1_000 },
      );
    });

    it('leaves nothing wrong that is not in doubt, however far one is behind', () => {
      fc.assert(
        fc.property(heard, fc.infiniteStream(fc.nat(1)), ({ path, streams }, turns) => {
          const left = streams.map((moves) => [...moves]);
          const deliveries: Delivery[] = [];
          while (left.some((moves) => moves.length > 0)) {
            const next = left[turns.next().value ?? 0]?.shift();
            if (next !== undefined) deliveries.push(next);
          }
          expect(misled(path, deliveries).wrong).toEqual([]);
        }),
        { numRuns: 1_000 },
      );
    });
  });

  it('that tells no rollback at all is followed to each new block', () => {
    fc.assert(
      fc.property(treesOf({ min: 1, max: 14 }), (tree) => {
        for (const [index, tip] of tree.blocks.entries()) {
          const deliveries = tree.blocks.slice(0, index + 1).map((block) => ({ rollback: [], apply: [block] }));
          const canonical = pathTo(tree, tip).map(({ hash }) => hash);
          expect(standing(deliveries)).toEqual({ canonical: canonical.sort(), unproven: [] });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('may tell it twice, through two predicates of which one lags', () => {
    const twice = walks.chain(({ tree, tips }) => {
      const moves = movesBetween(tree, tips);
      return fc.array(fc.nat(moves.length), { minLength: moves.length, maxLength: moves.length }).map((lags) => ({
        deliveries: interleaved(moves, lags),
        path: tips.slice(-1).flatMap((tip) => pathTo(tree, tip)),
      }));
    });
    fc.assert(
      fc.property(twice, ({ deliveries, path }) =>
        expect(standing(deliveries).canonical).toEqual(path.map(({ hash }) => hash).sort()),
      ),
      { numRuns: 500 },
    );
  });
});

/** All moves in order, and all of them again in order, each at least `lags` moves later. */
function interleaved(moves: readonly Delivery[], lags: readonly number[]): Delivery[] {
  const told: Delivery[] = [];
  let again = 0;
  for (const [index, move] of moves.entries()) {
    told.push(move);
    for (; again <= index && again + (lags[again] ?? 0) <= index; again += 1)
      told.push(...moves.slice(again, again + 1));
  }
  return [...told, ...moves.slice(again)];
}
