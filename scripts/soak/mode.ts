/**
 * One long form of a proof, named by its option: `--kills 1000` runs the mode `kills` with a count of 1,000. It prints its
 * figures as it goes; what it drew at random comes from the seed alone, so that a failure can be run again.
 */
export interface Mode {
  /** What one of the count is, for the usage. */
  readonly of: string;
  /** @returns whether everything held. */
  run(count: number, seed: number): Promise<boolean>;
}
