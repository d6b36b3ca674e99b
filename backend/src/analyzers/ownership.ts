/**
 * Which communities each principal owns, and which of them the principal's badges belong to: asked for with each badge,
 * and changed with few.
 */
interface Owned {
  readonly communities: Set<number>;
  /** The one that comes before all others. */
  first: number;
}

export class Ownership {
  readonly #byOwner = new Map<string, Owned>();

  /** @param comesBefore a total order of communities; who owns one that moves in it is to be told by `changed`. */
  constructor(private readonly comesBefore: (community: number, rival: number) => boolean) {}

  /** The community that comes first of those that this principal owns, 0 if there is none. */
  firstOf(owner: string): number {
    return this.#byOwner.get(owner)?.first ?? 0;
  }

  /** The community went from one owner to another, either of which may be none, or moved in the order. */
  changed(community: number, before: string | undefined, after: string | undefined): void {
    if (before !== undefined && before !== after) {
      const owned = this.#byOwner.get(before);
      owned?.communities.delete(community);
      if (owned?.communities.size === 0) this.#byOwner.delete(before);
      else if (owned?.first === community) this.#order(owned);
    }
    if (after === undefined) return;
    const owned = this.#byOwner.get(after) ?? { communities: new Set(), first: 0 };
    this.#byOwner.set(after, owned);
    const isNew = !owned.communities.has(community);
    owned.communities.add(community);
    if (!isNew) this.#order(owned);
    else if (owned.first === 0 || this.comesBefore(community, owned.first)) owned.first = community;
  }

  #order(owned: Owned): void {
    owned.first = [...owned.communities].reduce((first, rival) => (this.comesBefore(rival, first) ? rival : first));
  }
}
