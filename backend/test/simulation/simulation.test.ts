import { playSeeds } from './seeds.js';

/** As many as a suite can wait for; `npm run test:soak -- --seeds N` plays more. */
const SEEDS = 1_000;

it('whatever a chain, its node and the service go through, the rules hold, and what is not the truth is unproven', async () => {
  const { figures, failure } = await playSeeds(SEEDS);
  expect(failure).toBeUndefined();
  // Or else it would have proven nothing.
  for (const [what, times] of Object.entries(figures))
    expect({ what, enough: times > 100 }).toEqual({ what, enough: true });
}, 300_000);
