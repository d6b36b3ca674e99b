import { Counter } from './columns/counter.js';
import { DayLists, NO_DAY } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { Pairs } from './columns/pairs.js';

/** Distinct memberships: pairs of a community and a principal, from the day of the earliest fact that says so. */
export class Memberships {
  readonly #pairs = new Pairs();
  readonly #days = new DayLists();
  readonly #byCommunity = new Counter();
  /** Memberships by the day they began. */
  readonly byDay = new Counter();
  readonly stored = together(this.#pairs.stored, this.#days.stored, this.#byCommunity, this.byDay);

  /** @param touch told of each day whose memberships change */
  constructor(private readonly touch: (day: number) => void) {}

  /** One more, or one less, fact that says that `user` is a member. */
  add(community: number, user: number, day: number, weight: 1 | -1): void {
    const membership = this.#pairs.numberOf(community, user);
    this.#count(community, this.#days.earliest(membership), -1);
    this.#days.add(membership, day, weight);
    this.#count(community, this.#days.earliest(membership), 1);
  }

  get total(): number {
    return this.byDay.total;
  }

  of(community: number): number {
    return this.#byCommunity.get(community);
  }

  #count(community: number, began: number, weight: 1 | -1): void {
    if (began === NO_DAY) return;
    this.touch(began);
    this.byDay.add(began, weight);
    this.#byCommunity.add(community, weight);
  }
}
