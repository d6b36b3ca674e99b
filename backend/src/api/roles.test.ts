import { startApi, TOKENS, type Api } from '../../test/support/apiHarness.js';
import { BOARD } from '../../test/support/boards.js';

/**
 * Every call against every kind of caller. The calls are read from the OpenAPI document, so a new one is in here as soon
 * as it is declared; whom it is for is stated once more below, by hand, so that a declaration cannot open it by mistake.
 */
type Operation = { 'x-access': string; requestBody?: unknown };
interface Call {
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly takesBody: boolean;
}

const EXPECTED: Readonly<Record<string, string>> = {
  'POST /api/chainhook/events': 'chainhook',
  'GET /api/analytics/aggregated': 'viewer',
  'GET /api/analytics/issuance': 'viewer',
  'GET /api/analytics/community': 'viewer',
  'GET /api/analytics/users': 'viewer',
  'GET /api/analytics/distribution': 'viewer',
  'GET /api/analytics/query': 'viewer',
  'GET /api/badges': 'viewer',
  'GET /api/badges/{id}': 'viewer',
  'GET /api/issued-badges': 'viewer',
  'GET /api/communities': 'viewer',
  'GET /api/communities/{id}': 'viewer',
  'GET /api/communities/{id}/members': 'viewer',
  'GET /api/users': 'viewer',
  'GET /api/users/{id}': 'viewer',
  'GET /api/issuers': 'viewer',
  'GET /api/issuers/{id}': 'viewer',
  'GET /api/export/query': 'viewer',
  'GET /api/export/activity': 'viewer',
  'GET /api/export/badges': 'viewer',
  'GET /api/export/issued-badges': 'viewer',
  'GET /api/export/communities': 'viewer',
  'GET /api/export/communities/{id}/members': 'viewer',
  'GET /api/export/users': 'viewer',
  'GET /api/export/issuers': 'viewer',
  'POST /api/export/table': 'viewer',
  'GET /api/analytics/snapshots': 'viewer',
  'GET /api/analytics/trends/{metric}': 'viewer',
  'POST /api/analytics/snapshot': 'admin',
  'GET /api/analytics/activity': 'viewer',
  'GET /api/alerts': 'viewer',
  'POST /api/alerts': 'admin',
  'GET /api/alerts/history': 'viewer',
  'GET /api/alerts/{id}': 'viewer',
  'PATCH /api/alerts/{id}': 'admin',
  'DELETE /api/alerts/{id}': 'admin',
  'POST /api/alerts/{id}/test': 'admin',
  'POST /api/reports': 'viewer',
  'GET /api/reports/{id}': 'viewer',
  'GET /api/reports/{id}/file': 'viewer',
  'GET /api/chain/status': 'viewer',
  'POST /api/chain/blocks/{hash}/confirm': 'admin',
  'POST /api/chain/blocks/{hash}/retract': 'admin',
  'GET /api/quarantine': 'admin',
  'POST /api/quarantine/{id}/replay': 'admin',
  'DELETE /api/quarantine/{id}': 'admin',
  'GET /api/boards': 'viewer',
  'POST /api/boards': 'viewer',
  'GET /api/boards/{id}': 'viewer',
  'PUT /api/boards/{id}': 'viewer',
  'DELETE /api/boards/{id}': 'viewer',
  'POST /api/boards/{id}/edit-key': 'viewer',
  'GET /api/boards/{id}/shares': 'viewer',
  'POST /api/boards/{id}/shares': 'viewer',
  'DELETE /api/boards/{id}/shares/{share}': 'viewer',
  'GET /api/session': 'open',
  'POST /api/session': 'open',
  'DELETE /api/session': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /metrics': 'open',
  'GET /api/openapi.json': 'open',
  'GET /api/docs': 'open',
  'GET /api/docs/start.js': 'open',
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  open: [
    ...['nobody', 'a stranger', 'chainhook', 'write', 'viewer', 'admin', 'link', 'cookie of link'],
    ...['cookie of chainhook', 'cookie of write', 'cookie of viewer', 'cookie of admin'],
  ],
  viewer: ['viewer', 'admin', 'cookie of viewer', 'cookie of admin'],
  admin: ['admin', 'cookie of admin'],
  chainhook: ['chainhook', 'cookie of chainhook'],
};

let api: Api;
let calls: Call[];
/** Of a link to a board without widgets: no role, and good for none of the calls here; `boards.test.ts` has the others. */
let link: string;
let linkCookie: string;

beforeAll(async () => {
  api = await startApi();
  const { board } = await api.services.boards.create({ ...BOARD, widgets: [] });
  link = (await api.services.boards.share(board.id, 'the lobby'))?.token ?? '';
  linkCookie = (await api.services.sharedBoards.cookie(link, undefined, false))?.split(';')[0] ?? '';
  const document = (await (await api.call('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      access: operation['x-access'],
      takesBody: operation.requestBody !== undefined,
    })),
  );
});

