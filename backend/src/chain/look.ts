import type { PredicateState } from '../contract/index.js';
import type { ChainhookNode } from './chainhookNode.js';
import type { PrintPredicate } from './predicates.js';

/** What a node says of each of our predicates. One that it cannot tell of hides no other. */
export interface Look {
  /** Of all. */
  readonly states: PredicateState[];
  /** Of those that it told of. */
  readonly told: readonly PredicateState[];
  /** Uuids of those that it does not know, or not yet. */
  readonly unknown: ReadonlySet<string>;
  /** Height of the newest block that it told of. */
  readonly tip: number | undefined;
  /** Why others could not be told of. */
  readonly failures: readonly unknown[];
}

/**
 * @param before what was known of them: how far one was that cannot be told of now
 * @throws {ChainhookNodeError} when the node is not there
 */
export async function look(
  node: ChainhookNode,
  predicates: readonly Pick<PrintPredicate, 'name' | 'uuid'>[],
  before: readonly PredicateState[],
): Promise<Look> {
  const tip = await node.ping();
  const failures: unknown[] = [];
  const unknown = new Set<string>();
  const told: PredicateState[] = [];
  // At once: one that is not answered takes its time.
  const states = await Promise.all(
    predicates.map(async ({ name, uuid }) => {
      try {
        const seen = await node.status(uuid);
        const state = { name, uuid, status: seen?.status ?? 'unknown to the node', lastBlock: seen?.lastBlock ?? null };
        if (seen === undefined) unknown.add(uuid);
        else told.push(state);
        return state;
      } catch (error) {
        failures.push(error);
        const lastBlock = before.find((state) => state.uuid === uuid)?.lastBlock ?? null;
        return { name, uuid, status: 'not told by the node', lastBlock };
      }
    }),
  );
  const tips = [tip, ...told.map(({ lastBlock }) => lastBlock)].filter((height) => typeof height === 'number');
  return { states, told, unknown, tip: tips.length > 0 ? Math.max(...tips) : undefined, failures };
}
