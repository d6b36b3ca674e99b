import type { DayRange } from './calendar.js';
import { Counter } from './columns/counter.js';
import { NO_DAY, type DayChange } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { Grid } from './columns/grid.js';

/**
 * How many distinct users were active in any range of days, exactly and without looking at users. A user's active days
 * in the range, less the steps from one of them to the next, are 1; summed over all users, days less steps are the users.
 */
export class ActiveDays {
  /** Users active on each day. */
  readonly byDay = new Counter();
  /** Users by two consecutive active days of theirs, the newer one first: what comes live lies together. */
  readonly #steps = new Grid();
  readonly stored = together(this.byDay, this.#steps.stored);

  /** A day joined or left the active days of one user. */
  changed(day: number, { change, older, newer }: DayChange): void {
    this.byDay.add(day, change);
    if (older !== NO_DAY) this.#steps.add(day, older, change);
    if (newer !== NO_DAY) this.#steps.add(newer, day, change);
    if (older !== NO_DAY && newer !== NO_DAY) this.#steps.add(newer, older, -change);
  }

  distinctIn(range: DayRange): number {
    return this.byDay.sum(range) - this.#steps.sumWithin(range, range);
  }
}
