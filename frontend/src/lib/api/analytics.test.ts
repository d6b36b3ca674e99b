import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { activity, aggregated, RANGE } from '../../../test/support/samples';
import type * as Analytics from './analytics';
import type { ApiError } from './client';

type Answer = (request: IncomingMessage, url: URL, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let client: typeof Analytics;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, new URL(request.url ?? '/', 'http://x'), response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // Read when the module is loaded, as the build of the page does.
  process.env.NEXT_PUBLIC_BACKEND_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  client = await import('./analytics');
});
afterAll(() => new Promise((done) => server.close(done)));

const json = (response: ServerResponse, body: unknown, status = 200, type = 'application/json') =>
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));

function serveAnalytics(asked: string[]): Answer {
  return (_request, url, response) => {
    asked.push(`${url.pathname}${url.search}`);
    const range = { from: url.searchParams.get('from') ?? RANGE.from, to: url.searchParams.get('to') ?? RANGE.to };
    const whole = aggregated(range, 7);
    if (url.pathname.endsWith('/aggregated')) json(response, whole);
    else if (url.pathname.endsWith('/issuance'))
      json(response, { timestamp: whole.timestamp, seq: 7, ...whole.issuance });
    else if (url.pathname.endsWith('/users')) json(response, { timestamp: whole.timestamp, seq: 7, ...whole.users });
    else json(response, { items: [activity('a')], next: null });
  };
}

test('the overview is asked for its days and for the period before, each once', async () => {
  const asked: string[] = [];
  answer = serveAnalytics(asked);
  const data = await client.fetchAnalyticsData({ startDate: '2026-11-01', endDate: '2026-11-30' });
  expect(asked.sort()).toEqual([
    '/api/analytics/activity?limit=50',
    '/api/analytics/aggregated?from=2026-11-01&to=2026-11-30',
    '/api/analytics/issuance?from=2026-10-02&to=2026-10-31',
    '/api/analytics/users?from=2026-10-02&to=2026-10-31',
  ]);
  expect(data.seq).toBe(7);
  expect(data.timeSeries).toHaveLength(30);
  expect(data.timeSeries[1]).toEqual({
    date: '2026-11-02',
    issued: 2,
    activeUsers: 4,
    newUsers: 6,
    before: { date: '2026-10-03', issued: 2, activeUsers: 4, newUsers: 6 },
  });
  expect(data.growthMetrics.weeklyNewUsers).toEqual([{ period: '2026-W48', count: 2 }]);
  expect(data.recentActivities.items.map(({ id }) => id)).toEqual(['a']);
});

test('a preset asks for days that end today', async () => {
  const asked: string[] = [];
  answer = serveAnalytics(asked);
  const { range } = await client.fetchAnalyticsData({ timeRange: '7d' });
  expect(range.to).toBe(new Date().toISOString().slice(0, 10));
  expect(asked).toContain(`/api/analytics/aggregated?from=${range.from}&to=${range.to}`);
});

test('trends and snapshots are asked by metric and period', async () => {
  const asked: string[] = [];
  answer = (_request, url, response) => {
    asked.push(`${url.pathname}${url.search}`);
    json(response, url.pathname.endsWith('snapshots') ? [] : { metric: 'totalUsers', period: 'weekly', trend: [] });
  };
  expect(await client.getAnalyticsSnapshot('hourly')).toBeUndefined();
  expect((await client.getMetricsTrend('totalUsers', 90, 'weekly')).trend).toEqual([]);
  expect(asked).toEqual([
    '/api/analytics/snapshots?period=hourly&limit=1',
    '/api/analytics/trends/totalUsers?days=90&period=weekly',
  ]);
});

describe('a failure says what one can do', () => {
  const failing = (): Promise<ApiError> =>
    client.fetchChainStatus().then(
      () => Promise.reject(new Error('it answered')),
      (error: ApiError) => error,
    );

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [400, 'rejected'],
    [429, 'unavailable'],
    [503, 'unavailable'],
  ])('%i is %s, with the words of the problem', async (status, kind) => {
    const problem = { type: 'about:blank', title: 'No', status, detail: 'Said by the service.' };
    answer = (_request, _url, response) =>
      json(response.setHeader('retry-after', '3'), problem, status, 'application/problem+json');
    expect(await failing()).toMatchObject({ kind, message: 'Said by the service.', problem, retryAfterSeconds: 3 });
  });

  test('an answer in another language than JSON is told by its status', async () => {
    answer = (_request, _url, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
    expect(await failing()).toMatchObject({ kind: 'unavailable', message: 'The service answered 502 Bad Gateway' });
  });

  test('a connection cut is unreachable', async () => {
    answer = (request) => request.socket.destroy();
    expect(await failing()).toMatchObject({ kind: 'unreachable' });
  });
});
