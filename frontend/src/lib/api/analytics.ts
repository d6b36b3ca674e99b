/**
 * The typed client of the analytics calls. `fetchAnalyticsData` brings everything the overview shows: totals, series
 * and lists come from ONE answer at one log position (`seq`), so that no two numbers on the page contradict each other.
 */
import type {
  ActivityItem,
  ActivityPage,
  Aggregated,
  AnalyticsSnapshot,
  ChainStatus,
  IssuanceMetrics,
  Period,
  SnapshotMetric,
  Trend,
  UserMetrics,
} from '@passportx/analytics-backend/contract';
import { isoDay, rangeBefore, type DayRange, type IsoDay } from '../dates';
import { presetRange, type TimeRange } from '../range';
import type { FilterName } from '../view';
import { toAnalyticsData, type AnalyticsData } from './data';
import { getJson } from './client';

export type { AnalyticsData } from './data';

/** How many lines of activity the page asks for at first, and the most that the service gives at once. */
export const ACTIVITY_PAGE = 50;
const ACTIVITY_MAX = 200;

export interface AnalyticsQuery {
  /** First and last UTC day, `YYYY-MM-DD`; both, or neither. */
  readonly startDate?: IsoDay;
  readonly endDate?: IsoDay;
  /** A preset that ends today (UTC); it counts when no dates are given. Default: the last 30 days. */
  readonly timeRange?: TimeRange;
  /** How many recent activities to bring (1–200). */
  readonly activities?: number;
  readonly signal?: AbortSignal;
}

const analytics = <T>(path: string, query: Record<string, string | number>, signal?: AbortSignal): Promise<T> =>
  getJson<T>(
    `/api/analytics/${path}?${new URLSearchParams(Object.entries(query).map(([k, v]) => [k, String(v)]))}`,
    signal,
  );

function daysOf({ startDate, endDate, timeRange = '30d' }: AnalyticsQuery): DayRange {
  if (startDate !== undefined && endDate !== undefined) return { from: startDate, to: endDate };
  return presetRange(timeRange === 'custom' ? '30d' : timeRange, isoDay(Date.now()));
}

/**
 * Everything the overview shows for a range of days, with the day series of the same length of time before it.
 * @throws ApiError
 */
export async function fetchAnalyticsData(query: AnalyticsQuery): Promise<AnalyticsData> {
  const range = daysOf(query);
  const before = { ...rangeBefore(range) };
  const { signal } = query;
  const [aggregated, issuanceBefore, usersBefore, activity] = await Promise.all([
    analytics<Aggregated>('aggregated', { ...range }, signal),
    analytics<IssuanceMetrics>('issuance', before, signal),
    analytics<UserMetrics>('users', before, signal),
    fetchActivity({ limit: query.activities ?? ACTIVITY_PAGE, ...(signal ? { signal } : {}) }),
  ]);
  return toAnalyticsData({ range, aggregated, issuanceBefore, usersBefore, activity });
}

/** What the activity can be narrowed down to. */
export const ACTIVITY_FILTERS = ['badge', 'community', 'user'] as const satisfies readonly FilterName[];
export type ActivityFilters = { readonly [Name in (typeof ACTIVITY_FILTERS)[number]]?: string } & {
  readonly type?: ActivityItem['type'];
  /** First and last UTC day. */
  readonly from?: IsoDay;
  readonly to?: IsoDay;
};

/** One page of activity, newest first. @throws ApiError */
export function fetchActivity(query: {
  readonly limit?: number;
  readonly before?: string;
  readonly narrowed?: ActivityFilters;
  readonly signal?: AbortSignal;
}): Promise<ActivityPage> {
  const { limit = ACTIVITY_PAGE, before, narrowed = {}, signal } = query;
  const most = Math.min(limit, ACTIVITY_MAX);
  return analytics('activity', { limit: most, ...(before ? { before } : {}), ...narrowed }, signal);
}

/** The newest snapshot of a period, or undefined when none was taken yet. @throws ApiError */
export async function getAnalyticsSnapshot(period: Period = 'daily'): Promise<AnalyticsSnapshot | undefined> {
  const [newest] = await analytics<AnalyticsSnapshot[]>('snapshots', { period, limit: 1 });
  return newest;
}

/** How one number of the snapshots developed over the last `days` (1–365). @throws ApiError */
export function getMetricsTrend(metric: SnapshotMetric, days = 30, period: Period = 'daily'): Promise<Trend> {
  return analytics(`trends/${metric}`, { days, period });
}

/** Where the chain side stands: tip, reorganisations, what is unproven. @throws ApiError */
export const fetchChainStatus = (signal?: AbortSignal): Promise<ChainStatus> => getJson('/api/chain/status', signal);
