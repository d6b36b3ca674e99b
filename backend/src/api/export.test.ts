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

it('POST /api/export/table is a Parquet file of what it is given', async () => {
  const api = await startApi();
  const given = { columns: ['Badge', 'Issued'], rows: [['Gold', 3]] };
  const response = await api.post('/api/export/table', given, 'viewer');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="table-2026-02-14.parquet"');
  expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
});

it.each([
  [{ columns: ['Badge', 'badge'], rows: [] }, 'columns', 'must not name two alike'],
  [{ columns: ['Badge'], rows: [['Gold'], ['Silver', 1]] }, 'rows.1', 'must have 1 cells, as there are columns'],
  // A name that would end the identifier that it stands in.
  [{ columns: ['a" VARCHAR); --'], rows: [] }, expect.stringMatching(/^columns/), expect.any(String)],
])('POST /api/export/table of %j is refused', async (given, field, message) => {
  const api = await startApi();
  const response = await api.post('/api/export/table', given, 'viewer');
  expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ field, message }] }]);
});
