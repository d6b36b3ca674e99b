import type { PredicateState } from '../contract/index.js';
import { isDead, isScanning } from './chainhookNode.js';

/**
 * How far each predicate is known to have come. Predicates scan and stream on their own: while one brings the newest
 * blocks, another may be years behind, or dead since a while. Registered anew, each goes on from where it was, not from the
 * newest block, which would leave a hole.
 */
export interface Scans {
  readonly predicates: Readonly<Record<string, Reach>>;
  /** First height of a rescan that is not over: the next one begins there too, or its blocks would not be told of again. */
  readonly rescanFrom?: number;
}

export interface Reach {
  /** Height up to which all blocks have been delivered. */
  readonly to: number;
  /** Whether it has come to the end of its scan, and streams. */
  readonly streams: boolean;
}

/** Keeps them over restarts, with the log: one that is older than the log's blocks costs time, a newer one would cost blocks. */
export interface ScanStore {
  load(): Promise<Scans>;
  /** Durable when it resolves. */
  save(scans: Scans): Promise<void>;
}

export const NO_SCANS: Scans = { predicates: {} };

/** Height up to which all blocks of predicate `name` have been delivered; undefined when none were. */
export function completeTo({ predicates }: Scans, name: string, tip: number | undefined): number | undefined {
  const reached = predicates[name]?.to;
  return reached === undefined || tip === undefined ? (reached ?? tip) : Math.min(reached, tip);
}

/**
 * Each predicate begins a scan: all are unfinished, and as far as they were.
 * @param none where they begin when nothing was delivered
 * @param rescanFrom first height that is told of again
 */
export function begun(
  scans: Scans,
  names: readonly string[],
  tip: number | undefined,
  { none, rescanFrom }: { readonly none: number; readonly rescanFrom: number | undefined },
): Scans {
  const reachOf = (name: string): Reach => ({ to: completeTo(scans, name, tip) ?? none, streams: false });
  return {
    predicates: Object.fromEntries(names.map((name) => [name, reachOf(name)])),
    ...(rescanFrom !== undefined && { rescanFrom }),
  };
}

/**
 * After a look at the node: what streams has finished, and each has come as far as the node says.
 * @param tip height of the last block seen before the look
 */
export function advanced(
  { predicates, ...rescan }: Scans,
  seen: readonly PredicateState[],
  tip: number | undefined,
): Scans {
  const next = new Map(Object.entries(predicates));
  for (const state of seen) {
    const { name, lastBlock } = state;
    const before = next.get(name);
    if (isDead(state)) continue;
    const streams = !isScanning(state) || before?.streams === true;
    // One that streams and does not tell how far it is was not behind, at least: noted, as it may die before the next look.
    const reached = lastBlock ?? (streams ? tip : undefined) ?? 0;
    if (before !== undefined || streams) next.set(name, { to: Math.max(before?.to ?? 0, reached), streams });
  }
  return { predicates: Object.fromEntries(next), ...rescan };
}
