import { playSeeds, sum } from '../../backend/test/simulation/seeds.js';
import { NO_FIGURES } from '../../backend/test/simulation/simulate.js';
import type { Mode } from './mode.js';

/** Plans that share a store, and so the log that grows in it. */
const BATCH = 500;

/** Plays seeds of the simulated chain, node and service against the rules of canonical blocks and against the truth. */
export const seeds: Mode = {
  of: 'times that a chain, its node and the service are simulated (some 20 ms each)',
  async run(count, seed) {
    let figures = NO_FIGURES;
    for (let done = 0; done < count; done += BATCH) {
      const plans = Math.min(BATCH, count - done);
      const played = await playSeeds(plans, seed + done / BATCH);
      if (played.failure !== undefined) {
        process.stdout.write(`${played.failure}\nto see it again: --seeds ${plans} --seed ${played.seed}\n`);
        return false;
      }
      figures = sum(figures, played.figures);
      process.stdout.write(`${done + plans} seeds: ${JSON.stringify(figures)}\n`);
    }
    return true;
  },
};
