import { FACT_TYPES } from '../events/fact.js';
import { ALERT_METRICS, QUERY_METRIC_NAMES, SNAPSHOT_METRICS } from '../contract/index.js';
import { startApi, type Api } from '../../test/support/apiHarness.js';

/** A bad parameter is answered 400, and the answer names the parameter and what it may be. */
let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const PERIODS = 'must be one of hourly, daily, weekly';
const DAY = 'must be a day such as 2026-02-14';

it.each([
  ['/api/analytics/aggregated?from=yesterday', 'from', DAY],
  ['/api/analytics/aggregated?to=2026-02-30', 'to', DAY],
  ['/api/analytics/issuance?from=2026-2-1', 'from', DAY],
  ['/api/analytics/issuance?from=2026-02-01T00:00:00Z', 'from', DAY],
  ['/api/analytics/users?from=2026-02-01&from=2026-02-02', 'from', DAY],
  ['/api/analytics/users?from=2026-02-02&to=2026-02-01', 'from', 'must not be after "to"'],
  ['/api/analytics/community?from=2026-02-15', 'from', 'must not be after "to" (today)'],
  ['/api/analytics/community?from=2000-01-01&to=2026-01-01', 'from', 'must be within 3660 days of "to", not 9498'],
  ['/api/analytics/distribution?to=tomorrow', 'to', DAY],
  ['/api/analytics/snapshots?period=monthly', 'period', PERIODS],
  ['/api/analytics/snapshots?limit=0', 'limit', 'must be a whole number from 1 to 1000'],
  ['/api/analytics/snapshots?limit=1001', 'limit', 'must be a whole number from 1 to 1000'],
  ['/api/analytics/snapshots?limit=1.5', 'limit', 'must be a whole number from 1 to 1000'],
  ['/api/analytics/snapshots?limit=12abc', 'limit', 'must be a whole number from 1 to 1000'],
  ['/api/analytics/trends/fame', 'metric', `must be one of ${SNAPSHOT_METRICS.join(', ')}`],
  ['/api/analytics/trends/totalUsers?days=366', 'days', 'must be a whole number from 1 to 365'],
  ['/api/analytics/trends/totalUsers?days=0', 'days', 'must be a whole number from 1 to 365'],
  ['/api/analytics/trends/totalUsers?from=2025-01-01', 'from', 'must be within 366 days of "to", not 410'],
  ['/api/analytics/snapshots?from=2026-02-02&to=2026-02-01', 'from', 'must not be after "to"'],
  ['/api/analytics/activity?from=2026-02-02&to=2026-02-01', 'from', 'must not be after "to"'],
  ['/api/analytics/activity?to=tomorrow', 'to', DAY],
  ['/api/export/activity?format=csv&from=2026-02-02&to=2026-02-01', 'from', 'must not be after "to"'],
  ['/api/analytics/trends/totalUsers?period=yearly', 'period', PERIODS],
  ['/api/analytics/activity?limit=201', 'limit', 'must be a whole number from 1 to 200'],
  ['/api/analytics/activity?type=badge_sold', 'type', `must be one of ${FACT_TYPES.join(', ')}`],
  ['/api/analytics/query', 'metric', `must be one of ${QUERY_METRIC_NAMES.join(', ')}`],
  [
    '/api/analytics/query?metric=badgesIssued&interval=year',
    'interval',
    'must be one of hour, day, week, month, total',
  ],
  ['/api/analytics/query?metric=badgesIssued&compare=last', 'compare', 'must be one of none, previous, year'],
  [
    '/api/analytics/query?metric=badgesIssued&groupBy=name',
    'groupBy',
    'must be one of none, category, level, badge, issuer, community, user, weekday, hour',
  ],
  ['/api/analytics/query?metric=badgesIssued&limit=101', 'limit', 'must be a whole number from 1 to 100'],
  [
    '/api/analytics/query?metric=badgesIssued&weekday=1&weekday=8',
    'weekday',
    'must be a whole number from 1 to 7, given at most 20 times',
  ],
  [
    `/api/analytics/query?metric=badgesIssued&user=${'x'.repeat(201)}`,
    'user',
    'must be text of 1 to 200 characters, given at most 20 times',
  ],
  [
    `/api/analytics/query?metric=badgesIssued${'&badge=1'.repeat(21)}`,
    'badge',
    'must be text of 1 to 200 characters, given at most 20 times',
  ],
  [
    '/api/analytics/query?metric=newUsers&category=art',
    'category',
    'must not be given for newUsers, which can be filtered by user, weekday, hour',
  ],
  [
    '/api/analytics/query?metric=totalMembers&groupBy=level',
    'groupBy',
    'must not be given for totalMembers, which can be grouped by community, user',
  ],
  [
    '/api/analytics/query?metric=badgesIssued&interval=hour&from=2026-01-01&to=2026-02-01',
    'interval',
    'must not be hour for more than 31 days, here 32',
  ],
  [
    '/api/analytics/query?metric=badgesIssued&groupBy=badge&from=2017-01-01&to=2026-01-01',
    'limit',
    'must be less: 36168 values were asked for, 20000 are the most',
  ],
  ['/api/quarantine?limit=-1', 'limit', 'must be a whole number from 1 to 200'],
])('GET %s', async (path, field, message) => {
  const response = await api.call(path, { as: 'admin' });
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: `${field} ${message}`,
    errors: [{ field, message }],
  });
});

