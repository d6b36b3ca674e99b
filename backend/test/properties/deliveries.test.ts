import fc from 'fast-check';
import {
  movesBetween,
  pathTo,
  piecesOf,
  tipsOf,
  treesOf,
  wildDeliveries,
  type Delivery,
  type Tree,
} from '../generators/chains.js';
import { chainAfter } from '../reference/chain.js';
import { PAYLOAD_FORMS, type BlockDescription } from '../support/payloads.js';
import { expectSameMetrics, type Question } from './comparison.js';
import { deliverAll, deliverUntilTaken, foldLog, saidIn, type Told } from './service.js';
import { withStore } from './store.js';

/**
 * From real payloads to metrics, through intake, an LMDB log and the folds: which blocks count is what the reference of
 * section 4 says, and the metrics are those of what these blocks print, however often, in whichever form, in whatever
 * company and (where nothing conflicts) in whatever order they were delivered.
 */

// Some seconds each; a busy machine may need many times that.
jest.setTimeout(180_000);
const DAY = 86_400_000;

const manners = fc.record({
  form: fc.constantFrom(...PAYLOAD_FORMS),
  hurried: fc.boolean(),
  restarted: fc.constantFrom(false, false, false, true),
});

const told = (deliveries: readonly Delivery[]): fc.Arbitrary<Told[]> =>
  fc
    .array(manners, { minLength: deliveries.length, maxLength: deliveries.length })
    .map((list) => list.flatMap((manner, index) => ({ rollback: [], apply: [], ...deliveries[index], ...manner })));

/** Asked at some moment of the month after the tree's last block, about the days of that tree. */
const questionOf = ({ blocks }: Tree, days: number): Question => {
  const last = Math.max(...blocks.map(({ timestamp }) => timestamp * 1000));
  const midnight = last - (last % DAY);
  return { now: last + days * DAY, range: { fromMs: midnight - 10 * DAY, toMs: midnight + days * DAY } };
};

interface Story {
  readonly deliveries: readonly Told[];
  /** The blocks that should count in the end. */
  readonly standing: readonly BlockDescription[];
  readonly question: Question;
}

const storyOf = (tree: Tree, deliveries: readonly Delivery[], standing: readonly BlockDescription[]) =>
  fc.record({
    deliveries: told(deliveries),
    standing: fc.constant(standing),
    question: fc.nat(30).map((days) => questionOf(tree, days)),
  });

/** Takes the story in, and holds what counts, and what it makes of the metrics, against what should stand. */
const expectStanding = ({ deliveries, standing, question }: Story, unproven: ReadonlySet<string>) =>
  withStore(async (store) => {
    const taken = await deliverAll(store, deliveries);
    const { canonical, aggregator } = await foldLog(store.log);
    expect(canonical.sort()).toEqual(standing.map(({ hash }) => hash).sort());
    expect([...taken.unproven].sort()).toEqual([...unproven].sort());
    expectSameMetrics(aggregator, saidIn(standing), question);
    return taken.receipts;
  });

const NOTHING: ReadonlySet<string> = new Set();

describe('deliveries', () => {
  it('that no honest node would send leave the blocks and the metrics that the reference says', async () => {
    const stories = treesOf({ min: 2, max: 9 }).chain((tree) =>
      wildDeliveries(tree).chain((deliveries) => {
        const { canonical } = chainAfter(deliveries);
        return storyOf(
          tree,
          deliveries,
          tree.blocks.filter(({ hash }) => canonical.has(hash)),
        );
      }),
    );
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const steps = story.deliveries.map((_, index) => chainAfter(story.deliveries.slice(0, index + 1)));
        const receipts = await expectStanding(story, steps.at(-1)?.unproven ?? NOTHING);
        const moves = steps.map(({ canonical: after }, index) => {
          const before = steps[index - 1]?.canonical ?? NOTHING;
          return { applied: countMissing(after, before), rolledBack: countMissing(before, after) };
        });
        expect(receipts.map(({ applied, rolledBack }) => ({ applied, rolledBack }))).toEqual(moves);
      }),
      { numRuns: 60 },
    );
  });

  it('of an honest node that moves from fork to fork leave the metrics of the blocks that lead to its tip', async () => {
    const stories = treesOf({ min: 3, max: 12 }).chain((tree) =>
      tipsOf(tree).chain((tips) => storyOf(tree, movesBetween(tree, tips), pathTo(tree, lastOf(tips)))),
    );
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        await expectStanding(story, chainAfter(story.deliveries).unproven);
      }),
      { numRuns: 60 },
    );
  });

  it('that do not conflict may be split between predicates, permuted and repeated', async () => {
    const stories = treesOf({ min: 2, max: 10 }).chain((tree) => {
      const line = pathTo(tree, lastOf(tree.blocks));
      return piecesOf(line)
        .chain(shuffledWithRepeats)
        .chain((deliveries) => storyOf(tree, deliveries, line));
    });
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        await expectStanding(story, NOTHING);
      }),
      { numRuns: 60 },
    );
  });
});

describe('deliveries that are refused while the log cannot be written, and sent again', () => {
  it('count once', async () => {
    const stories = treesOf({ min: 2, max: 8 }).chain((tree) => {
      const line = pathTo(tree, lastOf(tree.blocks));
      return piecesOf(line)
        .chain(shuffledWithRepeats)
        .chain((deliveries) => storyOf(tree, deliveries, line));
    });
    await fc.assert(
      fc.asyncProperty(stories, fc.infiniteStream(fc.boolean()), ({ deliveries, standing, question }, fails) =>
        withStore(async (store) => {
          const receipts = await deliverUntilTaken(store, deliveries, () => fails.next().value);
          const { canonical, aggregator, facts } = await foldLog(store.log);
          expect(canonical.sort()).toEqual(standing.map(({ hash }) => hash).sort());
          expectSameMetrics(aggregator, saidIn(standing), question);
          expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(facts);
        }),
      ),
      { numRuns: 40 },
    );
  });
});

const countMissing = (hashes: ReadonlySet<string>, from: ReadonlySet<string>): number =>
  [...hashes].filter((hash) => !from.has(hash)).length;

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1);
  if (last === undefined) throw new RangeError('nothing there');
  return last;
}

const shuffledWithRepeats = (deliveries: readonly Delivery[]): fc.Arbitrary<Delivery[]> =>
  fc.array(fc.constantFrom(...deliveries), { maxLength: 5 }).chain((repeats) => {
    const all = [...deliveries, ...repeats];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
