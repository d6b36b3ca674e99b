import { dayOf, daysOf, monthOf, weekOf, type DayRange } from './calendar.js';
import type { Fact } from './facts.js';
import { average, ranked } from './numbers.js';
import { badgesIn, communitiesIn, communityOf, membershipsIn } from './state.js';

/** The community part of section 5: communities, memberships, and the badges that belong to each. */
export function community(facts: readonly Fact[], nowMs: number, range: DayRange) {
  const communities = communitiesIn(facts);
  const memberships = membershipsIn(facts);
  const today = dayOf(nowMs);
  const created = (matches: (day: string) => boolean): number => communities.filter(({ day }) => matches(day)).length;
  return {
    totalCommunities: communities.length,
    activeCommunities: communities.filter(({ active }) => active).length,
    newCommunitiesToday: created((day) => day === today),
    newCommunitiesThisWeek: created((day) => weekOf(day) === weekOf(today)),
    newCommunitiesThisMonth: created((day) => monthOf(day) === monthOf(today)),
    totalMembers: memberships.length,
    averageMembersPerCommunity: average(memberships.length, communities.length),
    mostActiveCommunities: mostActiveCommunities(facts, 10),
    growthTrend: daysOf(range).map((date) => ({ date, count: created((day) => day === date) })),
    memberGrowthTrend: daysOf(range).map((date) => ({
      date,
      count: memberships.filter(({ day }) => day === date).length,
    })),
  };
}

/** Communities that were created, by the badges that belong to them. */
export function mostActiveCommunities(facts: readonly Fact[], limit: number) {
  const communities = communitiesIn(facts);
  const memberships = membershipsIn(facts);
  const owners = badgesIn(facts).map((badge) => communityOf(badge, communities));
  const rows = communities.map(({ communityId, name, owner, active }) => ({
    communityId,
    name,
    owner,
    active,
    members: memberships.filter((membership) => membership.communityId === communityId).length,
    badgesIssued: owners.filter((other) => other === communityId).length,
  }));
  return ranked(
    rows,
    ({ badgesIssued }) => badgesIssued,
    ({ communityId }) => communityId,
  ).slice(0, limit);
}