const ALERT = { name: 'Many badges', metric: 'badgesIssued', condition: 'above', threshold: 10 };

it.each([
  [{ metric: 'fame' }, 'metric', `must be one of ${ALERT_METRICS.join(', ')}`],
  [{ threshold: '10' }, 'threshold', 'must be a number from 0 to 1000000000000000'],
  [{ name: ' ' }, 'name', 'must be text of 1 to 100 characters'],
  [{ days: 366 }, 'days', 'must be a whole number from 1 to 365'],
  [{ enabled: 'no' }, 'enabled', 'must be true or false'],
  [{ clearAt: 'never' }, 'clearAt', 'must be a number from 0 to 1000000000000000 or null'],
  [{ silencedUntil: 'tomorrow' }, 'silencedUntil', 'must be a time such as 2026-02-14T12:00:00Z or null'],
  [{ quietHours: [{ days: [1], from: '25:00', to: '06:00' }] }, 'quietHours[0].from', 'must be text: HH:MM, UTC'],
  [
    { webhookSecret: 'a word' },
    'webhookSecret',
    'must be text: `whsec_` and 24 to 64 bytes in base64; made and answered once when left out',
  ],
  [{ thresold: 1 }, 'thresold', expect.stringMatching(/^is not known: the fields are name, metric, /) as string],
])('an alert with %j', async (more, field, message) => {
  const response = await api.post('/api/alerts', { ...ALERT, ...more }, 'admin');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ field, message }] });
});

it.each([
  ['/api/analytics/snapshot', { period: 'monthly' }, 'period', PERIODS],
  ['/api/analytics/snapshot', {}, 'period', PERIODS],
  ['/api/analytics/snapshot', ['daily'], 'body', 'must be an object with period'],
  ['/api/session', { token: 7 }, 'token', 'must be text of 1 to 1024 characters'],
  ['/api/session', null, 'body', 'must be an object with token'],
])('POST %s of %j', async (path, body, field, message) => {
  const response = await api.post(path, body, 'admin');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ field, message }] });
});

it('names every parameter that is wrong', async () => {
  const response = await api.call('/api/analytics/snapshots?period=never&limit=many', { as: 'viewer' });
  expect(await response.json()).toMatchObject({
    detail: `period ${PERIODS}; limit must be a whole number from 1 to 1000`,
    errors: [{ field: 'period' }, { field: 'limit' }],
  });
});

it('takes the default for a parameter that is left out or empty', async () => {
  expect(await (await api.call('/api/analytics/trends/totalUsers', { as: 'viewer' })).json()).toMatchObject({
    metric: 'totalUsers',
    period: 'daily',
    trend: [{ value: 30 }],
  });
  expect((await api.call('/api/analytics/activity?limit=50&type=&before=', { as: 'viewer' })).status).toBe(200);
});

it.each(['/api/session', '/api/analytics/snapshot'])('refuses a body over 16 kB at %s', async (path) => {
  const response = await api.post(path, { token: 'x'.repeat(17_000) }, 'admin');
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ detail: 'The body is larger than the limit of 16384 bytes (fixed).' });
});

it('answers a path with a broken escape 400', async () => {
  expect((await api.call('/api/analytics/trends/%E0%A4%A', { as: 'viewer' })).status).toBe(400);
});

it.each([
  ['GET', '/api/nothing'],
  ['GET', '/api'],
  ['PUT', '/api/session'],
  ['GET', '/api/chainhook/events'],
])('answers %s %s 404', async (method, path) => {
  const response = await api.call(`${path}?token=hush`, { method, as: 'admin' });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  expect(await response.json()).toMatchObject({
    title: 'Not Found',
    detail: `There is no ${method} ${path}; /api/docs shows what there is.`,
  });
});
