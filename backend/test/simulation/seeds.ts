import fc from 'fast-check';
import { withStore } from '../properties/store.js';
import { plans } from './plans.js';
import { NO_FIGURES, simulate, type Figures } from './simulate.js';

/**
 * Plays as many plans as one likes, all of them drawn from one seed. One that fails is made as small as it can be, and
 * told as a story.
 */
export interface Played {
  readonly seed: number;
  /** Over all plans, those that were tried to make a failing one smaller included. */
  readonly figures: Figures;
  readonly failure: string | undefined;
}

export const playSeeds = (count: number, seed?: number): Promise<Played> =>
  withStore(async (store) => {
    let figures = NO_FIGURES;
    const property = fc.asyncProperty(plans, async (plan) => {
      figures = sum(figures, await simulate(store, plan));
    });
    const result = await fc.check(property, { numRuns: count, ...(seed !== undefined && { seed }) });
    const { errorInstance, counterexamplePath: path } = result;
    const failure = result.failed ? `seed ${result.seed}, path ${path}: ${String(errorInstance)}` : undefined;
    return { seed: result.seed, figures, failure };
  });

export const sum = (a: Figures, b: Figures): Figures => ({
  deliveries: a.deliveries + b.deliveries,
  refused: a.refused + b.refused,
  reorgs: a.reorgs + b.reorgs,
  kills: a.kills + b.kills,
  registrations: a.registrations + b.registrations,
  doubtful: a.doubtful + b.doubtful,
});
