import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { BOARD } from '../../test/support/boards.js';
import { MAX_BOARDS } from '../contract/index.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { Boards, type BoardEvent, TooManyError } from './boards.js';

let directory: string;
let store: LmdbStore;
let boards: Boards;
let now: number;

const open = async (): Promise<void> => {
  store = await openLmdb(directory, { logger: pino({ level: 'silent' }) });
  boards = new Boards(store.documents, () => (now += 1_000));
};
beforeEach(async () => {
  now = Date.parse('2026-02-14T12:00:00Z');
  directory = mkdtempSync(join(tmpdir(), 'boards-'));
  await open();
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

test('boards, their keys and their links outlive a restart; those changed last come first', async () => {
  const { board, editKey } = await boards.create(BOARD);
  const { board: hall } = await boards.create({ ...BOARD, name: 'Hall' });
  const link = await boards.share(board.id, 'the lobby');
  await boards.replace(board.id, { ...BOARD, name: 'Lobby, ground floor' }, 1);
  await store.close();
  await open();
  expect((await boards.list()).map(({ name, shares }) => [name, shares])).toEqual([
    ['Lobby, ground floor', 1],
    ['Hall', 0],
  ]);
  expect(await boards.isKeyOf(board.id, editKey)).toBe(true);
  expect(await boards.isKeyOf(hall.id, editKey)).toBe(false);
  expect(await boards.shareOfToken(link?.token ?? '')).toEqual({ boardId: board.id, shareId: link?.share.id });
});

test('no more boards are kept than the limit, also of those that come together', async () => {
  for (let count = 0; count < MAX_BOARDS - 1; count += 1) await boards.create({ ...BOARD, widgets: [] });
  const together = await Promise.allSettled([1, 2, 3].map(() => boards.create(BOARD)));
  expect(together.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  await expect(boards.create(BOARD)).rejects.toThrow(TooManyError);
  const [last] = await boards.list();
  await boards.remove(last?.id ?? '');
  expect((await boards.create(BOARD)).board.revision).toBe(1);
});

test('changes that come together are all made', async () => {
  const { board } = await boards.create(BOARD);
  await Promise.all([
    boards.replace(board.id, { ...BOARD, name: 'Hall' }, 1),
    ...[1, 2, 3].map((screen) => boards.share(board.id, `screen ${screen}`)),
    boards.renewKey(board.id),
  ]);
  expect((await boards.get(board.id))?.name).toBe('Hall');
  expect((await boards.shares(board.id))?.map(({ name }) => name)).toEqual(['screen 1', 'screen 2', 'screen 3']);
});

test('those who look are told of what happened, once it is durable', async () => {
  const events: BoardEvent[] = [];
  boards.onEvent((event) => events.push(event));
  const { board } = await boards.create(BOARD);
  const link = await boards.share(board.id, 'the lobby');
  const ref = { boardId: board.id, shareId: link?.share.id ?? '' };
  await boards.replace(board.id, { ...BOARD, name: 'Hall' }, 1);
  expect(await boards.revoke(ref)).toBe(true);
  expect(await boards.revoke(ref)).toBe(false);
  await boards.remove(board.id);
  expect(events).toEqual([
    { kind: 'edited', boardId: board.id, revision: 2 },
    { kind: 'revoked', ...ref },
    { kind: 'removed', boardId: board.id },
  ]);
});

test.each(['', 'board', 'board.x.y.z', `board.${'a'.repeat(16)}.${'b'.repeat(16)}.${'c'.repeat(43)}`])(
  'a text that is no token of a link opens nothing: "%s"',
  async (token) => {
    expect(await boards.shareOfToken(token)).toBeUndefined();
  },
);

test('what there is not is neither changed nor shared', async () => {
  expect(await boards.replace('none', BOARD, null)).toBeUndefined();
  expect(await boards.share('none', 'x')).toBeUndefined();
  expect(await boards.renewKey('none')).toBeUndefined();
  expect(await boards.remove('none')).toBe(false);
});
