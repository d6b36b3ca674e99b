import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { WRONG_TOKENS } from '../src/api/limits.js';
import type { BoardServerEvents, CreatedBoard, CreatedShare, ServerEvents } from '../src/contract/index.js';
import { BOARD } from './support/boards.js';
import { StandInNode } from './support/chainhookNode.js';
import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from './support/payloads.js';
import { freePort, TestService, TOKENS } from './support/service.js';

/** Who may do what, and what is told of it, seen from outside the built service. Its calls are in `api/roles.test.ts`. */
jest.setTimeout(120_000);

/** Every event that the server sends; one more does not compile until it is in here. Between writers: `cluster/viewers.test.ts`. */
const EVENTS: Record<keyof ServerEvents, 'always' | 'in a cluster'> = {
  'analytics:batch-update': 'always',
  'analytics:event-processed': 'always',
  'analytics:snapshot-recorded': 'always',
  'analytics:reorg': 'always',
  'analytics:alert': 'always',
  'analytics:alerts-changed': 'in a cluster',
};
/** Whose pages may call us from a browser. */
const FRIEND = 'https://friend.example';
const ALL_EVENTS = Object.entries(EVENTS)
  .filter(([, sent]) => sent === 'always')
  .map(([event]) => event)
  .sort();

type Role = keyof typeof TOKENS;
type Client = Socket<ServerEvents>;
type BoardClient = Socket<BoardServerEvents>;

let service: TestService;
const clients: Pick<Client, 'disconnect'>[] = [];

interface Coming {
  readonly cookie?: string;
  /** Of the page, as a browser tells it. */
  readonly origin?: string;
  readonly query?: Record<string, string>;
  /** Namespace. */
  readonly at?: string;
  /** Whom a proxy says that it passes on. */
  readonly passedOnFrom?: string;
}

function connect(
  auth: Record<string, unknown>,
  { cookie, origin, query = {}, at = '', passedOnFrom }: Coming = {},
): Client {
  const client: Client = io(service.url + at, {
    auth,
    query,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: {
      ...(cookie !== undefined && { cookie }),
      ...(origin !== undefined && { origin }),
      ...(passedOnFrom !== undefined && { 'x-forwarded-for': passedOnFrom }),
    },
  });
  clients.push(client);
  return client;
}

/** `connected`, or why not. */
const outcome = (client: Client | BoardClient): Promise<string> =>
  new Promise((resolve) => {
    (client as Socket).on('connect', () => resolve('connected')).on('connect_error', ({ message }) => resolve(message));
  });

/** Looks at a board. */
const watch = (board: unknown, auth: Record<string, unknown>, options?: Coming): BoardClient =>
  connect({ ...auth, board }, { ...options, at: '/boards' }) as unknown as BoardClient;

async function makeBoard(): Promise<CreatedBoard & { edit: (path: string, init: RequestInit) => Promise<Response> }> {
  const made = await call('/api/boards', TOKENS.viewer, { method: 'POST', body: JSON.stringify(BOARD) });
  const created = (await made.json()) as CreatedBoard;
  const headers = { 'board-edit-key': created.editKey, 'if-match': '*' };
  const path = `/api/boards/${created.board.id}`;
  return {
    ...created,
    edit: (under, init) =>
      call(path + under, TOKENS.viewer, { ...init, headers: { ...headers, ...(init.headers as object | undefined) } }),
  };
}

const sharing = { method: 'POST', body: '{"name":"the lobby"}' };

const call = (path: string, token: string | undefined, init: RequestInit = {}): Promise<Response> =>
  fetch(service.url + path, {
    ...init,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(init.headers as Record<string, string> | undefined),
    },
  });

async function cookieOf(role: Role): Promise<string> {
  const response = await call('/api/session', undefined, {
    method: 'POST',
    body: JSON.stringify({ token: TOKENS[role] }),
  });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

const minting = (height: number, fork = 'A'): unknown =>
  payload('raw', { apply: [recentBlock(height, [tx(`mint ${height}${fork}`, [badgeMinted(height)])], { fork })] });

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await service.stop();
});

