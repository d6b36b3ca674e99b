import { startApi, TOKENS, type Api } from '../../test/support/apiHarness.js';
import { BOARD, WIDGETS } from '../../test/support/boards.js';
import {
  MAX_BOARD_SHARES,
  MAX_WIDGETS,
  type Board,
  type BoardContent,
  type BoardList,
  type CreatedBoard,
  type CreatedShare,
  type ShareList,
  type Widget,
} from '../contract/index.js';
import { VIEWER_WRITES, WRONG_TOKENS } from './limits.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

const create = async (content: unknown = BOARD): Promise<CreatedBoard> =>
  (await (await api.post('/api/boards', content, 'viewer')).json()) as CreatedBoard;

interface Edit {
  readonly key?: string;
  readonly match?: string | undefined;
  readonly as?: 'viewer' | 'admin';
}
const put = (id: string, content: BoardContent, { key, match = '"1"', as = 'viewer' }: Edit): Promise<Response> =>
  api.call(`/api/boards/${id}`, {
    method: 'PUT',
    as,
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { 'board-edit-key': key }),
      ...(match !== '' && { 'if-match': match }),
    },
    body: JSON.stringify(content),
  });
const send = (method: string, path: string, { key, as = 'viewer' }: Edit = {}, body?: unknown): Promise<Response> =>
  api.call(path, {
    method,
    as,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'board-edit-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const share = async (id: string, key: string, name = 'the lobby'): Promise<CreatedShare> =>
  (await (await send('POST', `/api/boards/${id}/shares`, { key }, { name })).json()) as CreatedShare;
const detailOf = async (response: Response): Promise<string> => ((await response.json()) as { detail: string }).detail;

describe('a board', () => {
  test('is made, listed, read, changed and deleted', async () => {
    const made = await api.post('/api/boards', { ...BOARD, name: '  Lobby ' }, 'viewer');
    expect(made.status).toBe(201);
    const { board, editKey } = (await made.json()) as CreatedBoard;
    expect(made.headers.get('location')).toBe(`/api/boards/${board.id}`);
    expect(board).toMatchObject({ ...BOARD, revision: 1, createdAt: '2026-02-14T12:00:00.000Z' });

    const changed = await put(board.id, { ...BOARD, name: 'Hall' }, { key: editKey });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe('"2"');
    const read = await api.call(`/api/boards/${board.id}`, { as: 'viewer' });
    expect(read.headers.get('etag')).toBe('"2"');
    expect(await read.json()).toEqual({ ...board, name: 'Hall', revision: 2 });
    for (const [known, status] of [
      ['"2"', 304],
      ['"1"', 200],
      ['*', 304],
    ] as const) {
      // As a browser asks: `fetch` here would forbid the answer from memory.
      const headers = { 'if-none-match': known, 'cache-control': 'max-age=0' };
      const again = await api.call(`/api/boards/${board.id}`, { as: 'viewer', headers });
      expect([again.status, (await again.text()).length > 0]).toEqual([status, status === 200]);
    }
    // What has no version is never known already.
    const all = { as: 'viewer', headers: { 'if-none-match': '*', 'cache-control': 'max-age=0' } } as const;
    expect(await (await api.call('/api/boards', all)).json()).toMatchObject({
      items: [{ id: board.id, name: 'Hall', revision: 2, shares: 0, layout: WIDGETS.map(({ kind }) => ({ kind })) }],
      limit: 500,
    });

    expect((await send('DELETE', `/api/boards/${board.id}`, { key: editKey })).status).toBe(204);
    expect((await api.call(`/api/boards/${board.id}`, { as: 'viewer' })).status).toBe(404);
    expect((await send('DELETE', `/api/boards/${board.id}`, { key: editKey })).status).toBe(404);
  });

  test('of two who edit it at once the second is told, and overwrites nothing', async () => {
    const { board, editKey: key } = await create();
    const [one, other] = await Promise.all([
      put(board.id, { ...BOARD, name: 'One' }, { key }),
      put(board.id, { ...BOARD, name: 'Other' }, { key }),
    ]);
    const [winner, loser] = one.ok ? [one, other] : [other, one];
    expect([winner.status, loser.status]).toEqual([200, 412]);
    expect(loser.headers.get('etag')).toBe('"2"');
    expect(await detailOf(loser)).toContain('revision 2');
    const { name } = (await winner.json()) as Board;
    expect((await api.services.boards.get(board.id))?.name).toBe(name);
  });

  test('takes the same change again as the one that it was, since its answer may have been lost', async () => {
    const { board, editKey: key } = await create();
    for (let time = 0; time < 2; time += 1) {
      const response = await put(board.id, { ...BOARD, name: 'Hall' }, { key });
      expect([response.status, response.headers.get('etag')]).toEqual([200, '"2"']);
    }
  });

  test('wants to know what a change was made from', async () => {
    const { board, editKey: key } = await create();
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key, match: '' })).status).toBe(428);
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key, match: 'W/"1"' })).status).toBe(400);
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key, match: '"7"' })).status).toBe(412);
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key, match: '*' })).status).toBe(200);
  });
});

