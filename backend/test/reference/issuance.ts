import { daysOf, lastMonths, lastWeeks, monthOf, weekOf, dayOf, type DayRange } from './calendar.js';
import type { Fact } from './facts.js';
import { atMost100, recordOf, tally } from './numbers.js';
import { badgesIn } from './state.js';
import { topBadges } from './distribution.js';

/** The issuance part of section 5: badges issued, revoked ones included, by time, category, level and issuer. */
export function issuance(facts: readonly Fact[], nowMs: number, range: DayRange) {
  const badges = badgesIn(facts);
  const today = dayOf(nowMs);
  const count = (matches: (day: string) => boolean): number => badges.filter(({ day }) => matches(day)).length;
  return {
    totalBadgesIssued: badges.length,
    totalBadgesRevoked: badges.filter((badge) => badge.revokedDay !== undefined).length,
    activeBadges: badges.filter((badge) => badge.revokedDay === undefined).length,
    badgesIssuedToday: count((day) => day === today),
    badgesIssuedThisWeek: count((day) => weekOf(day) === weekOf(today)),
    badgesIssuedThisMonth: count((day) => monthOf(day) === monthOf(today)),
    dailyIssuance: daysOf(range).map((date) => ({ date, count: count((day) => day === date) })),
    weeklyIssuance: lastWeeks(today, 12).map((week) => ({ week, count: count((day) => weekOf(day) === week) })),
    monthlyIssuance: lastMonths(today, 12).map((month) => ({ month, count: count((day) => monthOf(day) === month) })),
    byCategory: recordOf(atMost100(tally(badges.map(({ category }) => category)))),
    byLevel: recordOf(atMost100(tally(badges.map(({ level }) => String(level))))),
    byIssuer: recordOf(tally(badges.map(({ issuer }) => issuer)).slice(0, 20)),
    topBadges: topBadges(facts, nowMs, 15),
  };
}
