import fc from 'fast-check';
import type { Change, Fact } from '../../src/events/fact.js';

/**
 * A history of changes that ends with exactly the facts of `ends`: each fact joins the canonical set, and may leave it
 * and come back, in any interleaving.
 */
export interface History {
  readonly changes: readonly Change[];
  readonly ends: readonly Fact[];
}

export const historiesOf = (facts: readonly Fact[]): fc.Arbitrary<History> =>
  fc
    .array(fc.constantFrom(1, 1, 1, 2, 3, 4), { minLength: facts.length, maxLength: facts.length })
    .chain((times) => {
      const turns = times.flatMap((count, index) => Array.from({ length: count }, () => index));
      return fc.shuffledSubarray(turns, { minLength: turns.length });
    })
    .map((turns) => takeTurns(facts, turns));

/** Each turn of a fact is its other one: it joins, it leaves, it joins again. */
function takeTurns(facts: readonly Fact[], turns: readonly number[]): History {
  const present = new Set<Fact>();
  const changes = turns.map((turn): Change => {
    const fact = facts[turn];
    if (fact === undefined) throw new RangeError(`no fact ${turn}`);
    if (present.delete(fact)) return { fact, weight: -1 };
    present.add(fact);
    return { fact, weight: 1 };
  });
  return { changes, ends: [...present] };
}