describe('the edit key', () => {
  test('is needed by viewers and admins alike to change a board, and by viewers for its links and its end', async () => {
    const { board, editKey } = await create();
    const other = await create();
    for (const key of [undefined, 'a guess', other.editKey, `${editKey}x`])
      for (const as of ['viewer', 'admin'] as const) {
        const wrong = { as, ...(key !== undefined && { key }) };
        expect((await put(board.id, { ...BOARD, name: 'Hall' }, wrong)).status).toBe(403);
        const path = `/api/boards/${board.id}`;
        expect((await send('POST', `${path}/shares`, wrong, { name: 'x' })).status).toBe(403);
        if (as === 'admin') continue;
        expect((await send('GET', `${path}/shares`, wrong)).status).toBe(403);
        expect((await send('DELETE', `${path}/shares/x`, wrong)).status).toBe(403);
        expect((await send('POST', `${path}/edit-key`, wrong)).status).toBe(403);
        expect((await send('DELETE', path, wrong)).status).toBe(403);
      }
    expect(await api.services.boards.get(board.id)).toEqual(board);
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key: editKey })).status).toBe(200);
  });

  test('is told once, and kept as a digest', async () => {
    const { board, editKey } = await create();
    const { token } = await share(board.id, editKey);
    const told: string[] = [];
    for (const path of ['/api/boards', `/api/boards/${board.id}`])
      told.push(await (await api.call(path, { as: 'admin' })).text());
    told.push(await (await send('GET', `/api/boards/${board.id}/shares`, { key: editKey })).text());
    const secret = token.split('.').at(-1) ?? '';
    expect(secret).toHaveLength(43);
    for (const text of [...told, ...api.logged]) {
      expect(text).not.toContain(editKey);
      expect(text).not.toContain(secret);
    }
  });

  test('is worth nothing once it was renewed', async () => {
    const { board, editKey } = await create();
    const renewed = await send('POST', `/api/boards/${board.id}/edit-key`, { key: editKey });
    expect(renewed.status).toBe(201);
    const { editKey: key } = (await renewed.json()) as { editKey: string };
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key: editKey })).status).toBe(403);
    expect((await put(board.id, { ...BOARD, name: 'Hall' }, { key })).status).toBe(200);
  });

  test('is not needed by an admin who renews it, looks after the links or deletes the board', async () => {
    const { board, editKey } = await create();
    const path = `/api/boards/${board.id}`;
    const { share: link } = await share(board.id, editKey);
    expect((await send('GET', `${path}/shares`, { as: 'admin' })).status).toBe(200);
    expect((await send('DELETE', `${path}/shares/${link.id}`, { as: 'admin' })).status).toBe(204);
    expect((await send('POST', `${path}/edit-key`, { as: 'admin' })).status).toBe(201);
    expect((await send('DELETE', path, { as: 'admin' })).status).toBe(204);
  });

  test('is not found by guessing', async () => {
    const { board, editKey: key } = await create();
    for (let count = 0; count < WRONG_TOKENS; count += 1)
      expect((await send('GET', `/api/boards/${board.id}/shares`, { key: `guess ${count}` })).status).toBe(403);
    for (const shown of [key, 'one more guess'])
      expect((await send('GET', `/api/boards/${board.id}/shares`, { key: shown })).status).toBe(429);
  });
});

