import { daysOf, plusDays, within, type DayRange } from './calendar.js';
import type { Fact } from './facts.js';
import { change, distinct } from './numbers.js';
import { badgesIn, communitiesIn, membershipsIn, usersIn } from './state.js';

/** The headline of section 5: six numbers of the range, beside those of as many days just before it. */
export function headline(facts: readonly Fact[], range: DayRange) {
  const length = daysOf(range).length;
  const before = { from: plusDays(range.from, -length), to: plusDays(range.from, -1) };
  const values = figures(facts, range);
  const previous = figures(facts, before);
  return values.map(({ metric, value }, index) => {
    const earlier = previous[index]?.value ?? 0;
    return { metric, value, previous: earlier, change: change(value, earlier) };
  });
}

function figures(facts: readonly Fact[], range: DayRange) {
  const badges = badgesIn(facts);
  const issued = badges.filter(({ day }) => within(range, day));
  const revoked = badges.filter(({ revokedDay }) => revokedDay !== undefined && within(range, revokedDay));
  return [
    { metric: 'badgesIssued', value: issued.length },
    { metric: 'badgesRevoked', value: revoked.length },
    { metric: 'newUsers', value: usersIn(facts).filter(({ firstSeenDay }) => within(range, firstSeenDay)).length },
    { metric: 'activeUsers', value: distinct(issued.map(({ recipient }) => recipient)).length },
    { metric: 'newCommunities', value: communitiesIn(facts).filter(({ day }) => within(range, day)).length },
    { metric: 'newMembers', value: membershipsIn(facts).filter(({ day }) => within(range, day)).length },
  ];
}
