import { startApi } from '../../test/support/apiHarness.js';

/** Files, as calls: their type, their name, how much is in them. */
it.each([
  ['activity?type=badge_issued&user=a', 'activity-2026-02-14.csv', 'text/csv; charset=utf-8'],
  ['badges', 'badges-2026-02-14.csv', 'text/csv; charset=utf-8'],
  ['users?format=json', 'users-2026-02-14.json', 'application/json; charset=utf-8'],
  ['communities/a/members?format=parquet', 'members-2026-02-14.parquet', 'application/vnd.apache.parquet'],
  [
    'query?metric=newUsers&from=2026-02-01&to=2026-02-03',
    'newUsers-2026-02-01-2026-02-03.csv',
    'text/csv; charset=utf-8',
  ],
])('GET /api/export/%s is a file %s', async (path, name, type) => {
  const api = await startApi();
  const response = await api.call(`/api/export/${path}`, { as: 'viewer' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('x-total-count')).toBe('1');
  expect((await response.arrayBuffer()).byteLength).toBe(4);
});

it.each([
  ['activity?type=theft', 'type', expect.stringContaining('must be one of')],
  ['badges?format=xlsx', 'format', 'must be one of csv, json, parquet'],
  ['users?limit=50001', 'limit', 'must be a whole number from 1 to 50000'],
  [
    'query?metric=newUsers&groupBy=badge',
    'groupBy',
    'must not be given for newUsers, which can be grouped by user, weekday, hour',
  ],
])('GET /api/export/%s is refused', async (path, field, message) => {
  const api = await startApi();
  const response = await api.call(`/api/export/${path}`, { as: 'viewer' });
  expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ field, message }] }]);
});

it('has no file of the members of a community that is not known', async () => {
  const api = await startApi();
  expect((await api.call('/api/export/communities/b/members', { as: 'viewer' })).status).toBe(404);
});