const widget = (over: object): Widget => ({ ...WIDGETS[0], ...over }) as Widget;
const OTHER = widget({ id: 'other', x: 3 });

describe('what is no board is refused with each field that is wrong and its limit', () => {
  test.each<[string, object, string, string]>([
    ['no name', { name: '' }, 'name', 'must be text of 1 to 80 characters'],
    ['a name of blanks', { name: '  ' }, 'name', 'must not be blank'],
    ['a name too long', { name: 'x'.repeat(81) }, 'name', 'must be text of 1 to 80 characters'],
    ['no range', { range: undefined }, 'range.preset', 'must be one of 7d, 30d, 90d, month, year, 12m, custom'],
    ['a range backwards', custom('2026-02-02', '2026-02-01'), 'range.from', 'must not be after "to"'],
    ['a long range', custom('2024-01-01', '2026-01-01'), 'range.from', 'must be within 366 days of "to", not 732'],
    ['a range of no days', { range: { preset: 'custom', from: 'x' } }, 'range.to', 'must be a day such as 2026-02-14'],
    ['what nobody asked for', { colour: 'red' }, 'colour', 'is not known: the fields are name, range, widgets'],
    ['no list', { widgets: {} }, 'widgets', 'must be a list of 0 to 24 items'],
    [
      'too many widgets',
      { widgets: Array.from({ length: MAX_WIDGETS + 1 }, (_, y) => widget({ id: `${y}`, y: 2 * y })) },
      'widgets',
      'must be a list of 0 to 24 items',
    ],
    [
      'an unknown widget',
      { widgets: [widget({}), { ...OTHER, kind: 'clock' }] },
      'widgets[1].kind',
      'must be one of number, series, ranking, activity, cohorts, chain, note',
    ],
    [
      'no widget at all',
      { widgets: [7] },
      'widgets[0].kind',
      expect.stringContaining('must be one of number') as never,
    ],
    ['a wide widget', { widgets: [widget({ w: 13 })] }, 'widgets[0].w', 'must be a whole number from 1 to 12'],
    ['half a column', { widgets: [widget({ x: 0.5 })] }, 'widgets[0].x', 'must be a whole number from 0 to 11'],
    ['off the grid', { widgets: [widget({ x: 10 })] }, 'widgets[0].w', 'must end at column 12 or before'],
    ['far down', { widgets: [widget({ y: 145 })] }, 'widgets[0].y', 'must be a whole number from 0 to 144'],
    ['overlap', { widgets: [widget({}), { ...OTHER, x: 2 }] }, 'widgets[1]', 'must not overlap widgets[0]'],
    [
      'twins',
      { widgets: [widget({}), { ...OTHER, id: 'issued' }] },
      'widgets[1].id',
      'must differ from that of widgets[0]',
    ],
    ['a blank title', { widgets: [widget({ title: ' ' })] }, 'widgets[0].title', 'must not be blank'],
    [
      'a group that there is not',
      {
        widgets: [widget({ kind: 'series', metric: 'newUsers', groupBy: 'category', shape: 'bar', interval: 'auto' })],
      },
      'widgets[0].groupBy',
      'must be of user, weekday, hour for newUsers',
    ],
    [
      'hours of a year',
      {
        widgets: [
          widget({ kind: 'series', groupBy: 'none', shape: 'bar', interval: 'hour', range: { preset: 'year' } }),
        ],
      },
      'widgets[0].interval',
      'must not be hour for more than 31 days',
    ],
    [
      'a filter that there is not',
      { widgets: [widget({ metric: 'totalUsers', filters: { hour: [3] } })] },
      'widgets[0].filters.hour',
      'must be of user for totalUsers',
    ],
    [
      'an empty filter',
      { widgets: [widget({ filters: { category: [] } })] },
      'widgets[0].filters.category',
      'must be a list of 1 to 20 items',
    ],
    [
      'a filter of another name',
      { widgets: [widget({ filters: { mood: ['good'] } })] },
      'widgets[0].filters.mood',
      expect.stringContaining('is not known: the fields are category (optional), level') as never,
    ],
  ])('%s', async (_what, over, field, message) => {
    const response = await api.post('/api/boards', { ...BOARD, widgets: [], ...over }, 'viewer');
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: object[] };
    expect(errors).toContainEqual({ field, message });
  });

  test('a text that is wrong all over names its first twenty fields', async () => {
    const response = await api.post('/api/boards', { ...BOARD, widgets: Array(5_000).fill(0) }, 'viewer');
    expect(((await response.json()) as { errors: unknown[] }).errors).toHaveLength(20);
  });

  test('more than 32 kB', async () => {
    const widgets = WIDGETS.map((one) => ({ ...one, padding: 'x'.repeat(5_000) }));
    const response = await api.post('/api/boards', { ...BOARD, widgets }, 'viewer');
    expect([response.status, await detailOf(response)]).toEqual([413, expect.stringContaining('32768 bytes')]);
  });
});

