import {
  dayOf,
  daysOf,
  hourOf,
  mondayOf,
  monthOf,
  plusDays,
  startOfDay,
  weekOf,
  within,
  type DayRange,
} from './calendar.js';
import { ofType, type Fact } from './facts.js';
import { change, distinct, ranked } from './numbers.js';
import { badgesIn, communitiesIn, communityOf, templatesIn, usersIn } from './state.js';

/** The query call: any metric over a range, by interval and group, filtered and compared (`docs/query.md`). */
export interface Query {
  readonly metric: string;
  readonly range: DayRange;
  readonly interval: 'hour' | 'day' | 'week' | 'month' | 'total';
  readonly groupBy: string;
  readonly limit: number;
  readonly filters: Readonly<Record<string, readonly (string | number)[] | undefined>>;
  readonly compare: 'none' | 'previous' | 'year';
}

/** One thing that a metric counts. */
interface Item {
  readonly atMs: number;
  /** When it ceases to count. */
  readonly endMs?: number | undefined;
  /** What is counted once, where a metric counts distinct ones. */
  readonly distinct?: string;
  readonly of: Readonly<Record<string, string | null>>;
}

const STANDING = ['totalBadgesIssued', 'activeBadges', 'totalUsers', 'totalCommunities', 'totalMembers'];

export function query(facts: readonly Fact[], asked: Query) {
  const { metric, range, interval, groupBy, limit, filters, compare } = asked;
  const items = itemsOf(facts, metric).filter(({ of }) =>
    Object.entries(filters).every(
      ([dimension, wanted]) => wanted === undefined || wanted.map(String).includes(String(of[dimension])),
    ),
  );
  const before = comparedTo(range, compare);
  const measured = (some: readonly Item[], days: DayRange) => ({
    total: STANDING.includes(metric) ? standingAt(some, endOf(days.to)) : countIn(some, days, () => true),
    values: bucketsOf(days, interval).map(({ matches, lastMs }) =>
      STANDING.includes(metric) ? standingAt(some, lastMs) : countIn(some, days, matches),
    ),
  });
  const compared = (some: readonly Item[]) => {
    const now = measured(some, range);
    if (before === undefined) return now;
    const then = measured(some, before);
    return { ...now, previous: { ...then, change: change(now.total, then.total) } };
  };
  const all = compared(items);
  const keyOf = ({ of }: Item): string | null => of[groupBy] ?? null;
  const counted = distinct(items.map(keyOf)).map((key) => ({
    key,
    total: measured(
      items.filter((item) => keyOf(item) === key),
      range,
    ).total,
  }));
  const groups = counted.filter(({ total }) => total > 0);
  const named = ranked(
    groups.filter(({ key }) => key !== null),
    ({ total }) => total,
    ({ key }) => String(key),
  );
  const none = groups.find(({ key }) => key === null);
  // What is in no group stands behind groups of the same count.
  const place = none === undefined ? 0 : named.filter(({ total }) => total >= none.total).length;
  const order = none === undefined ? named : [...named.slice(0, place), none, ...named.slice(place)];
  const shown = order.slice(0, groupBy === 'weekday' || groupBy === 'hour' ? 24 : limit).map(({ key }) => key);
  const rest = items.filter((item) => !shown.includes(keyOf(item)));
  const other = compared(rest);
  const hasOther = [...other.values, ...('previous' in other ? other.previous.values : [])].some(
    (value) => value !== 0,
  );
  const grouped = groupBy !== 'none';
  return {
    metric,
    kind: STANDING.includes(metric) ? 'standing' : 'flow',
    from: range.from,
    to: range.to,
    interval,
    groupBy,
    compare,
    filters,
    buckets: bucketsOf(range, interval).map(({ label }) => label),
    total: all.total,
    values: all.values,
    previous:
      before === undefined || !('previous' in all)
        ? null
        : { ...before, buckets: bucketsOf(before, interval).map(({ label }) => label), ...all.previous },
    groups: grouped ? groups.length : 0,
    series: grouped
      ? shown.map((key) => ({
          key,
          name: nameOf(facts, groupBy, key),
          ...compared(items.filter((item) => keyOf(item) === key)),
        }))
      : [],
    other: grouped && hasOther ? { key: null, name: 'Other', ...other } : null,
  };
}

