import type { UserMetrics } from '../contract/index.js';
import { ActiveDays } from './activeDays.js';
import { daysOfMonth, daysOfWeek, lastDays, monthOf, startOfDay, weekOf, type DayRange } from './calendar.js';
import { Counter } from './columns/counter.js';
import { DayLists, NO_DAY } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { Rows } from './columns/rows.js';
import { average, change, percentage } from './numbers.js';
import { Retention } from './retention.js';
import { daily, monthly, thisPeriod, weekly } from './series.js';

/**
 * Users: when each was first seen, how many badges each was issued and on which days. A user here is the number of a
 * principal; per user there are four numbers in columns and 12 bytes for each day, nothing else.
 */
type Standing = Omit<UserMetrics, 'dailyNewUsers' | 'dailyActiveUsers'>;

/** Fields of a user's row: what one badge changes lies side by side. Of badges how many were issued. */
const BADGES = 0;
/** First day seen, as its difference to `NO_DAY` in bits: 0, which a new row holds, is never. */
const FIRST_DAY = 1;
/** Where the lists of days begin. */
const BADGE_DAYS = 2;
const OTHER_DAYS = 3;
const WIDTH = 4;

export class Users {
  readonly #rows = new Rows(WIDTH);
  readonly #badgeDays = new DayLists({ rows: this.#rows, field: BADGE_DAYS });
  readonly #otherDays = new DayLists({ rows: this.#rows, field: OTHER_DAYS });
  readonly #newByDay = new Counter();
  /** Users with at least one badge (key 1) and with at least two (key 2). */
  readonly #withBadges = new Counter();
  readonly #active = new ActiveDays();
  readonly #retention = new Retention();
  readonly stored = together(
    this.#rows,
    this.#badgeDays.stored,
    this.#otherDays.stored,
    this.#newByDay,
    this.#withBadges,
    this.#active.stored,
    this.#retention.stored,
  );

  /** @param touch told of each day whose new users change */
  constructor(private readonly touch: (day: number) => void) {}

  /** The user was seen otherwise than by a badge. */
  seen(user: number, day: number, weight: 1 | -1): void {
    // Also when the day stays the first: the hour may be another.
    this.touch(day);
    const { change: joined } = this.#otherDays.add(user, day, weight);
    if (joined === 1) this.#moveFirst(user, earlier(this.#first(user), day));
    if (joined === -1) this.#forget(user, day);
  }

  /** The user was issued a badge, or is not any more. */
  issued(user: number, day: number, weight: 1 | -1): void {
    const before = this.#rows.get(user, BADGES);
    const after = before + weight;
    this.#rows.set(user, BADGES, after);
    const more = Math.max(before, after);
    if (more <= 2) this.#withBadges.add(more, weight);

    if (weight === 1) this.#moveFirst(user, earlier(this.#first(user), day));
    const changed = this.#badgeDays.add(user, day, weight);
    if (changed.change === 0) return;
    this.#active.changed(day, changed);
    this.#retention.changed(this.#first(user), day, changed);
    if (weight === -1) this.#forget(user, day);
  }

  /** As `Rows.fetch`, for what a badge changes of its recipient. */
  fetch(users: Int32Array, count: number): number {
    return this.#badgeDays.fetch(users, count);
  }

  get total(): number {
    return this.#newByDay.total;
  }

  get withBadges(): number {
    return this.#withBadges.get(1);
  }

  newIn(range: DayRange): number {
    return this.#newByDay.sum(range);
  }

  newBefore(day: number): number {
    return this.#newByDay.sumBelow(day);
  }

  /** Distinct recipients of badges in the range. */
  activeIn(range: DayRange): number {
    return this.#active.distinctIn(range);
  }

