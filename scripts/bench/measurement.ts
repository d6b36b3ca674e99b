import type { Row } from './arithmetic.js';
import type { Histories } from './histories.js';

/** One part of the benchmark: runs the service, or a piece of it, and whatever it is held against, one after the other. */
export interface Measurement {
  /** For `--only`. */
  readonly name: string;
  /** One line: what is measured and beside what. */
  readonly what: string;
  run(setting: Setting): Promise<readonly Row[]>;
}

/** Of the one history that a quick run makes, beside the small one that reads are held against. */
export const QUICK_EVENTS = 100_000;

export interface Setting {
  /** Sizes and times for a run of two minutes in all. */
  readonly quick: boolean;
  readonly histories: Histories;
}
