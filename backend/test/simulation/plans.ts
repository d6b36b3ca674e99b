import fc from 'fast-check';
import { treesOf, type Tree } from '../generators/chains.js';

/** Everything that is left to chance in one simulation, small first, so that what fails shrinks to what matters. */
export interface Plan {
  /** Every fork that the chain takes. */
  readonly tree: Tree;
  readonly predicates: number;
  /** How far before the last block seen predicates are registered anew (`CHAINHOOK_REWIND_BLOCKS`). */
  readonly rewind: number;
  readonly actions: readonly Action[];
  /** Which block of the tree wins. */
  readonly winner: number;
  /** Whose turn it is when at last everything is told again. */
  readonly turns: readonly number[];
}

/** Numbers stand for blocks and predicates, whatever there is of them. */
export type Action =
  /** The tip of the chain moves. `leftOut` has a bit for each block that goes: 1 where the node does not tell it. */
  | { readonly does: 'move'; readonly to: number; readonly leftOut: number; readonly bare: boolean }
  /** A predicate tells what is next; with three failures it is interrupted. `again`: and then tells it once more. */
  | {
      readonly does: 'tell';
      readonly predicate: number;
      readonly failures: readonly ('refused' | 'not heard')[];
      readonly again: boolean;
    }
  /** Every predicate tells at once what is next. */
  | { readonly does: 'tell all' }
  /** The service looks at its predicates, and registers all anew if one is interrupted. `skips`: as `leftOut`, of the scan. */
  | { readonly does: 'look'; readonly skips: number }
  /** The service is killed and started, and registers all anew; of one predicate a last payload is still under way. */
  | { readonly does: 'kill'; readonly fromCheckpoint: boolean; readonly straggler: number; readonly skips: number };

/** A bit for each of some blocks: mostly none of them. */
const some = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2 ** 16 - 1) });

const move = fc.record({
  does: fc.constant('move' as const),
  to: fc.nat(11),
  leftOut: some,
  bare: fc.boolean(),
});

const tell = fc.record({
  does: fc.constant('tell' as const),
  predicate: fc.nat(2),
  failures: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom('refused' as const, 'not heard' as const), { maxLength: 3 }) },
  ),
  again: fc.constantFrom(false, false, false, true),
});

const look = fc.record({ does: fc.constant('look' as const), skips: some });

const kill = fc.record({
  does: fc.constant('kill' as const),
  fromCheckpoint: fc.boolean(),
  straggler: fc.nat(5),
  skips: some,
});

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: tell },
  { weight: 4, arbitrary: move },
  { weight: 3, arbitrary: fc.constant({ does: 'tell all' as const }) },
  { weight: 1, arbitrary: look },
  { weight: 1, arbitrary: kill },
);

/** Without fast-check's bias to the smallest, which would mostly play chains too short to fork. */
export const plans: fc.Arbitrary<Plan> = fc.noBias(
  fc.record({
    tree: treesOf({ min: 2, max: 12 }),
    predicates: fc.integer({ min: 1, max: 3 }),
    rewind: fc.integer({ min: 0, max: 6 }),
    actions: fc.array(action, { maxLength: 24, size: 'max' }),
    winner: fc.nat(11),
    turns: fc.array(fc.nat(2), { maxLength: 20, size: 'max' }),
  }),
);