  daily(range: DayRange): Pick<UserMetrics, 'dailyNewUsers' | 'dailyActiveUsers'> {
    return { dailyNewUsers: daily(this.#newByDay, range), dailyActiveUsers: daily(this.#active.byDay, range) };
  }

  /** All that does not depend on the range. @param hourlyIssuance badges of the last 30 days by hour of the day. */
  standing(today: number, badgesIssued: number, hourlyIssuance: number[]): Standing {
    const period = thisPeriod(this.#newByDay, today);
    return {
      totalUsers: this.total,
      newUsersToday: period.today,
      newUsersThisWeek: period.week,
      newUsersThisMonth: period.month,
      weeklyNewUsers: weekly(this.#newByDay, today),
      monthlyNewUsers: monthly(this.#newByDay, today),
      activeUsersToday: this.#active.byDay.get(today),
      activeUsersThisWeek: this.activeIn(daysOfWeek(weekOf(today))),
      activeUsersThisMonth: this.activeIn(daysOfMonth(monthOf(today))),
      retentionRate: this.#retentionRate(today),
      retentionCohorts: this.#retention.cohorts(today, this.#newByDay),
      averageBadgesPerUser: average(badgesIssued, this.total),
      userEngagement: {
        usersWithBadges: this.withBadges,
        usersWithMultipleBadges: this.#withBadges.get(2),
        usersWithNoBadges: this.total - this.withBadges,
      },
      peakHour: hourlyIssuance.indexOf(Math.max(...hourlyIssuance)),
      hourlyIssuance,
      weeklyGrowth: change(period.week, this.newIn(daysOfWeek(weekOf(today) - 1))),
      monthlyGrowth: change(period.month, this.newIn(daysOfMonth(monthOf(today) - 1))),
    };
  }

  #first(user: number): number {
    return this.#rows.get(user, FIRST_DAY) ^ NO_DAY;
  }

  /** A day left one of the user's lists: when it was the first, the next one is. */
  #forget(user: number, day: number): void {
    if (day !== this.#first(user)) return;
    this.#moveFirst(user, earlier(this.#badgeDays.earliest(user), this.#otherDays.earliest(user)));
  }

  #moveFirst(user: number, to: number): void {
    const from = this.#first(user);
    if (from === to) return;
    if (from !== NO_DAY) this.#countFirst(from, -1);
    if (to !== NO_DAY) this.#countFirst(to, 1);
    const badgeDays: number[] = [];
    this.#badgeDays.forEach(user, (day) => badgeDays.push(day));
    this.#retention.moved(from, to, badgeDays);
    this.#rows.set(user, FIRST_DAY, to ^ NO_DAY);
  }

  #countFirst(day: number, weight: 1 | -1): void {
    this.touch(day);
    this.#newByDay.add(day, weight);
  }

  #retentionRate(today: number): number {
    const cohort = { from: today - 60, to: today - 31 };
    const recent = lastDays(30, startOfDay(today));
    const stayed = this.#retention.withLatestIn(cohort, recent) + this.#stayedAndReturnedLater(cohort, recent);
    return percentage(stayed, this.newIn(cohort));
  }

  /** Users whose latest badge lies after today: there are some only while the clock is behind the chain's. */
  #stayedAndReturnedLater(cohort: DayRange, recent: DayRange): number {
    if (this.#active.byDay.sumBelow(recent.to + 1) === this.#active.byDay.total) return 0;
    let stayed = 0;
    for (let user = 1; user < this.#rows.length; user++) {
      if (!isWithin(cohort, this.#first(user)) || this.#badgeDays.latest(user) <= recent.to) continue;
      let received = false;
      this.#badgeDays.forEach(user, (day) => {
        received ||= isWithin(recent, day);
      });
      if (received) stayed += 1;
    }
    return stayed;
  }
}

const isWithin = ({ from, to }: DayRange, day: number): boolean => from <= day && day <= to;

/** The earlier of two days, either of which may be none. */
function earlier(a: number, b: number): number {
  if (a === NO_DAY) return b;
  return b === NO_DAY ? a : Math.min(a, b);
}
