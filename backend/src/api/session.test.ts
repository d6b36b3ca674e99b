import { NOW, startApi, TOKENS, type Api } from '../../test/support/apiHarness.js';
import { Auth, type AuthOptions } from './auth.js';

const MONTH_MS = 30 * 24 * 3_600_000;
let api: Api;
let now: number;

beforeEach(async () => {
  now = NOW;
  api = await startApi({ clock: () => now }, { corsOrigins: ['https://friend.example'] });
});

async function signIn(token: string, headers: Record<string, string> = {}): Promise<Response> {
  return api.call('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  });
}

const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';')[0] ?? '';
const reads = async (cookie: string): Promise<number> =>
  (await api.call('/api/analytics/aggregated', { headers: { cookie } })).status;
const writes = async (cookie: string, headers: Record<string, string> = {}): Promise<number> =>
  (await api.call('/api/quarantine/some', { method: 'DELETE', headers: { cookie, ...headers } })).status;

it('trades a token for a cookie with its role, which no script can read and no other site can send', async () => {
  const response = await signIn(TOKENS.viewer);
  expect(response.status).toBe(204);
  expect(response.headers.get('set-cookie')).toMatch(
    /^passportx_session=viewer\.\d+\.[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const cookie = cookieOf(response);
  expect(cookie).not.toContain(TOKENS.viewer);
  expect(await reads(cookie)).toBe(200);
  expect(await writes(cookie)).toBe(403);
});

it('keeps the cookie off plain connections when the page came over https', async () => {
  const secure = await signIn(TOKENS.viewer, { origin: `https://${new URL(api.url).host}` });
  expect(secure.headers.get('set-cookie')).toMatch(/; Secure/);
});

it('answers a token that is not known 401, sets no cookie and logs no token', async () => {
  const response = await signIn('a-wrong-token');
  expect(response.status).toBe(401);
  expect(response.headers.has('set-cookie')).toBe(false);
  await signIn(TOKENS.admin);
  expect(api.logged.join('')).not.toMatch(/a-wrong-token|token-of-an-admin/);
});

it('tells a browser the role of its session, and nobody what a token is worth', async () => {
  const roleOf = async (headers: Record<string, string>): Promise<unknown> =>
    (await api.call('/api/session', { headers })).json();
  expect(await roleOf({})).toEqual({ role: null });
  expect(await roleOf({ cookie: cookieOf(await signIn(TOKENS.viewer)) })).toEqual({ role: 'viewer' });
  const admin = cookieOf(await signIn(TOKENS.admin));
  expect(await roleOf({ cookie: admin })).toEqual({ role: 'admin' });
  expect(await roleOf({ cookie: admin.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')) })).toEqual({ role: null });
  expect(await roleOf({ authorization: `Bearer ${TOKENS.admin}` })).toEqual({ role: null });
});

it('ends a session', async () => {
  const cookie = cookieOf(await signIn(TOKENS.viewer));
  const response = await api.call('/api/session', { method: 'DELETE', headers: { cookie } });
  expect(response.status).toBe(204);
  expect(response.headers.getSetCookie()).toEqual([
    'passportx_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    'passportx_boards=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
  ]);
});

it('lets a session run out after a month', async () => {
  const cookie = cookieOf(await signIn(TOKENS.viewer));
  now += MONTH_MS - 1000;
  expect(await reads(cookie)).toBe(200);
  now += 1000;
  expect(await reads(cookie)).toBe(401);
});

it.each([
  ['another role', (cookie: string) => cookie.replace('=viewer.', '=admin.')],
  ['a later end', (cookie: string) => cookie.replace(/\.(\d)/, (_match, digit) => `.${Number(digit) + 1}`)],
  ['another signature', (cookie: string) => cookie.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
  ['no signature', (cookie: string) => cookie.replace(/\.[\w-]+$/, '')],
  ['a role that there is not', (cookie: string) => cookie.replace('=viewer.', '=constructor.')],
])('does not believe a cookie that was given %s', async (_what, forge) => {
  const cookie = cookieOf(await signIn(TOKENS.viewer));
  expect(await reads(cookie)).toBe(200);
  expect(await reads(forge(cookie))).toBe(401);
});

it('takes the token before the cookie when both are shown', async () => {
  const cookie = cookieOf(await signIn(TOKENS.admin));
  const asViewer = await api.call('/api/quarantine', { as: 'viewer', headers: { cookie } });
  expect(asViewer.status).toBe(403);
  const asStranger = await api.call('/api/quarantine', { headers: { cookie, authorization: 'Basic YTpi' } });
  expect(asStranger.status).toBe(401);
});

it.each([
  ['a form on another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['another service of this host', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:9999' }, 403],
  ['an old browser on another site', { origin: 'https://evil.example' }, 403],
  ['a page without an origin', { origin: 'null' }, 403],
  ['our own page', { 'sec-fetch-site': 'same-origin' }, 404],
  ['a page of CORS_ORIGIN', { 'sec-fetch-site': 'cross-site', origin: 'https://friend.example' }, 404],
  ['a script without a browser', {}, 404],
])('of a change with the cookie, asked for by %s, answers as it should', async (_who, headers, status) => {
  const cookie = cookieOf(await signIn(TOKENS.admin));
  // 404: it got as far as looking for the item.
  expect(await writes(cookie, headers)).toBe(status);
});

it('lets our own page change things whatever scheme a proxy in front of us speaks', async () => {
  const cookie = cookieOf(await signIn(TOKENS.admin));
  expect(await writes(cookie, { origin: `https://${new URL(api.url).host}` })).toBe(404);
});

it('does not let another site sign someone in or out', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  expect((await signIn(TOKENS.viewer, foreign)).status).toBe(403);
  expect((await api.call('/api/session', { method: 'DELETE', headers: foreign })).status).toBe(403);
});

it('ends the sessions of a role when its token or the secret changes, and outlives a restart otherwise', async () => {
  const cookieHeader = cookieOf(await signIn(TOKENS.viewer));
  const options = {
    tokens: TOKENS,
    sessionSecret: 'a secret of 32 bytes for the test',
    publicDashboard: false,
    clock: () => now,
  };
  const shownTo = (over: Partial<AuthOptions>) => new Auth({ ...options, ...over }).identify({ cookieHeader });
  expect(shownTo({})).toEqual({ role: 'viewer', by: 'session' });
  expect(shownTo({ tokens: { ...TOKENS, admin: 'new' } })).toEqual({ role: 'viewer', by: 'session' });
  expect(shownTo({ tokens: { ...TOKENS, viewer: 'new' } })).toBe('none');
  expect(shownTo({ sessionSecret: 'another' })).toBe('none');
});
