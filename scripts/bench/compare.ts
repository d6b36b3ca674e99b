import { ratioOf, type Row } from './arithmetic.js';

/** How two runs are compared. Pure. Ratios of runs that differ in what moves a ratio are not compared at all. */

/** What a run was made on, and how. */
export interface Machine {
  readonly quick: boolean;
  readonly cores: number;
  /** As `process.version`. */
  readonly node: string;
}

/** A run as `--json` prints it, as far as it is compared. */
export interface Kept {
  readonly machine: Machine;
  readonly rows: readonly {
    readonly id: string;
    readonly ratio: number;
    /** Which `--only` it is of. */
    readonly measurement: string;
  }[];
}

export interface Worse {
  readonly id: string;
  readonly before: number;
  readonly now: number;
}

/** A ratio that changes by no more is taken for noise. */
const TOLERANCE = 0.1;

const major = (node: string): string => node.split('.')[0] ?? node;

/** Why two runs cannot be compared, a phrase each; empty if they can. */
export function differences(before: Machine, now: Machine): string[] {
  const size = (quick: boolean): string => (quick ? '--quick' : 'at full size');
  const all: readonly (readonly [string, string])[] = [
    [`it was made ${size(before.quick)}`, `this one is made ${size(now.quick)}`],
    [`on ${before.cores} cores`, `on ${now.cores} cores`],
    [`with Node ${major(before.node)}`, `with Node ${major(now.node)}`],
  ];
  const isOther = [before.quick !== now.quick, before.cores !== now.cores, major(before.node) !== major(now.node)];
  return all.filter((_, i) => isOther[i]).map(([was, is]) => `${was}, ${is}`);
}

/** The rows whose ratio became worse by more than a tenth. */
export function worseThan(before: Kept, rows: readonly Row[]): Worse[] {
  const known = new Map(before.rows.map(({ id, ratio }) => [id, ratio]));
  return rows.flatMap((row) => {
    const was = known.get(row.id);
    if (was === undefined) return [];
    const now = ratioOf(row);
    const worse = 'atLeast' in row.aim ? now < was * (1 - TOLERANCE) : now > was * (1 + TOLERANCE);
    return worse ? [{ id: row.id, before: was, now }] : [];
  });
}

/** Ids of the rows that are no more, of the measurements that were run again. */
export function vanished(before: Kept, rows: readonly Row[], ran: readonly string[]): string[] {
  const now = new Set(rows.map(({ id }) => id));
  return before.rows.filter(({ id, measurement }) => ran.includes(measurement) && !now.has(id)).map(({ id }) => id);
}
