import type { Random } from '../../../scripts/demo/random.js';

/** What keeps the log. */
export const STORES = ['lmdb', 'mongodb'] as const;
export type StoreName = (typeof STORES)[number];

/**
 * Where a service is killed: the points of `failPoints.mjs`, each of a phase, and what a chain node or an operator must do
 * for the process to get there.
 */
export interface FailPoint {
  /** `phase, place`. */
  readonly name: string;
  /**
   * `deliver`: deliveries alone. `snapshot`, `read`: snapshots, or lists, are asked for beside them. `end`: SIGTERM while
   * deliveries are under way. `start`: the start alone.
   */
  readonly reachedBy: 'deliver' | 'snapshot' | 'read' | 'end' | 'start';
  /** A life comes to the point this many times at least, if it lasts for a few deliveries. */
  readonly times: number;
  /** Undefined: whatever the store. */
  readonly store?: StoreName;
}

const FAIL_POINTS: readonly FailPoint[] = [
  { name: 'before the flush', reachedBy: 'deliver', times: 3 },
  { name: 'after the flush', reachedBy: 'deliver', times: 3 },
  { name: 'before the answer', reachedBy: 'deliver', times: 8 },
  { name: 'in a batch', reachedBy: 'deliver', times: 20 },
  { name: 'in a rollback, before its flush', reachedBy: 'deliver', times: 1 },
  { name: 'in a rollback, after its flush', reachedBy: 'deliver', times: 1 },
  { name: 'in a rollback, as it is folded', reachedBy: 'deliver', times: 2 },
  { name: 'in setting aside, before it is stored', reachedBy: 'deliver', times: 2 },
  { name: 'in setting aside, after it was stored', reachedBy: 'deliver', times: 2 },
  { name: 'in a checkpoint, half written', reachedBy: 'end', times: 2 },
  { name: 'in a checkpoint, before the rename', reachedBy: 'end', times: 1 },
  { name: 'in a checkpoint, after the rename', reachedBy: 'end', times: 1 },
  { name: 'in a checkpoint beside folding, half written', reachedBy: 'deliver', times: 2 },
  { name: 'in a checkpoint beside folding, before the rename', reachedBy: 'deliver', times: 1 },
  { name: 'in a checkpoint beside folding, after the rename', reachedBy: 'deliver', times: 1 },
  { name: 'in a snapshot, before it is stored', reachedBy: 'snapshot', times: 2 },
  { name: 'in a snapshot, after it was stored', reachedBy: 'snapshot', times: 2 },
  { name: 'in a snapshot, before the progress is stored', reachedBy: 'start', times: 1 },
  { name: "in the warehouse's catch-up, before the commit", reachedBy: 'deliver', times: 2 },
  { name: "in the warehouse's catch-up, after the commit", reachedBy: 'deliver', times: 2 },
  { name: "in the warehouse's derivation, before the commit", reachedBy: 'read', times: 2 },
  { name: "in the warehouse's derivation, after the commit", reachedBy: 'read', times: 2 },
  { name: 'during start, after the checkpoint was read', reachedBy: 'start', times: 1 },
  { name: 'during start, after the log was read', reachedBy: 'start', times: 1 },
  { name: 'during start, before the warehouse is open', reachedBy: 'start', times: 1 },
  { name: 'during start, after the warehouse was opened', reachedBy: 'start', times: 1 },
  { name: 'during start, in the fold of the log', reachedBy: 'start', times: 2 },
  { name: "at a term's beginning, with the lease alone", reachedBy: 'start', times: 1, store: 'mongodb' },
  { name: "at a term's beginning, with its entry in the log", reachedBy: 'start', times: 1, store: 'mongodb' },
];

/** A kill from outside, whatever the process is at. */
export const AT_ANY_MOMENT = 'at any moment';

export const phaseOf = (point: string): string => point.split(',')[0] ?? point;

const pointsOf = (store: StoreName): FailPoint[] =>
  FAIL_POINTS.filter((point) => point.store === undefined || point.store === store);

/** Those that every start of a service with something to fold comes to. */
export const START_POINTS: readonly string[] = FAIL_POINTS.map(({ name }) => name).filter(
  (name) => phaseOf(name) === 'during start',
);

/** What a process may be killed at. */
export const namesOf = (store: StoreName): string[] => [...pointsOf(store).map(({ name }) => name), AT_ANY_MOMENT];

const phasesOf = (store: StoreName): string[] => [...new Set(namesOf(store).map(phaseOf))];

/** Null: at any moment. */
export type Target = FailPoint | null;

/** Every point, and every phase twice at least. */
export function roundOf(store: StoreName): Target[] {
  const points = pointsOf(store);
  const alone = points.filter(
    ({ name }) => points.filter((other) => phaseOf(other.name) === phaseOf(name)).length === 1,
  );
  return [...points, ...alone, null, null];
}

/** One point of each phase. */
export function onceEach(store: StoreName, random: Random): Target[] {
  return phasesOf(store).map((phase) =>
    phase === AT_ANY_MOMENT
      ? null
      : (random.pick(pointsOf(store).filter(({ name }) => phaseOf(name) === phase)) ?? null),
  );
}

/**
 * Endless targets, in rounds that are shuffled. One after the other they make a process die in every phase with what a
 * death in any other phase has left.
 */
export function* targets(random: Random, store: StoreName): Generator<Target, never> {
  for (;;) yield* shuffled(roundOf(store), random);
}

export function shuffled<T>(given: readonly T[], random: Random): T[] {
  const left = [...given];
  return given.flatMap(() => left.splice(random.whole(0, left.length - 1), 1));
}
