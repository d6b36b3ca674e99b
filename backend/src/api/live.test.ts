import { startApi, type Api } from '../../test/support/apiHarness.js';
import type { Aggregated } from '../contract/index.js';

/** The answers of the live metrics: their range, their position, their cache. */
let api: Api;
let seq: number;
let now: number;
let days: number;

beforeEach(async () => {
  seq = 7;
  now = Date.parse('2026-02-14T12:00:00Z');
  const plain = await startApi();
  const { reads } = plain.services.analytics;
  api = await startApi({
    clock: () => now,
    analytics: {
      seq: () => seq,
      reads: {
        ...reads,
        headline: ({ from, to }) => {
          days = to - from + 1;
          return [];
        },
      },
    },
  });
});

const aggregated = async (query = ''): Promise<Aggregated> =>
  (await (await api.call(`/api/analytics/aggregated${query}`, { as: 'viewer' })).json()) as Aggregated;

const daysOf = ({ issuance }: Aggregated): (string | undefined)[] => [
  issuance.dailyIssuance[0]?.date,
  issuance.dailyIssuance.at(-1)?.date,
];

it('shows the last 30 days when no range is asked for', async () => {
  expect(daysOf(await aggregated())).toEqual(['2026-01-16', '2026-02-14']);
  expect(days).toBe(30);
});

it.each([
  ['?from=2026-02-01&to=2026-02-03', '2026-02-01', '2026-02-03'],
  ['?from=2026-02-14&to=2026-02-14', '2026-02-14', '2026-02-14'],
  ['?from=2026-02-10', '2026-02-10', '2026-02-14'],
  ['?to=2026-01-31', '2026-01-02', '2026-01-31'],
  ['?from=2016-02-08', '2016-02-08', '2026-02-14'],
  ['?from=2026-03-01&to=2026-03-02', '2026-03-01', '2026-03-02'],
])('shows the days that %s asks for, both included', async (query, first, last) => {
  expect(daysOf(await aggregated(query))).toEqual([first, last]);
});

it('says when it was computed and up to which position', async () => {
  const first = await aggregated();
  expect([first.timestamp, first.seq]).toEqual(['2026-02-14T12:00:00.000Z', 7]);
  now += 1000;
  expect((await aggregated()).timestamp).toBe('2026-02-14T12:00:00.000Z');
  seq = 8;
  const next = await aggregated();
  expect([next.timestamp, next.seq]).toEqual(['2026-02-14T12:00:01.000Z', 8]);
});

it('computes an answer once until a batch comes, and tells its hits and misses as they are', async () => {
  expect((await aggregated()).cache).toEqual({ hits: 0, misses: 1, hitRate: 0 });
  expect((await aggregated()).cache).toEqual({ hits: 1, misses: 1, hitRate: 0.5 });
  expect((await aggregated()).cache).toEqual({ hits: 2, misses: 1, hitRate: 0.67 });
  seq = 8;
  expect((await aggregated()).cache).toEqual({ hits: 2, misses: 2, hitRate: 0.5 });
});

it('computes anew after midnight, as today is another day', async () => {
  await aggregated();
  now = Date.parse('2026-02-15T00:00:00Z');
  expect(daysOf(await aggregated())).toEqual(['2026-01-17', '2026-02-15']);
});

it('keeps each part and each range apart', async () => {
  await aggregated('?from=2026-02-01');
  await aggregated('?from=2026-02-02');
  const issuance = await api.call('/api/analytics/issuance?from=2026-02-01', { as: 'viewer' });
  expect(await issuance.json()).toMatchObject({ seq: 7, totalBadgesIssued: 0, timestamp: '2026-02-14T12:00:00.000Z' });
  expect((await aggregated('?from=2026-02-01')).cache).toEqual({ hits: 1, misses: 3, hitRate: 0.25 });
});

it('tells the hits and misses of queries with its own', async () => {
  const plain = await startApi();
  const statistics = () => ({ hits: 3, misses: 0, hitRate: 1 });
  const both = await startApi({ queries: { ...plain.services.queries, statistics } });
  const answer = await both.call('/api/analytics/aggregated', { as: 'viewer' });
  expect(await answer.json()).toMatchObject({ cache: { hits: 3, misses: 1, hitRate: 0.75 } });
});

it.each([
  ['gzip', true],
  ['gzip, deflate, br', true],
  ['*', true],
  ['br', false],
  ['br, gzip;q=0', false],
  ['identity', false],
  ['identity, gzip;q=0.5', false],
])('sends the same answer to who accepts %s, with gzip: %s', async (accepted, isGzip) => {
  const read = (path: string, how: string) =>
    api.call(`/api/analytics/${path}`, { as: 'viewer', headers: { 'accept-encoding': how } });
  for (const path of ['aggregated', 'users']) {
    const plain = (await (await read(path, 'identity')).json()) as Partial<Aggregated>;
    // Twice: also what was compressed before tells the hits and misses of now.
    for (let hits = 1; hits <= 2; hits++) {
      const response = await read(path, accepted);
      expect(response.headers.get('content-encoding') === 'gzip').toBe(isGzip);
      expect(response.headers.get('vary')).toBe('Accept-Encoding');
      const cache = plain.cache && { cache: { hits, misses: 1, hitRate: hits === 1 ? 0.5 : 0.67 } };
      expect(await response.json()).toEqual({ ...plain, ...cache });
    }
  }
});

it('keeps a bounded number of ranges', async () => {
  const from = (index: number): string => `?from=${new Date(now - index * 86_400_000).toISOString().slice(0, 10)}`;
  for (let index = 0; index < 101; index++) await aggregated(from(index));
  // The 101st made room by dropping what was there.
  expect((await aggregated(from(0))).cache).toEqual({ hits: 0, misses: 102, hitRate: 0 });
});

it('keeps nothing when the time to live is 0', async () => {
  const fresh = await startApi({}, { cacheTtlMs: 0 });
  for (let index = 0; index < 2; index++) await fresh.call('/api/analytics/aggregated', { as: 'viewer' });
  const answer = (await (await fresh.call('/api/analytics/aggregated', { as: 'viewer' })).json()) as Aggregated;
  expect(answer.cache).toEqual({ hits: 0, misses: 3, hitRate: 0 });
});

it('answers every analytics call 503 with Retry-After while analytics are off', async () => {
  const off = await startApi({}, { analyticsEnabled: false });
  const calls = [
    'aggregated',
    'issuance',
    'community',
    'users',
    'distribution',
    'query?metric=newUsers',
    'snapshots',
    'trends/totalUsers',
    'activity',
  ];
  for (const path of calls) {
    const response = await off.call(`/api/analytics/${path}`, { as: 'viewer' });
    expect([path, response.status, response.headers.has('retry-after')]).toEqual([path, 503, true]);
    expect(await response.json()).toMatchObject({ detail: 'Analytics are off: ANALYTICS_ENABLED is false.' });
  }
  expect((await off.post('/api/analytics/snapshot', { period: 'daily' }, 'admin')).status).toBe(503);
  expect((await off.call('/api/analytics/aggregated')).status).toBe(401);
  expect((await off.call('/api/chain/status', { as: 'viewer' })).status).toBe(200);
});
