import {
  dayOf,
  daysOf,
  hourOf,
  lastDays,
  lastMonths,
  lastWeeks,
  monthOf,
  plusDays,
  plusMonths,
  weekOf,
  within,
  type DayRange,
} from './calendar.js';
import type { Fact } from './facts.js';
import { average, change, distinct, percentage } from './numbers.js';
import { badgesIn, usersIn } from './state.js';

/** The users part of section 5: when principals were first seen, when they received badges, and who came back. */
export function users(facts: readonly Fact[], nowMs: number, range: DayRange) {
  const badges = badgesIn(facts);
  const seen = usersIn(facts);
  const today = dayOf(nowMs);
  const newUsers = (matches: (day: string) => boolean): number =>
    seen.filter(({ firstSeenDay }) => matches(firstSeenDay)).length;
  const activeUsers = (matches: (day: string) => boolean): number =>
    distinct(badges.filter(({ day }) => matches(day)).map(({ recipient }) => recipient)).length;
  const newInWeek = (week: string): number => newUsers((day) => weekOf(day) === week);
  const newInMonth = (month: string): number => newUsers((day) => monthOf(day) === month);
  const perHour = hourlyIssuance(facts, nowMs);
  const most = Math.max(...perHour);
  return {
    totalUsers: seen.length,
    newUsersToday: newUsers((day) => day === today),
    newUsersThisWeek: newInWeek(weekOf(today)),
    newUsersThisMonth: newInMonth(monthOf(today)),
    dailyNewUsers: daysOf(range).map((date) => ({ date, count: newUsers((day) => day === date) })),
    weeklyNewUsers: lastWeeks(today, 12).map((week) => ({ week, count: newInWeek(week) })),
    monthlyNewUsers: lastMonths(today, 12).map((month) => ({ month, count: newInMonth(month) })),
    activeUsersToday: activeUsers((day) => day === today),
    activeUsersThisWeek: activeUsers((day) => weekOf(day) === weekOf(today)),
    activeUsersThisMonth: activeUsers((day) => monthOf(day) === monthOf(today)),
    dailyActiveUsers: daysOf(range).map((date) => ({ date, count: activeUsers((day) => day === date) })),
    retentionRate: retentionRate(facts, nowMs),
    retentionCohorts: retentionCohorts(facts, nowMs),
    averageBadgesPerUser: average(badges.length, seen.length),
    userEngagement: userEngagement(facts),
    peakHour: perHour.indexOf(most),
    hourlyIssuance: perHour,
    weeklyGrowth: change(newInWeek(weekOf(today)), newInWeek(weekOf(plusDays(today, -7)))),
    monthlyGrowth: change(newInMonth(monthOf(today)), newInMonth(plusMonths(monthOf(today), -1))),
  };
}

/** Of the users first seen 31–60 days ago, the % that received a badge in the last 30 days. */
export function retentionRate(facts: readonly Fact[], nowMs: number): number {
  const badges = badgesIn(facts);
  const today = dayOf(nowMs);
  const then = { from: plusDays(today, -60), to: plusDays(today, -31) };
  const came = usersIn(facts).filter(({ firstSeenDay }) => within(then, firstSeenDay));
  const stayed = came.filter(({ principal }) =>
    badges.some(({ recipient, day }) => recipient === principal && within(lastDays(today, 30), day)),
  );
  return percentage(stayed.length, came.length);
}

function retentionCohorts(facts: readonly Fact[], nowMs: number) {
  const badges = badgesIn(facts);
  const seen = usersIn(facts);
  const months = lastMonths(dayOf(nowMs), 12);
  return months.map((cohort, index) => {
    const members = seen.filter(({ firstSeenDay }) => monthOf(firstSeenDay) === cohort);
    const retained = months
      .slice(index)
      .map(
        (month) =>
          members.filter(({ principal }) =>
            badges.some(({ recipient, day }) => recipient === principal && monthOf(day) === month),
          ).length,
      );
    return { cohort, size: members.length, retained };
  });
}

export function userEngagement(facts: readonly Fact[]) {
  const badges = badgesIn(facts);
  const counts = usersIn(facts).map(
    ({ principal }) => badges.filter(({ recipient }) => recipient === principal).length,
  );
  return {
    usersWithBadges: counts.filter((count) => count > 0).length,
    usersWithMultipleBadges: counts.filter((count) => count > 1).length,
    usersWithNoBadges: counts.filter((count) => count === 0).length,
  };
}

/** Badges issued in the last 30 days by UTC hour of the day. */
function hourlyIssuance(facts: readonly Fact[], nowMs: number): number[] {
  const recent = badgesIn(facts).filter(({ day }) => within(lastDays(dayOf(nowMs), 30), day));
  return Array.from({ length: 24 }, (_, hour) => recent.filter(({ atMs }) => hourOf(atMs) === hour).length);
}