/** What a caller shows. */
function shown(caller: string): Record<string, string> {
  if (caller === 'nobody') return {};
  if (caller === 'a stranger') return { authorization: 'Bearer not-one-of-ours' };
  if (caller === 'link') return { authorization: `Bearer ${link}` };
  if (caller === 'cookie of link') return { cookie: linkCookie };
  const cookieOf = /^cookie of (\w+)$/.exec(caller)?.[1] as keyof typeof TOKENS | undefined;
  if (cookieOf !== undefined) return { cookie: api.auth.sessionCookie(cookieOf, false).split(';')[0] ?? '' };
  return { authorization: `Bearer ${TOKENS[caller as keyof typeof TOKENS]}` };
}

/** Whatever comes behind the guard, whether or not it likes the made-up parameters. */
async function statusOf({ method, path, takesBody }: Call, headers: Record<string, string>): Promise<number> {
  const response = await api.call(path.replace(/\{\w+\}/g, 'some'), {
    method,
    headers: { ...headers, ...(takesBody && { 'content-type': 'application/json' }) },
    ...(takesBody && { body: JSON.stringify({ token: TOKENS.viewer }) }),
  });
  await response.arrayBuffer();
  return response.status;
}

it('documents exactly the calls of the contract, each for whom it is meant', () => {
  expect(Object.fromEntries(calls.map(({ method, path, access }) => [`${method} ${path}`, access]))).toEqual(EXPECTED);
});

type Layers = Api['app']['router']['stack'];

/** Every call of a router, and of the routers below it. */
const mountedIn = (layers: Layers): string[] =>
  layers.flatMap(({ route, handle }) => {
    const calls = (route?.stack ?? []).map(
      ({ method }) => `${method.toUpperCase()} ${route?.path.replace(/:(\w+)/g, '{$1}')}`,
    );
    return [...calls, ...('stack' in handle ? mountedIn(handle.stack as Layers) : [])];
  });

it('answers no call that the document does not tell of', () => {
  expect([...new Set(mountedIn(api.app.router.stack))].sort()).toEqual(Object.keys(EXPECTED).sort());
});

it.each(['nobody', 'a stranger'])('answers %s 401 with a challenge wherever a role is needed', async (caller) => {
  for (const call of calls.filter(({ access }) => access !== 'open')) {
    const status = await statusOf(call, shown(caller));
    expect([call.method, call.path, status]).toEqual([call.method, call.path, 401]);
  }
  const refused = await api.call('/api/analytics/aggregated', { headers: shown(caller) });
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
  expect(await refused.json()).toMatchObject({ type: 'about:blank', title: 'Unauthorized', status: 401 });
});

const KNOWN = [
  'chainhook',
  'write',
  'viewer',
  'admin',
  'cookie of chainhook',
  'cookie of write',
  'cookie of viewer',
  'cookie of admin',
  'link',
  'cookie of link',
];

it.each(KNOWN)('lets %s do what its role may and answers 403 to all else', async (caller) => {
  for (const call of calls) {
    const status = await statusOf(call, shown(caller));
    const allowed = ALLOWED[call.access]?.includes(caller);
    expect([call.method, call.path, status === 403]).toEqual([call.method, call.path, !allowed]);
    expect(status).not.toBe(401);
    // The made-up ids are refused for what they are: nothing here ends in an error of the service's own.
    expect([call.method, call.path, status]).toEqual([call.method, call.path, Math.min(status, 499)]);
  }
});

it('refuses every change that a page of another site asks for with a session, whoever it is of', async () => {
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
  const changes = calls.filter(({ method }) => method !== 'GET');
  expect(changes.length).toBeGreaterThan(6);
  for (const call of changes) {
    const role = call.access === 'chainhook' ? 'chainhook' : 'admin';
    const cookie = api.auth.sessionCookie(role, false).split(';')[0] ?? '';
    const status = await statusOf(call, { ...foreign, cookie });
    expect([call.method, call.path, status]).toEqual([call.method, call.path, 403]);
    expect(await statusOf(call, { cookie })).not.toBe(403);
  }
});

it('says for whom a call is when someone else makes it', async () => {
  const refused = await api.post('/api/analytics/snapshot', { period: 'daily' }, 'viewer');
  expect(refused.headers.get('content-type')).toMatch('application/problem+json');
  expect(await refused.json()).toEqual({
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    detail: 'This call is for admin; the token is for viewer.',
  });
});

it('lets anyone call what is open', async () => {
  for (const caller of ALLOWED['open'] ?? [])
    for (const call of calls.filter(({ access }) => access === 'open'))
      expect(await statusOf(call, shown(caller))).toBeLessThan(300);
});

it('opens the calls of viewers, and no others, to anyone when the dashboard is public', async () => {
  const open = await startApi({}, {}, { publicDashboard: true });
  for (const headers of [{}, { authorization: 'Bearer not-one-of-ours' }]) {
    expect((await open.call('/api/analytics/aggregated', { headers })).status).toBe(200);
    expect((await open.call('/api/chain/status', { headers })).status).toBe(200);
    expect((await open.call('/api/quarantine', { headers })).status).toBe(401);
    expect((await open.call('/api/chainhook/events', { headers, method: 'POST' })).status).toBe(401);
  }
});
