/** One value, computed anew only when what it depends on is another. */
export class Memo<Value> {
  #kept: { readonly basis: string; readonly value: Value } | undefined;

  get(basis: string, compute: () => Value): Value {
    if (this.#kept?.basis !== basis) this.#kept = { basis, value: compute() };
    return this.#kept.value;
  }
}
