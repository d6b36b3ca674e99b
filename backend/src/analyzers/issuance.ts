import type { IssuanceMetrics } from '../contract/index.js';
import type { Badge } from './badges.js';
import { dayOf, hourOf, lastDays, startOfDay, type DayRange } from './calendar.js';
import { Counter } from './columns/counter.js';
import { together } from './columns/dump.js';
import { Grades } from './grades.js';
import { recordOf, withOther } from './lists.js';
import type { Names } from './names.js';
import { daily, monthly, thisPeriod, weekly } from './series.js';
import type { Templates } from './templates.js';

/** Badges issued, revoked ones included, and badges revoked: by time, and by level and category as at the mint. */
type Standing = Omit<IssuanceMetrics, 'dailyIssuance' | 'byIssuer' | 'topBadges'>;

export class Issuance {
  readonly #byDay = new Counter();
  readonly #byHour = new Counter();
  readonly #revokedByDay = new Counter();
  readonly #grades: Grades;
  readonly stored;

  constructor(names: Names, templates: Templates) {
    this.#grades = new Grades(names, templates);
    this.stored = together(this.#byDay, this.#byHour, this.#revokedByDay, this.#grades.stored);
  }

  issued(badge: Badge, weight: 1 | -1): void {
    this.#byDay.add(dayOf(badge.atMs), weight);
    this.#byHour.add(hourOf(badge.atMs), weight);
    this.#grades.add(badge.print, badge.template, weight);
  }

  revoked(day: number, weight: 1 | -1): void {
    this.#revokedByDay.add(day, weight);
  }

  get total(): number {
    return this.#byDay.total;
  }

  /** Badges issued and not revoked. */
  get held(): number {
    return this.total - this.#revokedByDay.total;
  }

  issuedIn(range: DayRange): number {
    return this.#byDay.sum(range);
  }

  revokedIn(range: DayRange): number {
    return this.#revokedByDay.sum(range);
  }

  issuedBefore(day: number): number {
    return this.#byDay.sumBelow(day);
  }

  revokedBefore(day: number): number {
    return this.#revokedByDay.sumBelow(day);
  }

  daily(range: DayRange): IssuanceMetrics['dailyIssuance'] {
    return daily(this.#byDay, range);
  }

  /** Badges issued in the last 30 days by UTC hour of the day. */
  hourly(today: number): number[] {
    const { from, to } = lastDays(30, startOfDay(today));
    return Array.from({ length: 24 }, (_, hour) => {
      let count = 0;
      for (let day = from; day <= to; day++) count += this.#byHour.get(day * 24 + hour);
      return count;
    });
  }

  /** All that depends on neither the range nor templates and issuers one by one. */
  standing(today: number): Standing {
    const period = thisPeriod(this.#byDay, today);
    const { categories, levels } = this.#grades.totals();
    return {
      totalBadgesIssued: this.total,
      totalBadgesRevoked: this.#revokedByDay.total,
      activeBadges: this.held,
      badgesIssuedToday: period.today,
      badgesIssuedThisWeek: period.week,
      badgesIssuedThisMonth: period.month,
      weeklyIssuance: weekly(this.#byDay, today),
      monthlyIssuance: monthly(this.#byDay, today),
      byCategory: recordOf(withOther(categories)),
      byLevel: recordOf(withOther(levels)),
    };
  }
}
