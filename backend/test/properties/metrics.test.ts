import fc from 'fast-check';
import { Aggregator } from '../../src/analyzers/aggregator.js';
import { copiesOf } from '../../src/analyzers/columns/dump.js';
import type { Change, Fact } from '../../src/events/fact.js';
import { factsAround, manyFactsAround, wideFactsAround } from '../generators/facts.js';
import { historiesOf, type History } from '../generators/histories.js';
import { nows, rangesAround } from '../generators/instants.js';
import { expected, expectSame, expectSameMetrics, measured, textOf, type Question } from './comparison.js';

/** Laws 3 and 4: the folds are order-free and rebuildable, held against the reference for every metric of section 5. */

// Some seconds each; a busy machine may need many times that.
jest.setTimeout(180_000);

interface Case {
  readonly question: Question;
  readonly facts: Fact[];
  readonly history: History;
}

const casesOf = (factsOf: (now: number) => fc.Arbitrary<Fact[]>): fc.Arbitrary<Case> =>
  nows.chain((now) =>
    fc
      .tuple(rangesAround(now), factsOf(now))
      .chain(([range, facts]) => historiesOf(facts).map((history) => ({ question: { now, range }, facts, history }))),
  );

function folded(changes: readonly Change[]): Aggregator {
  const aggregator = new Aggregator();
  aggregator.apply(changes);
  return aggregator;
}

const joined = (facts: readonly Fact[]): Change[] => facts.map((fact) => ({ fact, weight: 1 }));

describe('incremental metrics', () => {
  it('equal the reference for any set of facts', () => {
    fc.assert(
      fc.property(casesOf(factsAround), ({ question, facts }) =>
        expectSameMetrics(folded(joined(facts)), facts, question),
      ),
      { numRuns: 300 },
    );
  });

  it('equal the reference where there are more categories, levels, templates and issuers than are shown', () => {
    fc.assert(
      fc.property(casesOf(wideFactsAround), ({ question, history }) =>
        expectSameMetrics(folded(history.changes), history.ends, question),
      ),
      { numRuns: 10 },
    );
  });

  it('equal the reference where there are thousands of facts', () => {
    fc.assert(
      fc.property(casesOf(manyFactsAround), ({ question, history }) =>
        expectSameMetrics(Aggregator.load(copiesOf(folded(history.changes).dump())), history.ends, question),
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });

  it('are the same after facts joined, left and came back, in any order', () => {
    fc.assert(
      fc.property(casesOf(factsAround), ({ question, history }) => {
        const aggregator = folded(history.changes);
        expectSame(measured(aggregator, question), measured(folded(joined(history.ends)), question));
        expectSameMetrics(aggregator, history.ends, question);
      }),
      { numRuns: 200 },
    );
  });

  it('are the same for every order of the changes, also one in which facts leave before they join', () => {
    const shuffled = casesOf(factsAround).chain(({ question, history: { changes, ends } }) =>
      fc.shuffledSubarray([...changes], { minLength: changes.length }).map((order) => ({ question, order, ends })),
    );
    fc.assert(
      fc.property(shuffled, ({ question, order, ends }) => expectSameMetrics(folded(order), ends, question)),
      { numRuns: 200 },
    );
  });

  it('are right at every moment of a history, whatever was asked before', () => {
    fc.assert(
      fc.property(casesOf(factsAround), nows, ({ question, history: { changes } }, otherNow) => {
        const aggregator = new Aggregator();
        const present = new Set<Fact>();
        for (const [index, change] of changes.entries()) {
          aggregator.apply([change]);
          if (change.weight === 1) present.add(change.fact);
          else present.delete(change.fact);
          if (index % 8 === 0) expectSameMetrics(aggregator, [...present], { ...question, now: otherNow });
          if (index % 8 === 4) expectSameMetrics(aggregator, [...present], question);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are those of nothing when everything has left', () => {
    fc.assert(
      fc.property(casesOf(factsAround), ({ question, history: { changes, ends } }) => {
        const leaving = ends.map((fact): Change => ({ fact, weight: -1 }));
        expectSameMetrics(folded([...changes, ...leaving]), [], question);
      }),
      { numRuns: 100 },
    );
  });
});

describe('dump and load', () => {
  it('change nothing, and folding goes on afterwards', () => {
    fc.assert(
      fc.property(casesOf(factsAround), fc.nat(100), ({ question, history: { changes, ends } }, percent) => {
        const half = Math.floor((changes.length * percent) / 100);
        const before = folded(changes.slice(0, half));
        const after = Aggregator.load(copiesOf(before.dump()));
        expectSame(measured(after, question), measured(before, question));
        after.apply(changes.slice(half));
        expectSameMetrics(after, ends, question);
        expectSameMetrics(Aggregator.load(copiesOf(after.dump())), ends, question);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a dump that is lent', () => {
  it('is the state as it was, however much is folded before its parts are read', () => {
    fc.assert(
      fc.property(casesOf(factsAround), fc.nat(100), ({ question, history: { changes, ends } }, percent) => {
        const half = Math.floor((changes.length * percent) / 100);
        const aggregator = folded(changes.slice(0, half));
        const then = measured(aggregator, question);
        const dump = aggregator.dump();
        aggregator.apply(changes.slice(half));
        expectSame(measured(Aggregator.load(copiesOf(dump)), question), then);
        expectSameMetrics(aggregator, ends, question);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the comparison notices a retraction that is left out', () => {
  it('in some history, whichever retraction it is', () => {
    const details = fc.check(
      fc.property(casesOf(factsAround), fc.nat(), ({ question, history: { changes, ends } }, pick) => {
        const retractions = changes.filter(({ fact, weight }) => weight === -1 && !ends.includes(fact));
        const lost = retractions[pick % Math.max(1, retractions.length)];
        expectSameMetrics(folded(changes.filter((change) => change !== lost)), ends, question);
      }),
      { numRuns: 300, endOnFailure: true },
    );
    expect(details.failed).toBe(true);
  });

  it('in every history, for a badge that is minted once', () => {
    const minted = (now: number): fc.Arbitrary<Fact[]> =>
      factsAround(now).map((facts) => [...facts, mintOf('one of its kind', now)]);
    fc.assert(
      fc.property(casesOf(minted), ({ question, facts }) => {
        const mint = facts.at(-1);
        const rest = facts.slice(0, -1);
        // The mint joined and should have left again.
        const forgetful = folded(joined(mint === undefined ? rest : facts));
        expect(textOf(measured(forgetful, question))).not.toBe(textOf(expected(rest, question)));
      }),
      { numRuns: 100 },
    );
  });
});

const mintOf = (badgeId: string, atMs: number): Fact => ({
  id: 'the-mint',
  type: 'badge_issued',
  atMs,
  actor: 'SP1',
  props: { badgeId, templateId: '9', recipient: 'SP1', issuer: 'SP1' },
});
