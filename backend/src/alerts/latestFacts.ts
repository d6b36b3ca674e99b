import type { Change, FactType } from '../events/fact.js';

/**
 * When the latest fact of each kind happened, without asking the read model at every batch: what comes moves the time on,
 * and only when a fact that could be the latest is withdrawn, or at the start, the read model is asked again.
 */
export class LatestFacts {
  readonly #atMs = new Map<FactType, number | null>();
  /** How often changes came: an answer that they overtook is not kept. */
  #applied = 0;

  /** @param ask event time of the latest canonical fact of the type, in ms, from all that was folded; null: there is none */
  constructor(private readonly ask: (type: FactType) => Promise<number | null>) {}

  /** To be told of every change that is folded. */
  apply(changes: readonly Change[]): void {
    this.#applied += 1;
    for (const { fact, weight } of changes) {
      const known = this.#atMs.get(fact.type);
      if (known === undefined) continue;
      if (weight === 1) this.#atMs.set(fact.type, Math.max(known ?? fact.atMs, fact.atMs));
      else if (known === null || fact.atMs >= known) this.#atMs.delete(fact.type);
    }
  }

  async latestMs(types: readonly FactType[]): Promise<number | null> {
    const found = await Promise.all(types.map((type) => this.#latestOf(type)));
    return found.reduce((latest, atMs) => (atMs === null ? latest : Math.max(latest ?? atMs, atMs)), null);
  }

  async #latestOf(type: FactType): Promise<number | null> {
    const known = this.#atMs.get(type);
    if (known !== undefined) return known;
    const before = this.#applied;
    const asked = await this.ask(type);
    if (before === this.#applied) this.#atMs.set(type, asked);
    return asked;
  }
}