describe('sockets', () => {
  beforeEach(async () => {
    service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, CORS_ORIGIN: FRIEND } });
  });

  test('every event reaches viewers and admins, and nobody else gets past the handshake', async () => {
    const heard = new Map<string, Set<string>>();
    const outcomes: Record<string, string> = {};
    const come = async (who: string, client: Client): Promise<void> => {
      const events = new Set<string>();
      heard.set(who, events);
      client.onAny((event: string) => events.add(event));
      outcomes[who] = await outcome(client);
    };
    const viewerCookie = await cookieOf('viewer');
    await Promise.all([
      come('nobody', connect({})),
      come('a stranger', connect({ token: 'not-one-of-ours' })),
      come('a token that is no text', connect({ token: [TOKENS.viewer] })),
      come('a token in the address', connect({}, { query: { token: TOKENS.viewer } })),
      come('a forged cookie', connect({}, { cookie: viewerCookie.replace('=viewer.', '=admin.') })),
      come('a cookie, for a page at another port', connect({}, { cookie: viewerCookie, origin: 'http://127.0.0.1:9' })),
      come('a cookie, for a page without an origin', connect({}, { cookie: viewerCookie, origin: 'null' })),
      come('a cookie, for our own page', connect({}, { cookie: viewerCookie, origin: service.url })),
      come('a cookie, for a page of CORS_ORIGIN', connect({}, { cookie: viewerCookie, origin: FRIEND })),
      come('a token, from any page', connect({ token: TOKENS.viewer }, { origin: 'https://evil.example' })),
      come('a cookie with a wrong token', connect({ token: 'not-one-of-ours' }, { cookie: viewerCookie })),
      ...(Object.keys(TOKENS) as Role[]).flatMap((role) => [
        come(role, connect({ token: TOKENS[role] })),
        cookieOf(role).then((cookie) => come(`cookie of ${role}`, connect({}, { cookie }))),
      ]),
    ]);

    const alert = { name: 'any badge', metric: 'totalBadgesIssued', condition: 'above', threshold: 0 };
    expect((await call('/api/alerts', TOKENS.admin, { method: 'POST', body: JSON.stringify(alert) })).status).toBe(201);
    await service.deliver(minting(1));
    await service.deliver(minting(2));
    // Another block 2, without a word on the first: a reorg.
    await service.deliver(minting(2, 'B'));
    expect(
      (await call('/api/analytics/snapshot', TOKENS.admin, { method: 'POST', body: '{"period":"daily"}' })).status,
    ).toBe(201);
    const allowed = [
      ...['viewer', 'admin', 'cookie of viewer', 'cookie of admin'],
      ...['a cookie, for our own page', 'a cookie, for a page of CORS_ORIGIN', 'a token, from any page'],
    ];
    while (allowed.some((who) => heard.get(who)?.size !== ALL_EVENTS.length))
      await new Promise((resolve) => setTimeout(resolve, 20));

    for (const [who, events] of heard) {
      const mayView = allowed.includes(who);
      expect([who, outcomes[who]]).toEqual([who, mayView ? 'connected' : 'unauthorized']);
      expect([who, [...events].sort()]).toEqual([who, mayView ? ALL_EVENTS : []]);
    }
  });

  test('what a client sends is heard by nobody', async () => {
    const [sender, other] = [connect({ token: TOKENS.admin }), connect({ token: TOKENS.viewer })];
    expect(await Promise.all([outcome(sender), outcome(other)])).toEqual(['connected', 'connected']);
    const seen: string[] = [];
    other.onAny((event: string, update: { seq?: number }) => seen.push(`${event} ${String(update.seq)}`));
    for (const event of [...ALL_EVENTS, 'message', 'join']) (sender as Socket).emit(event, { seq: 999 });
    const update = new Promise((resolve) => other.once('analytics:batch-update', resolve));
    await service.deliver(minting(1));
    await update;
    expect(seen.filter((line) => line.includes('999'))).toEqual([]);
    expect(sender.connected).toBe(true);
  });

  test('a link hears that there is something new on its board, nothing else, and nothing once it is revoked', async () => {
    const { board, edit } = await makeBoard();
    const { token, share } = (await (await edit('/shares', sharing)).json()) as CreatedShare;
    const traded = await call('/api/session', undefined, { method: 'POST', body: JSON.stringify({ token }) });
    const cookie = traded.headers.get('set-cookie')?.split(';')[0] ?? '';
    const other = await makeBoard();

    const byLink = watch(board.id, {}, { cookie });
    const viewer = watch(board.id, { token: TOKENS.viewer });
    const comers = {
      'by link': outcome(byLink),
      'by link, for a page at another port': outcome(watch(board.id, {}, { cookie, origin: 'http://127.0.0.1:9' })),
      'by token': outcome(watch(board.id, { token })),
      viewer: outcome(viewer),
      'to another board': outcome(watch(other.board.id, {}, { cookie })),
      'to no board': outcome(watch(undefined, { token })),
      'to all that viewers hear': outcome(connect({ token })),
      'to all, by cookie': outcome(connect({}, { cookie })),
      nobody: outcome(watch(board.id, {})),
      'a stranger': outcome(watch(board.id, { token: 'not-one-of-ours' })),
      'the node': outcome(watch(board.id, { token: TOKENS.chainhook })),
    };
    const outcomes = Object.fromEntries(
      await Promise.all(Object.entries(comers).map(async ([who, one]) => [who, await one] as const)),
    );
    expect(outcomes).toEqual({
      'by link': 'connected',
      'by link, for a page at another port': 'unauthorized',
      'by token': 'connected',
      viewer: 'connected',
      'to another board': 'unauthorized',
      'to no board': 'auth.board must be the id of a board',
      'to all that viewers hear': 'unauthorized',
      'to all, by cookie': 'unauthorized',
      nobody: 'unauthorized',
      'a stranger': 'unauthorized',
      'the node': 'unauthorized',
    });

    const heard: unknown[][] = [];
    byLink.onAny((...event: unknown[]) => heard.push(event));
    const update = new Promise((resolve) => byLink.once('board:update', resolve));
    await service.deliver(minting(1));
    expect(Object.keys((await update) as object).sort()).toEqual(['at', 'changed', 'seq']);
    const edited = new Promise((resolve) => byLink.once('board:edited', resolve));
    await other.edit('', { method: 'PUT', body: JSON.stringify({ ...BOARD, name: 'Another' }) });
    await edit('', { method: 'PUT', body: JSON.stringify({ ...BOARD, name: 'Hall' }) });
    expect(await edited).toEqual({ revision: 2 });
    expect(heard.filter(([name]) => name === 'board:edited')).toHaveLength(1);

    const ended = Promise.all(
      ['board:closed' as const, 'disconnect' as const].map(
        (event) => new Promise<void>((resolve) => (byLink as Socket).once(event, () => resolve())),
      ),
    );
    await edit(`/shares/${share.id}`, { method: 'DELETE' });
    await ended;
    expect(await outcome(watch(board.id, {}, { cookie }))).toBe('unauthorized');
    expect(viewer.connected).toBe(true);
    const removed = new Promise<void>((resolve) => viewer.once('board:closed', resolve));
    await edit('', { method: 'DELETE' });
    await removed;
  });

  test('wrong tokens of handshakes count with those of calls; past the limit a right guess tells nothing', async () => {
    const guess = async (): Promise<void> => {
      const client = connect({ token: randomBytes(8).toString('hex') });
      expect(await outcome(client)).toBe('unauthorized');
      client.disconnect();
    };
    const cookie = await cookieOf('viewer');
    for (let count = 0; count < WRONG_TOKENS / 2; count += 1) await guess();
    for (let count = 0; count < WRONG_TOKENS / 2; count += 1)
      expect((await call('/api/quarantine', `guess-${count}`)).status).toBe(401);
    expect((await call('/api/quarantine', TOKENS.admin)).status).toBe(429);
    expect(await outcome(connect({ token: TOKENS.admin }))).toBe('unauthorized');
    expect((await call('/api/badges', TOKENS.viewer)).status).toBe(429);
    expect(await outcome(connect({ token: TOKENS.viewer }))).toBe('unauthorized');
    // The dashboard of someone at the same address goes on, and the node.
    expect(await outcome(connect({}, { cookie }))).toBe('connected');
    expect((await call('/api/badges', undefined, { headers: { cookie } })).status).toBe(200);
    expect((await service.deliver({ apply: [], rollback: [] })).status).toBe(200);
  });
});

