import { startApi } from '../../test/support/apiHarness.js';
import { plainEntities } from '../../test/support/plainEntities.js';
import { BadCursorError } from '../contract/index.js';

/** Lists and pages of what there is, as calls: what they take, and what they answer when it is wrong or unknown. */
it.each([
  ['/api/badges?sort=fame', 'sort', 'must be one of issued, held, recipients, last7, last30, created, name'],
  ['/api/users?sort=name', 'sort', 'must be one of badges, held, communities, lastBadge, firstSeen, principal'],
  ['/api/communities?limit=201', 'limit', 'must be a whole number from 1 to 200'],
  ['/api/communities?status=gone', 'status', 'must be one of active, inactive'],
  [`/api/issuers?q=${'x'.repeat(201)}`, 'q', 'must be text of 1 to 200 characters, given once'],
  ['/api/issued-badges?user=a&user=b', 'user', 'must be text of 1 to 200 characters, given once'],
])('GET %s', async (path, field, message) => {
  const api = await startApi();
  const response = await api.call(path, { as: 'viewer' });
  expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ field, message }] }]);
});

it.each([
  ['/api/badges/b', 'No badge b is known.'],
  ['/api/communities/b', 'No community b is known.'],
  ['/api/communities/b/members', 'No community b is known.'],
  ['/api/users/b', 'No user b is known.'],
  ['/api/issuers/b', 'No badge is known that b issued.'],
])('answers %s 404 as a problem', async (path, detail) => {
  const api = await startApi();
  const response = await api.call(path, { as: 'viewer' });
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  expect([response.status, await response.json()]).toMatchObject([404, { detail }]);
});

it('names the parameter of a cursor that was never given', async () => {
  const badges = () => Promise.reject(new BadCursorError('after'));
  const api = await startApi({ entities: { ...plainEntities, badges } });
  const response = await api.call('/api/badges?after=guess', { as: 'viewer' });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { errors: [{ field: 'after', message: 'must be the `next` of a page before' }] },
  ]);
});

it('asks for what the call says, with the order and the length of a page that are the default', async () => {
  const asked: unknown[] = [];
  const members: (typeof plainEntities)['members'] = (query) => {
    asked.push(query);
    return plainEntities.members(query);
  };
  const api = await startApi({ entities: { ...plainEntities, members } });
  await api.call('/api/communities/a/members', { as: 'viewer' });
  await api.call('/api/communities/a/members?sort=badges&limit=3&after=x&q=SP', { as: 'viewer' });
  expect(asked).toEqual([
    { community: 'a', sort: 'since', limit: 50 },
    { community: 'a', sort: 'badges', limit: 3, after: 'x', q: 'SP' },
  ]);
});
