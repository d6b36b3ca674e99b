import type { StoreName } from '../../backend/test/crash/phases.js';

/**
 * One long form of a proof, named by its option: `--kills 1000` runs the mode `kills` with a count of 1,000. It prints its
 * figures as it goes; what it drew at random comes from the seed alone, so that a failure can be run again.
 */
export interface Mode {
  /** What one of the count is, for the usage. */
  readonly of: string;
  /** @param store for the modes that know more than the embedded one @returns whether everything held. */
  run(count: number, seed: number, store: StoreName): Promise<boolean>;
}