function itemsOf(facts: readonly Fact[], metric: string): Item[] {
  const communities = communitiesIn(facts);
  const timed = (atMs: number) => ({
    weekday: String(Math.round((startOfDay(dayOf(atMs)) - startOfDay(mondayOf(dayOf(atMs)))) / 86_400_000) + 1),
    hour: String(hourOf(atMs)),
  });
  const badges = badgesIn(facts).map((badge) => ({
    badge,
    of: {
      badge: badge.templateId,
      issuer: badge.issuer,
      user: badge.recipient,
      community: communityOf(badge, communities) ?? null,
    },
    minted: { category: badge.category, level: String(badge.level) },
    held: { category: badge.heldCategory, level: String(badge.heldLevel) },
  }));
  const memberships = sightingsOfMembers(facts);
  switch (metric) {
    case 'badgesIssued':
    case 'totalBadgesIssued':
      return badges.map(({ badge: { atMs }, of, minted }) => ({ atMs, of: { ...of, ...minted, ...timed(atMs) } }));
    case 'activeUsers':
    case 'activeIssuers':
      return badges.map(({ badge: { atMs, recipient, issuer }, of, minted }) => ({
        atMs,
        distinct: metric === 'activeUsers' ? recipient : issuer,
        of: { ...of, ...minted, ...timed(atMs) },
      }));
    case 'badgesRevoked':
      return badges.flatMap(({ badge: { revokedMs }, of, minted }) =>
        revokedMs === undefined ? [] : [{ atMs: revokedMs, of: { ...of, ...minted, ...timed(revokedMs) } }],
      );
    case 'activeBadges':
      return badges.map(({ badge: { atMs, revokedMs }, of, held }) => ({
        atMs,
        endMs: revokedMs,
        of: { ...of, ...held },
      }));
    case 'newUsers':
    case 'totalUsers':
      return usersIn(facts).map(({ principal, firstSeenMs }) => ({
        atMs: firstSeenMs,
        of: { user: principal, ...timed(firstSeenMs) },
      }));
    case 'newCommunities':
    case 'totalCommunities':
      return communities.map(({ communityId, creator, atMs }) => ({
        atMs,
        of: { community: communityId, user: creator, ...timed(atMs) },
      }));
    case 'newMembers':
    case 'totalMembers':
      return memberships.map(({ communityId, principal, atMs }) => ({
        atMs,
        of: { community: communityId, user: principal, ...timed(atMs) },
      }));
    default:
      throw new Error(`no metric ${metric}`);
  }
}

/** Every distinct membership with the time of its earliest fact. */
export function sightingsOfMembers(facts: readonly Fact[]) {
  const sightings = [
    ...communitiesIn(facts).map(({ communityId, creator, atMs }) => ({ communityId, principal: creator, atMs })),
    ...ofType(facts, 'member_added').map(({ props, atMs }) => ({
      communityId: props.communityId,
      principal: props.member,
      atMs,
    })),
  ];
  const pairs = distinct(sightings.map(({ communityId, principal }) => JSON.stringify([communityId, principal])));
  return pairs.map((pair) => {
    const [communityId = '', principal = ''] = JSON.parse(pair) as string[];
    const times = sightings
      .filter((one) => one.communityId === communityId && one.principal === principal)
      .map(({ atMs }) => atMs);
    return { communityId, principal, atMs: Math.min(...times) };
  });
}

function countIn(items: readonly Item[], days: DayRange, matches: (atMs: number) => boolean): number {
  const found = items.filter(({ atMs }) => within(days, dayOf(atMs)) && matches(atMs));
  if (!found.some((item) => item.distinct !== undefined)) return found.length;
  return distinct(found.map((item) => item.distinct)).length;
}

const standingAt = (items: readonly Item[], ms: number): number =>
  items.filter(({ atMs, endMs }) => atMs <= ms && (endMs === undefined || (endMs > atMs && endMs > ms))).length;

/** The last millisecond of the day. */
const endOf = (day: string): number => startOfDay(plusDays(day, 1)) - 1;

interface Bucket {
  readonly label: string;
  readonly matches: (atMs: number) => boolean;
  readonly lastMs: number;
}

function bucketsOf(range: DayRange, interval: Query['interval']): Bucket[] {
  const days = daysOf(range);
  const byDay = (labelOf: (day: string) => string): Bucket[] =>
    distinct(days.map(labelOf)).map((label) => ({
      label,
      matches: (atMs) => labelOf(dayOf(atMs)) === label,
      lastMs: endOf(days.findLast((day) => labelOf(day) === label) ?? ''),
    }));
  switch (interval) {
    case 'hour':
      return days.flatMap((day) =>
        Array.from({ length: 24 }, (_, hour) => {
          const label = `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`;
          return {
            label,
            matches: (atMs: number) => dayOf(atMs) === day && hourOf(atMs) === hour,
            lastMs: startOfDay(day) + (hour + 1) * 3_600_000 - 1,
          };
        }),
      );
    case 'day':
      return byDay((day) => day);
    case 'week':
      return byDay(weekOf);
    case 'month':
      return byDay(monthOf);
    case 'total':
      return byDay(() => `${range.from}/${range.to}`);
  }
}

function comparedTo(range: DayRange, compare: Query['compare']): DayRange | undefined {
  const length = daysOf(range).length;
  if (compare === 'none') return undefined;
  if (compare === 'previous') return { from: plusDays(range.from, -length), to: plusDays(range.from, -1) };
  return { from: yearBefore(range.from), to: yearBefore(range.to) };
}

function yearBefore(day: string): string {
  const [year = '', ...rest] = day.split('-');
  const monthAndDay = rest.join('-');
  return `${Number(year) - 1}-${monthAndDay === '02-29' ? '02-28' : monthAndDay}`;
}

function nameOf(facts: readonly Fact[], groupBy: string, key: string | null): string {
  if (key === null) return 'No community';
  if (groupBy === 'badge') return templatesIn(facts).get(key)?.name ?? `Badge ${key}`;
  if (groupBy === 'community')
    return communitiesIn(facts).find(({ communityId }) => communityId === key)?.name ?? `Community ${key}`;
  const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  return groupBy === 'weekday' ? (days[Number(key) - 1] ?? '') : key;
}
