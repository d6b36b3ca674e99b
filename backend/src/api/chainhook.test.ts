import { gzipSync } from 'node:zlib';
import { NOTHING, startApi, TOKENS, type Api } from '../../test/support/apiHarness.js';
import { Gate } from '../chain/gate.js';
import { LogUnavailableError } from '../log/log.js';
import { WRONG_TOKENS } from './limits.js';

const LIMIT = 64 * 1024;
const NODE = { authorization: `Bearer ${TOKENS.chainhook}`, 'content-type': 'application/json' };

let api: Api;
let delivered: unknown[];

beforeAll(async () => {
  const intake = {
    deliver: async (body: unknown) => {
      delivered.push(body);
      return { ...NOTHING, accepted: 3, rolledBack: 1 };
    },
  };
  const plain = await startApi();
  api = await startApi({ intake: { ...plain.services.intake, ...intake } }, { bodyLimitBytes: LIMIT });
});
beforeEach(() => {
  delivered = [];
});

const deliver = (
  body: NonNullable<RequestInit['body']> | null,
  headers: Record<string, string> = {},
): Promise<Response> => api.call('/api/chainhook/events', { method: 'POST', headers: { ...NODE, ...headers }, body });

it('answers a delivery with what became of it', async () => {
  const response = await deliver(JSON.stringify({ apply: [], rollback: [] }));
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ ...NOTHING, accepted: 3, rolledBack: 1 });
  expect(delivered).toEqual([{ apply: [], rollback: [] }]);
});

it.each(['{"no":"shape of ours"}', '[]', '42', '"text"', 'null'])(
  'takes JSON of whatever shape, for the intake to set aside: %s',
  async (body) => {
    expect((await deliver(body)).status).toBe(200);
    expect(delivered).toEqual([JSON.parse(body)]);
  },
);

it.each([
  ['text that is no JSON', 'block 7', {}],
  ['JSON that breaks off', '{"apply":[', {}],
  ['nothing', null, {}],
  ['an empty body', '', {}],
  ['a content encoding that is not known', '{}', { 'content-encoding': 'rot13' }],
  ['a broken gzip', 'not gzip', { 'content-encoding': 'gzip' }],
  ['bytes that are no UTF-8', Buffer.from('{"category":"caf\xe9"}', 'latin1'), {}],
  ['JSON in UTF-16', Buffer.from('{}', 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }],
])('refuses %s with 400 and delivers nothing', async (_what, body, headers) => {
  const response = await deliver(body, headers);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  expect(await response.json()).toMatchObject({
    title: 'Bad Request',
    status: 400,
    detail: expect.any(String) as string,
  });
  expect(delivered).toEqual([]);
});

it('takes JSON under another content type: a node that is refused would give its predicate up', async () => {
  expect((await deliver('{"apply":[]}', { 'content-type': 'text/plain' })).status).toBe(200);
  expect(delivered).toEqual([{ apply: [] }]);
});

it('does not repeat a broken body, which may hold a secret', async () => {
  const response = await deliver('{"token":"hush-hush');
  expect(await response.text()).not.toContain('hush');
  expect(api.logged.join('')).not.toContain('hush');
});

it('takes a compressed body', async () => {
  expect((await deliver(gzipSync('{"apply":[]}'), { 'content-encoding': 'gzip' })).status).toBe(200);
  expect(delivered).toEqual([{ apply: [] }]);
});

it('takes UTF-8, whatever charset is named beside it', async () => {
  const named = { 'content-type': 'application/json; charset=latin1' };
  expect((await deliver('{"category":"café ⭐"}', named)).status).toBe(200);
  expect(delivered).toEqual([{ category: 'café ⭐' }]);
});

describe('the limit of a delivery', () => {
  const exactly = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));

  it('lets through what is just as large', async () => {
    expect((await deliver(exactly(LIMIT))).status).toBe(200);
  });

  it.each([
    ['a body of one byte more', exactly(LIMIT + 1), {}],
    ['a small gzip of a large body', gzipSync(exactly(50 * LIMIT)), { 'content-encoding': 'gzip' }],
  ])('answers %s 413 and names itself', async (_what, body, headers) => {
    const response = await deliver(body, headers);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      status: 413,
      detail: 'The body is larger than the limit of 65536 bytes (CHAINHOOK_BODY_LIMIT).',
    });
    expect(delivered).toEqual([]);
  });

  it('holds too when the length is not said beforehand', async () => {
    const chunks = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < 2 * LIMIT; sent += 1024) controller.enqueue(new Uint8Array(1024).fill(32));
        controller.close();
      },
    });
    const response = await api.call('/api/chainhook/events', {
      method: 'POST',
      headers: NODE,
      body: chunks,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });
});

