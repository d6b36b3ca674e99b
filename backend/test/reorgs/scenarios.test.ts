import { expected, expectSame, measured, type Question } from '../properties/comparison.js';
import { saidIn } from '../properties/service.js';
import { play, type Mishap, type Played } from './play.js';
import type { Scenario } from './scenario.js';
import { BY_SEVERAL_PREDICATES } from './severalPredicates.js';
import { TOLD } from './told.js';
import { NOT_TOLD } from './untold.js';

/**
 * Each reorg of DESIGN section 4 by name, from its payloads to every metric, held against the reference; and each with a
 * mishap at each of its deliveries, to the same end.
 */
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const QUESTION: Question = {
  now: FIRST_DAY + 20 * DAY,
  range: { fromMs: FIRST_DAY - 9 * DAY, toMs: FIRST_DAY + 20 * DAY },
};

const MISHAPS: readonly Mishap[] = [
  'killed before the answer',
  'refused by the store',
  'refused by the store, then killed',
];

const hashes = (blocks: Scenario['counts']): string[] => blocks.map(({ hash }) => hash).sort();

describe.each([
  { how: 'a reorg that the node tells', scenarios: TOLD },
  { how: 'a reorg that the node does not tell, or not wholly', scenarios: NOT_TOLD },
  { how: 'a reorg between several predicates', scenarios: BY_SEVERAL_PREDICATES },
])('$how', ({ scenarios }) => {
  describe.each(scenarios)('$name', (scenario) => {
    const { counts, unproven = [] } = scenario;
    const metrics = expected(saidIn(counts), QUESTION);
    const expectTheEnd = (played: Played): void => {
      expect(played.counts).toEqual(hashes(counts));
      expect(played.unproven).toEqual(hashes(unproven));
      expect(played.tip).toBe(counts.toSorted((a, b) => b.height - a.height)[0]?.hash);
      expectSame(measured(played.folded, QUESTION), metrics);
      expectSame(measured(played.foldedInPieces, QUESTION), metrics);
    };

    it('leaves what stands, and is answered with what it changed', async () => {
      const played = await play(scenario);
      expectTheEnd(played);
      expect(played.receipts).toEqual(scenario.steps.flatMap((step) => ('receipt' in step ? [step.receipt] : [])));
    });

    it.each(MISHAPS)('leaves the same when any one of its deliveries is %s', async (what) => {
      for (const [index, step] of scenario.steps.entries()) {
        if ('rescanFrom' in step) continue;
        expectTheEnd(await play(scenario, { step: index, what }));
      }
    });
  });
});