describe('behind a proxy', () => {
  const GUESSER = '203.0.113.7';
  const ANOTHER = '198.51.100.9';
  const start = async (proxies: string): Promise<void> => {
    service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, TRUSTED_PROXIES: proxies } });
  };
  const quarantine = async (token: string, said: string): Promise<number> =>
    (await call('/api/quarantine', token, { headers: { 'x-forwarded-for': said } })).status;
  const signIn = async (said: string): Promise<number> => {
    const init = { method: 'POST', body: JSON.stringify({ token: TOKENS.viewer }) };
    return (await call('/api/session', undefined, { ...init, headers: { 'x-forwarded-for': said } })).status;
  };
  const socket = (passedOnFrom: string): Promise<string> =>
    outcome(connect({ token: TOKENS.viewer }, { passedOnFrom }));

  test('that is trusted one who guesses shuts out nobody else, by call, sign-in or socket', async () => {
    await start('10.9.8.7, 127.0.0.0/8');
    for (let count = 0; count < WRONG_TOKENS - 1; count += 1) expect(await quarantine('a-guess', GUESSER)).toBe(401);
    expect(await outcome(connect({ token: 'a-guess' }, { passedOnFrom: GUESSER }))).toBe('unauthorized');
    expect([await quarantine(TOKENS.admin, GUESSER), await signIn(GUESSER), await socket(GUESSER)]).toEqual([
      ...[429, 429],
      'unauthorized',
    ]);
    expect([await quarantine(TOKENS.admin, ANOTHER), await signIn(ANOTHER), await socket(ANOTHER)]).toEqual([
      ...[200, 204],
      'connected',
    ]);
    // What it said of itself stands before what the proxy says of it, also when it names one that is trusted.
    for (const said of [ANOTHER, '10.9.8.7']) expect(await quarantine(TOKENS.admin, `${said}, ${GUESSER}`)).toBe(429);
    expect(await quarantine(TOKENS.admin, `${GUESSER}, 10.9.8.7`)).toBe(429);
  });

  test('that is not named, nobody is believed', async () => {
    await start('10.9.8.7');
    for (let count = 0; count < WRONG_TOKENS; count += 1)
      expect(await quarantine('a-guess', `203.0.113.${count}`)).toBe(401);
    expect([await quarantine(TOKENS.admin, ANOTHER), await socket(ANOTHER)]).toEqual([429, 'unauthorized']);
  });
});