function custom(from: string, to: string): object {
  return { range: { preset: 'custom', from, to } };
}

test('no more links than the limit, until one is revoked', async () => {
  const { board, editKey: key } = await create();
  const links: CreatedShare[] = [];
  for (let count = 0; count < MAX_BOARD_SHARES; count += 1) links.push(await share(board.id, key, `screen ${count}`));
  const path = `/api/boards/${board.id}/shares`;
  const refused = await send('POST', path, { key }, { name: 'one more' });
  expect([refused.status, await detailOf(refused)]).toEqual([
    409,
    expect.stringContaining(`${MAX_BOARD_SHARES} links`),
  ]);
  expect((await send('DELETE', `${path}/${links[0]?.share.id}`, { key })).status).toBe(204);
  expect((await send('POST', path, { key }, { name: 'one more' })).status).toBe(201);
  const { items } = (await (await send('GET', path, { key })).json()) as ShareList;
  expect(items.map(({ name }) => name)).toEqual([...links.slice(1).map((link) => link.share.name), 'one more']);
});

test('a viewer who writes without end is asked to wait; who reads is not', async () => {
  const { board } = await create();
  for (let count = 1; count < VIEWER_WRITES; count += 1) await send('DELETE', '/api/boards/none');
  expect((await send('DELETE', '/api/boards/none')).status).toBe(429);
  expect((await api.call(`/api/boards/${board.id}`, { as: 'viewer' })).status).toBe(200);
});

