import { dayOf, lastDays, type DayRange } from './calendar.js';
import { community } from './community.js';
import { distribution } from './distribution.js';
import type { Fact } from './facts.js';
import { headline } from './headline.js';
import { issuance } from './issuance.js';
import { average, percentage } from './numbers.js';
import { badgesIn, communitiesIn, usersIn } from './state.js';
import { userEngagement, users } from './users.js';

/**
 * Every metric of DESIGN section 5, computed from an array of canonical facts in any order, slowly and obviously. It
 * shares no line with `backend/src`: what the service shows is held against it.
 *
 * @param facts the canonical facts, each once
 * @param nowMs the moment of the answer, ms since the epoch
 * @param range UTC days of the day series and the headline; the last 30 days when left out
 */
export function reference(facts: readonly Fact[], nowMs: number, range: DayRange = lastDays(dayOf(nowMs), 30)) {
  return {
    issuance: issuance(facts, nowMs, range),
    community: community(facts, nowMs, range),
    users: users(facts, nowMs, range),
    distribution: distribution(facts, nowMs),
    metrics: coreMetrics(facts),
    headline: headline(facts, range),
  };
}

export function coreMetrics(facts: readonly Fact[]) {
  const issued = badgesIn(facts).length;
  const people = usersIn(facts).length;
  return {
    totalBadgesIssued: issued,
    totalUsers: people,
    totalCommunities: communitiesIn(facts).length,
    averageBadgesPerUser: average(issued, people),
    engagementRate: percentage(userEngagement(facts).usersWithBadges, people),
  };
}