describe('secrets', () => {
  test('no token is in a line of the log, an answer, or a file but its own; no stack leaves the service', async () => {
    const node = await StandInNode.start(20);
    service = await TestService.start({
      env: {
        STACKS_DEPLOYER: DEPLOYER,
        LOG_LEVEL: 'trace',
        CHAINHOOK_NODE_URL: node.url,
        CHAINHOOK_OBSERVER_PORT: String(await freePort()),
      },
    });
    const wrong = `wrong-${randomBytes(16).toString('hex')}`;
    const { editKey, edit } = await makeBoard();
    const { token: link } = (await (await edit('/shares', sharing)).json()) as CreatedShare;
    const secrets = [...Object.values(TOKENS), wrong, editKey, link];
    const answers: string[] = [];
    const note = async (response: Response): Promise<void> => {
      answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
    };
    for (const token of secrets) {
      await note(await call('/api/session', undefined, { method: 'POST', body: JSON.stringify({ token }) }));
      // Cut off, of the wrong shape, in the wrong place: what people do with tokens.
      await note(await call('/api/session', undefined, { method: 'POST', body: `{"token":"${token}"` }));
      await note(await call('/api/session', undefined, { method: 'POST', body: JSON.stringify({ token: [token] }) }));
      await note(await call('/api/session', undefined, { method: 'POST', body: JSON.stringify(token) }));
      for (const path of ['/api/analytics/aggregated', '/api/quarantine', '/api/analytics/trends/none', '/api/none']) {
        await note(await call(path, token));
        await note(await call(`${path}?token=${token}`, undefined));
        await note(await call(path, undefined, { headers: { authorization: token } }));
        await note(await call(path, undefined, { headers: { cookie: `passportx_session=${token}` } }));
      }
      await note(await call('/api/chainhook/events', token, { method: 'POST', body: '{"cut o' }));
      await note(await call('/api/chainhook/events', token, { method: 'POST', body: '{"apply":"none"}' }));
      await note(await call('/api/analytics/snapshot', token, { method: 'POST', body: '{"period":"yearly"}' }));
      await note(await call(`/api/quarantine/%E0%A4%A`, token));
      await note(await edit('/shares', { method: 'GET', headers: { 'board-edit-key': token } }));
      answers.push(await outcome(connect({ token })));
    }
    await note(await call('/metrics', undefined));
    await note(await call('/api/openapi.json', undefined));
    while (node.predicates.length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    await node.mine(`${DEPLOYER}.badge-issuer`);
    await service.kill('SIGTERM');
    await node.close();

    expect(answers.length).toBeGreaterThan(120);
    const told = answers.join('\n');
    expect(service.output).toContain('"level":20');
    for (const token of secrets)
      expect([token, service.output.includes(token), told.includes(token)]).toEqual([token, false, false]);
    expect(told).not.toMatch(/\bat .*\.[cm]?[jt]s:\d+:\d+/);
    expect(told).not.toContain(service.dataDir);
    expect(told).not.toMatch(/node_modules|\.[jt]s:\d/);

    // What lies on disk afterwards: the tokens were given, so none is kept.
    for (const file of await readdir(service.dataDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const content = await readFile(join(file.parentPath, file.name), 'latin1');
      for (const token of secrets)
        expect([file.name, token, content.includes(token)]).toEqual([file.name, token, false]);
    }
  });
});
