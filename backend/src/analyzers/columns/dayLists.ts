import { together, type Stored } from './dump.js';
import { Rows } from './rows.js';

/**
 * For each owner (a user, a membership, a template) the days on which something happened and how often: a list linked
 * through typed rows, latest day first, so that what arrives in order costs one step. 12 bytes a day, 4 an owner.
 * A count may be below zero while a removal has come before its addition; such a day counts as absent.
 */
const NEXT = 0;
const DAY = 1;
const COUNT = 2;

/** No such day; sorts before every day. */
export const NO_DAY = -0x8000_0000;

/** What adding to a day did to the set of days present. */
export interface DayChange {
  /** 1: the day joined the set; −1: it left; 0: the set is the same. */
  readonly change: 1 | 0 | -1;
  /** The nearest earlier and later days present, or `NO_DAY`. */
  readonly older: number;
  readonly newer: number;
}

export class DayLists {
  readonly #nodes = new Rows(3);
  readonly #heads: Rows;
  readonly #head: number;
  readonly stored: Stored;

  /** @param owners keep where their lists begin, each in a field of its row, and are stored by whom they belong to. */
  constructor(owners?: { readonly rows: Rows; readonly field: number }) {
    this.#heads = owners?.rows ?? new Rows(1);
    this.#head = owners?.field ?? 0;
    this.stored = owners === undefined ? together(this.#heads, this.#nodes) : this.#nodes;
  }

  add(owner: number, day: number, weight: number): DayChange {
    const nodes = this.#nodes;
    let newer = NO_DAY;
    let previous = 0;
    let node = this.#heads.get(owner, this.#head);
    while (node !== 0 && nodes.get(node, DAY) > day) {
      if (nodes.get(node, COUNT) > 0) newer = nodes.get(node, DAY);
      previous = node;
      node = nodes.get(node, NEXT);
    }
    const found = node !== 0 && nodes.get(node, DAY) === day;
    const following = found ? nodes.get(node, NEXT) : node;
    const before = found ? nodes.get(node, COUNT) : 0;
    const after = before + weight;
    if (!found) {
      const added = nodes.add();
      nodes.set(added, NEXT, following);
      nodes.set(added, DAY, day);
      nodes.set(added, COUNT, after);
      this.#link(owner, previous, added);
    } else if (after !== 0) {
      nodes.set(node, COUNT, after);
    } else {
      this.#link(owner, previous, following);
      nodes.free(node);
    }
    const change = after > 0 === before > 0 ? 0 : after > 0 ? 1 : -1;
    return { change, older: this.#dayOf(this.#present(following)), newer };
  }

  /** As `Rows.fetch`, for the owners and the latest day of each. */
  fetch(owners: Int32Array, count: number): number {
    const nodes = new Int32Array(count);
    for (let at = 0; at < count; at++) nodes[at] = this.#heads.get(owners[at] ?? 0, this.#head);
    return this.#nodes.fetch(nodes, count, DAY);
  }

  latest(owner: number): number {
    return this.#dayOf(this.#present(this.#heads.get(owner, this.#head)));
  }

  earliest(owner: number): number {
    let earliest = NO_DAY;
    this.forEach(owner, (day) => {
      earliest = day;
    });
    return earliest;
  }

  /** The days present, latest first, from the latest down to `from`: what came before costs nothing. */
  forEach(owner: number, visit: (day: number, count: number) => void, from = NO_DAY): void {
    let node = this.#present(this.#heads.get(owner, this.#head));
    while (node !== 0) {
      const day = this.#nodes.get(node, DAY);
      if (day < from) return;
      visit(day, this.#nodes.get(node, COUNT));
      node = this.#present(this.#nodes.get(node, NEXT));
    }
  }

  /** The node itself or the first after it whose day is present. */
  #present(node: number): number {
    let present = node;
    while (present !== 0 && this.#nodes.get(present, COUNT) <= 0) present = this.#nodes.get(present, NEXT);
    return present;
  }

  #dayOf(node: number): number {
    return node === 0 ? NO_DAY : this.#nodes.get(node, DAY);
  }

  #link(owner: number, previous: number, node: number): void {
    if (previous === 0) this.#heads.set(owner, this.#head, node);
    else this.#nodes.set(previous, NEXT, node);
  }
}
