import type { DayRange } from './calendar.js';
import { Counter } from './columns/counter.js';
import { NO_DAY, type DayChange } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { Pairs } from './columns/pairs.js';

/**
 * How many distinct users were active in any range of days, exactly and without looking at users. A user's active days
 * in the range, less the steps from one of them to the next, are 1; summed over all users, days less steps are the users.
 */
export class ActiveDays {
  /** Users active on each day. */
  readonly byDay = new Counter();
  /** Users by two consecutive active days of theirs. */
  readonly #steps = new Pairs();
  readonly stored = together(this.byDay, this.#steps.stored);

  /** A day joined or left the active days of one user. */
  changed(day: number, { change, older, newer }: DayChange): void {
    this.byDay.add(day, change);
    if (older !== NO_DAY) this.#steps.count(older, day, change);
    if (newer !== NO_DAY) this.#steps.count(day, newer, change);
    if (older !== NO_DAY && newer !== NO_DAY) this.#steps.count(older, newer, -change);
  }

  distinctIn({ from, to }: DayRange): number {
    const days: number[] = [];
    for (let day = from; day <= to; day++) if (this.byDay.get(day) !== 0) days.push(day);
    return this.byDay.sum({ from, to }) - this.#stepsWithin(days, { from, to });
  }

  #stepsWithin(days: readonly number[], { from, to }: DayRange): number {
    let steps = 0;
    // For years, going through all pairs once is less than looking up each pair of days.
    if ((days.length * (days.length - 1)) / 2 > this.#steps.size) {
      this.#steps.forEach((older, newer, count) => {
        if (older >= from && newer <= to) steps += count;
      });
      return steps;
    }
    days.forEach((newer, index) => {
      for (let at = 0; at < index; at++) steps += this.#steps.countOf(days[at] ?? NO_DAY, newer);
    });
    return steps;
  }
}
