import type { Row } from './arithmetic.js';
import type { Histories } from './histories.js';

/** One part of the benchmark: runs the service, or a piece of it, and whatever it is held against, one after the other. */
export interface Measurement {
  /** For `--only`. */
  readonly name: string;
  /** One line: what is measured and beside what. */
  readonly what: string;
  /** Left out of a quick run, unless it is asked for by name. */
  readonly fullOnly?: boolean;
  /** When it fails, the others are kept all the same: it needs what not every machine has. */
  readonly optional?: boolean;
  run(setting: Setting): Promise<readonly Row[]>;
}

/** Those that most aims are for. */
export const FULL_EVENTS = 10_000_000;

/** Of the one history that a quick run makes, beside the small one that reads are held against. */
export const QUICK_EVENTS = 100_000;

/**
 * Which its histories span: the snapshots of 24 take a minute of processors. As long as the ranges that are read, of 90 days
 * that begin up to two months earlier.
 */
export const QUICK_MONTHS = 5;

export interface Setting {
  /** Sizes and times for a run of two minutes in all. */
  readonly quick: boolean;
  readonly histories: Histories;
}
