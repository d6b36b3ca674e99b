import type { DumpReader, DumpWriter, Stored } from './columns/dump.js';

/**
 * Makes a set of facts indifferent to the order of changes, however they are interleaved: what would take a fact beyond
 * once present, or below absent, is remembered here and settles against the change that follows. Empty in the long run.
 */
export class Surplus implements Stored {
  /** By fact id; above zero only for facts that are present, below only for facts that are absent. */
  readonly #open = new Map<string, number>();

  /** @returns whether the change is to be carried out: to be added when absent, or removed when `present`. */
  admits(factId: string, weight: 1 | -1, present: boolean): boolean {
    const open = this.#open.size === 0 ? 0 : (this.#open.get(factId) ?? 0);
    const carriedOut = weight === 1 ? !present && open === 0 : present && open === 0;
    if (carriedOut) return true;
    if (open + weight === 0) this.#open.delete(factId);
    else this.#open.set(factId, open + weight);
    return false;
  }

  save(to: DumpWriter): void {
    to.value([...this.#open]);
  }

  restore(from: DumpReader): void {
    for (const [factId, open] of from.value<[string, number][]>()) this.#open.set(factId, open);
  }
}
