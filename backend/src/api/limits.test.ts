import { Callers } from '../cluster/callers.js';
import { startApi, TOKENS, type Api } from '../../test/support/apiHarness.js';
import { ADMIN_WRITES, WRONG_TOKENS } from './limits.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

const signIn = (token: string): Promise<Response> => api.post('/api/session', { token });
const guess = async (from: number, to: number): Promise<Set<number>> => {
  const statuses = new Set<number>();
  for (let index = from; index < to; index++)
    statuses.add(
      index % 2 === 0
        ? (await signIn(`guess-${index}`)).status
        : (await api.call('/api/quarantine', { headers: { authorization: `Bearer guess-${index}` } })).status,
    );
  return statuses;
};

it('stops whoever guesses tokens, by signing in or by calling, and does not tell a right guess from a wrong one', async () => {
  expect(await guess(0, WRONG_TOKENS)).toEqual(new Set([401]));
  expect(await guess(WRONG_TOKENS, WRONG_TOKENS + 4)).toEqual(new Set([429]));
  const right = await signIn(TOKENS.admin);
  expect(right.status).toBe(429);
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await right.json()).toMatchObject({ title: 'Too Many Requests', status: 429 });
  expect((await api.call('/api/quarantine', { as: 'admin' })).status).toBe(429);
  // The node's route never says 429; it must not tell an admin's token (403) from none of ours (401) either.
  expect((await api.post('/api/chainhook/events', {}, 'admin')).status).toBe(401);
});

it('goes on answering sessions and the chain node from an address that guessed, and no other token by hand', async () => {
  const cookieOf = async (token: string): Promise<string> =>
    (await signIn(token)).headers.get('set-cookie')?.split(';')[0] ?? '';
  const cookie = await cookieOf(TOKENS.admin);
  const viewer = await cookieOf(TOKENS.viewer);
  await guess(0, WRONG_TOKENS + 1);
  expect((await api.call('/api/analytics/aggregated', { as: 'viewer' })).status).toBe(429);
  expect((await api.call('/api/analytics/aggregated', { headers: { cookie: viewer } })).status).toBe(200);
  expect((await api.call('/api/quarantine', { headers: { cookie } })).status).toBe(200);
  expect((await api.post('/api/chainhook/events', {}, 'chainhook')).status).toBe(200);
  expect((await api.call('/health/live')).status).toBe(200);
});

it('does not count calls without a token, nor those that are in order', async () => {
  for (let index = 0; index <= WRONG_TOKENS; index++) {
    await api.call('/api/quarantine');
    await api.call('/api/quarantine', { as: 'admin' });
  }
  expect((await api.call('/api/quarantine', { as: 'admin' })).status).toBe(200);
});

it('stops an admin whose writes ran away, but not the reads', async () => {
  const statuses: number[] = [];
  for (let index = 0; index <= ADMIN_WRITES; index++) {
    const response = await api.call('/api/quarantine/none', { method: 'DELETE', as: 'admin' });
    await response.arrayBuffer();
    statuses.push(response.status);
  }
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set([404]));
  expect(statuses.at(-1)).toBe(429);
  expect((await api.call('/api/quarantine', { as: 'admin' })).status).toBe(200);
});

it('never limits the reads of the dashboard', async () => {
  const statuses = new Set<number>();
  for (let index = 0; index < 2 * ADMIN_WRITES; index++) {
    const response = await api.call('/api/chain/status', { as: 'viewer' });
    await response.arrayBuffer();
    statuses.add(response.status);
  }
  expect([...statuses]).toEqual([200]);
});

it('counts the caller of a call that another process passed on, not that process', async () => {
  const guessFrom = async (address: string): Promise<number> => {
    const headers = { authorization: 'Bearer guess', 'passportx-forwarded': api.services.callers.sealed(address) };
    return (await api.call('/api/quarantine', { headers })).status;
  };
  for (let index = 0; index < WRONG_TOKENS; index++) expect(await guessFrom('10.0.0.1')).toBe(401);
  expect(await guessFrom('10.0.0.1')).toBe(429);
  expect(await guessFrom('10.0.0.2')).toBe(401);
  expect((await signIn(TOKENS.admin)).status).toBe(204);
});

it('does not believe an address that the client made up', async () => {
  const strange = new Callers(Buffer.from('a key of somewhere else'));
  for (let index = 0; index < WRONG_TOKENS; index++)
    await api.call('/api/quarantine', {
      headers: {
        authorization: 'Bearer guess',
        'x-forwarded-for': `10.0.0.${index}`,
        'passportx-forwarded': strange.sealed(`10.0.0.${index}`),
      },
    });
  expect((await signIn('guess')).status).toBe(429);
});