describe('a link', () => {
  const trade = (token: string, cookie = ''): Promise<Response> =>
    api.call('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ token }),
    });
  const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const statusOf = async (path: string, headers: Record<string, string>): Promise<number> =>
    (await api.call(path, { headers })).status;

  test('is traded for a cookie that no script reads, which opens the board and what is on it', async () => {
    const { board, editKey } = await create();
    const { token } = await share(board.id, editKey);
    const response = await trade(token);
    expect(response.status).toBe(204);
    const [set] = response.headers.getSetCookie();
    expect(set).toMatch(/^passportx_boards=.+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(token.split('.').at(-1));
    for (const headers of [{ cookie: cookieOf(response) }, { authorization: `Bearer ${token}` }])
      expect({
        board: await statusOf(`/api/boards/${board.id}`, headers),
        chain: await statusOf('/api/chain/status', headers),
        cohorts: await statusOf('/api/analytics/users', headers),
        activity: await statusOf('/api/analytics/activity?type=badge_issued&limit=20', headers),
        'other activity': await statusOf('/api/analytics/activity?limit=20', headers),
        aggregated: await statusOf('/api/analytics/aggregated', headers),
        list: await statusOf('/api/boards', headers),
        shares: await statusOf(`/api/boards/${board.id}/shares`, headers),
        'another board': await statusOf(`/api/boards/${(await create()).board.id}`, headers),
        quarantine: await statusOf('/api/quarantine', headers),
      }).toEqual({
        board: 200,
        chain: 200,
        cohorts: 200,
        activity: 200,
        'other activity': 403,
        aggregated: 403,
        list: 403,
        shares: 403,
        'another board': 403,
        quarantine: 403,
      });
  });

  test('changes nothing, also with the edit key', async () => {
    const { board, editKey: key } = await create();
    const { token } = await share(board.id, key);
    const headers = { authorization: `Bearer ${token}`, 'board-edit-key': key };
    const deleted = await api.call(`/api/boards/${board.id}`, { method: 'DELETE', headers });
    expect([deleted.status, await detailOf(deleted)]).toEqual([403, expect.stringContaining('A link to a board')]);
  });

  test('opens nothing once it is revoked, for whoever has it', async () => {
    const { board, editKey: key } = await create();
    const [gone, stays] = [await share(board.id, key), await share(board.id, key)];
    const cookies = [cookieOf(await trade(gone.token)), cookieOf(await trade(stays.token))] as const;
    await send('DELETE', `/api/boards/${board.id}/shares/${gone.share.id}`, { key });
    expect(await statusOf(`/api/boards/${board.id}`, { cookie: cookies[0] })).toBe(401);
    expect(await statusOf(`/api/boards/${board.id}`, { authorization: `Bearer ${gone.token}` })).toBe(401);
    expect((await trade(gone.token)).status).toBe(401);
    expect(await statusOf(`/api/boards/${board.id}`, { cookie: cookies[1] })).toBe(200);
    await send('DELETE', `/api/boards/${board.id}`, { key });
    expect(await statusOf(`/api/boards/${board.id}`, { cookie: cookies[1] })).toBe(401);
  });

  test('follows what is on the board now', async () => {
    const { board, editKey: key } = await create();
    const { token } = await share(board.id, key);
    const headers = { authorization: `Bearer ${token}` };
    expect(await statusOf('/api/chain/status', headers)).toBe(200);
    await put(board.id, { ...BOARD, widgets: WIDGETS.filter(({ kind }) => kind !== 'chain') }, { key });
    expect(await statusOf('/api/chain/status', headers)).toBe(403);
  });

  test('stands beside other links and beside a session, until one signs out', async () => {
    const boards = await Promise.all([create(), create({ ...BOARD, name: 'Hall' })]);
    let cookie = '';
    for (const { board, editKey } of boards)
      cookie = cookieOf(await trade((await share(board.id, editKey)).token, cookie));
    for (const { board } of boards) expect(await statusOf(`/api/boards/${board.id}`, { cookie })).toBe(200);
    const session = cookieOf(await trade(TOKENS.viewer));
    expect(await statusOf('/api/boards', { cookie: `${cookie}; ${session}` })).toBe(200);
    // A session of a role that may not view takes nothing away.
    const node = cookieOf(await trade(TOKENS.chainhook));
    expect(await statusOf(`/api/boards/${boards[0]?.board.id}`, { cookie: `${cookie}; ${node}` })).toBe(200);
  });

  test.each([
    ['another link', (cookie: string) => cookie.replace(/=(.)/, (_all, first) => `=${first === 'A' ? 'B' : 'A'}`)],
    ['another signature', (cookie: string) => cookie.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['the name of a session', (cookie: string) => cookie.replace('passportx_boards', 'passportx_session')],
  ])('is not believed with %s', async (_what, forge) => {
    const { board, editKey } = await create();
    const cookie = cookieOf(await trade((await share(board.id, editKey)).token));
    expect(await statusOf(`/api/boards/${board.id}`, { cookie })).toBe(200);
    expect(await statusOf(`/api/boards/${board.id}`, { cookie: forge(cookie) })).toBe(401);
  });
});

test('where the dashboard is public anyone makes boards, and changes only those of which they have the key', async () => {
  api = await startApi({}, {}, { publicDashboard: true });
  const made = await api.post('/api/boards', BOARD);
  const { board, editKey } = (await made.json()) as CreatedBoard;
  const edit = (key: string) =>
    api.call(`/api/boards/${board.id}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': '*', 'board-edit-key': key },
      body: JSON.stringify({ ...BOARD, name: 'Hall' }),
    });
  expect((await edit('a guess')).status).toBe(403);
  expect((await edit(editKey)).status).toBe(200);
  expect(((await (await api.call('/api/boards')).json()) as BoardList).items).toHaveLength(1);
});
