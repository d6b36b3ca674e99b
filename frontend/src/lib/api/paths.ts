/** Where the service keeps its lists and single things. */
import type { DayRange } from '../dates';
import type { ListName, Period, SnapshotMetric } from '@passportx/analytics-backend/contract';
import type { FilterName, Filters } from '../view';

const ANALYTICS = '/api/analytics';
const within = (path: string, query: Readonly<Record<string, string | number | undefined>>): string => {
  const set = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`;
};
const one = (list: string, id: string): string => `/api/${list}/${encodeURIComponent(id)}`;

/** What a list can be narrowed down by; the others know no filter. */
export const LIST_FILTERS = {
  badges: ['category', 'issuer', 'community', 'user'],
  issuedBadges: ['badge', 'issuer', 'community', 'user'],
} as const satisfies Partial<Record<ListName, readonly FilterName[]>>;

/** How a list is asked for. */
export interface ListQuery extends Filters {
  readonly sort?: string | undefined;
  readonly limit?: number;
  /** Only those with this text in their name or id. */
  readonly q?: string | undefined;
}

export const paths = {
  list: (list: Extract<ListName, 'badges' | 'communities' | 'users' | 'issuers'>, query: ListQuery) =>
    within(`/api/${list}`, { ...query }),
  issuedBadges: (query: ListQuery) => within('/api/issued-badges', { ...query }),
  /** As many lines as the service gives when it is not told. */
  activity: (narrowed: Readonly<Record<string, string>>) => within(`${ANALYTICS}/activity`, narrowed),
  badge: (id: string) => one('badges', id),
  community: (id: string) => one('communities', id),
  members: (id: string, query: ListQuery) => within(`${one('communities', id)}/members`, { ...query }),
  user: (id: string) => one('users', id),
  issuer: (id: string) => one('issuers', id),
};

export const snapshotPaths = {
  list: (period: Period, { from, to }: DayRange, limit: number) =>
    within(`${ANALYTICS}/snapshots`, { period, from, to, limit }),
  trend: (metric: SnapshotMetric, period: Period, { from, to }: DayRange) =>
    within(`${ANALYTICS}/trends/${metric}`, { period, from, to }),
};

/** The whole of the activity, as it is narrowed down, as a file: event by event, as the service has them. */
export const activityExportPath = (narrowed: Readonly<Record<string, string>>, format: string): string =>
  within('/api/export/activity', { format, ...narrowed });

/** The whole of a list as a file: what it is sorted by and searched for stays, how much of it is shown does not. */
export function exportPath(list: string, format: string): string {
  const [path = '', search] = list.split('?');
  const query = new URLSearchParams(search);
  query.delete('limit');
  query.set('format', format);
  return `${path.replace('/api/', '/api/export/')}?${query}`;
}
