import type { PredicateState } from '../contract/index.js';
import { isDead, isScanning } from './chainhookNode.js';

/**
 * Which predicates have not come to the end of their scan, and how far each is known to have come. Predicates scan on
 * their own: while one brings the newest blocks, another may be years behind. Registered anew, it goes on from where it
 * was, not from the newest block, which would leave a hole.
 */
export type Scans = Readonly<Record<string, number>>;

/** Keeps them over restarts, with the log: one that is older than the log's blocks costs time, a newer one would cost blocks. */
export interface ScanStore {
  load(): Promise<Scans>;
  /** Durable when it resolves. */
  save(scans: Scans): Promise<void>;
}

/** Height up to which all blocks of predicate `name` have been delivered; undefined when none were. */
export function completeTo(scans: Scans, name: string, tip: number | undefined): number | undefined {
  const reached = scans[name];
  return reached === undefined || tip === undefined ? (reached ?? tip) : Math.min(reached, tip);
}

/** Each predicate begins a scan: all are unfinished, and as far as they were. @param none where they
 * begin when nothing was delivered. */
export function begun(scans: Scans, names: readonly string[], tip: number | undefined, none: number): Scans {
  return Object.fromEntries(names.map((name) => [name, completeTo(scans, name, tip) ?? none]));
}

/** After a look at the node: what streams has finished, what scans has come as far as the node says. */
export function advanced(scans: Scans, seen: readonly PredicateState[]): Scans {
  const next = new Map(Object.entries(scans));
  for (const state of seen) {
    const { name, lastBlock } = state;
    const before = next.get(name);
    if (before === undefined || isDead(state)) continue;
    if (!isScanning(state)) next.delete(name);
    else if (lastBlock !== null) next.set(name, Math.max(before, lastBlock));
  }
  return Object.fromEntries(next);
}