it('answers 503 with Retry-After when the log could not be written', async () => {
  const deliverNothing = () => Promise.reject(new LogUnavailableError('disk full at /var/data'));
  const broken = await startApi({ intake: { ...api.services.intake, deliver: deliverNothing } });
  const response = await broken.post('/api/chainhook/events', {}, 'chainhook');
  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  const { detail } = (await response.json()) as { detail: string };
  // Of a commit whose answer was lost nobody knows.
  expect(detail).toMatch(/cannot be written at present; what was asked may have been kept, or not/);
  expect(detail).not.toContain('/var/data');
  expect(broken.logged.join('')).toContain('disk full');
});

it('says of a read that the store cannot be read, and nothing of writing', async () => {
  const list = () => Promise.reject(new LogUnavailableError('no server answers'));
  const broken = await startApi({ quarantine: { ...api.services.quarantine, list } });
  const response = await broken.call('/api/quarantine', { as: 'admin' });
  expect([response.status, await response.json()]).toEqual([
    503,
    expect.objectContaining({ detail: 'The store cannot be read at present.' }),
  ]);
});

describe('a full house', () => {
  /** One delivery at a time, which ends when it is told to. */
  async function busy(maxWaitMs: number): Promise<{ api: Api; end: () => void; begun: unknown[] }> {
    const begun: unknown[] = [];
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const deliverSlowly = async (body: unknown) => {
      begun.push(body);
      await ended;
      return NOTHING;
    };
    const intake = { ...api.services.intake, deliver: deliverSlowly };
    return { api: await startApi({ intake }, { gate: new Gate({ maxPending: 1, maxWaitMs }) }), end, begun };
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('keeps a delivery waiting, unread, and takes it when there is a place', async () => {
    const { api, end, begun } = await busy(60_000);
    const first = api.post('/api/chainhook/events', 1, 'chainhook');
    await until(() => begun.length === 1);
    const second = api.post('/api/chainhook/events', 2, 'chainhook');
    end();
    expect([(await first).status, (await second).status, begun]).toEqual([200, 200, [1, 2]]);
  });

  it('refuses it with 503 and Retry-After when it waited too long', async () => {
    const { api, end, begun } = await busy(20);
    const first = api.post('/api/chainhook/events', 1, 'chainhook');
    await until(() => begun.length === 1);
    const second = await api.post('/api/chainhook/events', 2, 'chainhook');
    expect([second.status, second.headers.get('retry-after'), begun]).toEqual([503, '1', [1]]);
    end();
    expect((await first).status).toBe(200);
  });

  it('gives the place of a node that went away to the next', async () => {
    const { api, begun } = await busy(60_000);
    const gone = new AbortController();
    const first = api.call('/api/chainhook/events', {
      method: 'POST',
      headers: NODE,
      body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"half')) }),
      duplex: 'half',
      signal: gone.signal,
    } as RequestInit);
    first.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = api.post('/api/chainhook/events', 2, 'chainhook');
    second.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(begun).toEqual([]);
    gone.abort();
    await until(() => begun.length === 1);
    expect(begun).toEqual([2]);
  });
});

it('takes deliveries while analytics are off', async () => {
  const off = await startApi({}, { analyticsEnabled: false });
  expect((await off.post('/api/chainhook/events', {}, 'chainhook')).status).toBe(200);
});

it('never answers a chain node 429, whatever its address did before', async () => {
  for (let guess = 0; guess <= WRONG_TOKENS + 1; guess++)
    await api.call('/api/chainhook/events', { method: 'POST', headers: { authorization: `Bearer guess-${guess}` } });
  const wrong = await deliver('{}', { authorization: 'Bearer still-wrong' });
  expect(wrong.status).toBe(401);
  const statuses = new Set<number>();
  for (let sent = 0; sent < 300; sent++) statuses.add((await deliver('{}')).status);
  expect([...statuses]).toEqual([200]);
});
