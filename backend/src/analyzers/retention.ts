import type { RetentionCohort } from '../contract/index.js';
import { daysOfMonth, monthName, monthOf, type DayRange } from './calendar.js';
import type { Counter } from './columns/counter.js';
import { NO_DAY, type DayChange } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { Grid } from './columns/grid.js';
import { upTo } from './series.js';

/** Who came back: users by when they were first seen and when they received badges. */
export class Retention {
  /** Users by (day of their latest badge, day first seen): what comes live lies together. */
  readonly #firstByLatest = new Grid();
  /** Users by (month first seen, month in which they received a badge). */
  readonly #monthsByFirst = new Grid();
  readonly stored = together(this.#firstByLatest.stored, this.#monthsByFirst.stored);

  /** A day joined or left the badge days of a user first seen on `first`. */
  changed(first: number, day: number, { change, older, newer }: DayChange): void {
    if (newer === NO_DAY) {
      this.#firstByLatest.add(day, first, change);
      if (older !== NO_DAY) this.#firstByLatest.add(older, first, -change);
    }
    const month = monthOf(day);
    const alone = (neighbour: number): boolean => neighbour === NO_DAY || monthOf(neighbour) !== month;
    if (alone(older) && alone(newer)) this.#monthsByFirst.add(monthOf(first), month, change);
  }

  /** A user's first day moved. @param days the badge days of that user, latest first. */
  moved(from: number, to: number, days: readonly number[]): void {
    const latest = days[0];
    if (latest === undefined) return;
    this.#firstByLatest.add(latest, from, -1);
    this.#firstByLatest.add(latest, to, 1);
    if (monthOf(from) === monthOf(to)) return;
    for (const month of new Set(days.map(monthOf))) {
      this.#monthsByFirst.add(monthOf(from), month, -1);
      this.#monthsByFirst.add(monthOf(to), month, 1);
    }
  }

  /** Users first seen in one range whose latest badge is in another. */
  withLatestIn(firsts: DayRange, latests: DayRange): number {
    return this.#firstByLatest.sumWithin(latests, firsts);
  }

  /** The last 12 months of first sight, oldest first. @param newByDay users by day first seen. */
  cohorts(today: number, newByDay: Counter): RetentionCohort[] {
    const months = upTo(monthOf(today));
    return months.map((cohort, index) => ({
      cohort: monthName(cohort),
      size: newByDay.sum(daysOfMonth(cohort)),
      retained: months.slice(index).map((month) => this.#monthsByFirst.get(cohort, month)),
    }));
  }
}
