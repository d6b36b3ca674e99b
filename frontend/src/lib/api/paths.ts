/** Where the service keeps what the pages read besides the query call. */
import type { Period, SnapshotMetric } from '@passportx/analytics-backend/contract';

const ANALYTICS = '/api/analytics';
const within = (path: string, query: Readonly<Record<string, string | number>>): string =>
  `${path}?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`;

export const snapshotPaths = {
  list: (period: Period, limit: number) => within(`${ANALYTICS}/snapshots`, { period, limit }),
  trend: (metric: SnapshotMetric, period: Period, days: number) =>
    within(`${ANALYTICS}/trends/${metric}`, { period, days }),
};
