import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { BadCursorError } from '../contract/index.js';
import { Warehouse } from './duckdb.js';
import { BY_ID, listPage } from './listPage.js';

const SORTS = { n: { by: 'n' }, id: BY_ID };
const LIST = { sql: `SELECT * FROM (VALUES ('9', 1), ('10', 1), ('a', 2)) AS rows (id, n)`, values: [] };

describe('a cursor', () => {
  let dir: string;
  let warehouse: Warehouse;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-list-'));
    const logger = pino({ level: 'silent' });
    warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 64, logger });
  });
  afterEach(async () => {
    await warehouse.close();
    await rm(dir, { recursive: true });
  });

  const page = (sort: string, after?: string) =>
    warehouse.use((connection) => listPage<{ id: string }>(connection, LIST, SORTS, { sort, limit: 2, after }));

  it('leads to what comes after the page before, numbers by value', async () => {
    const first = await page('n');
    expect([first.rows.map(({ id }) => id), first.total]).toEqual([['a', '9'], 3]);
    const second = await page('n', first.next!);
    expect([second.rows.map(({ id }) => id), second.total, second.next]).toEqual([['10'], 3, null]);
  });

  it('is refused in another order', async () => {
    const { next } = await page('n');
    await expect(page('id', next!)).rejects.toThrow(BadCursorError);
  });

  const encoded = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');
  it.each([
    ['no text of ours', 'x'],
    ['no list', encoded({ n: 1 })],
    ['too little', encoded(['n', 1])],
    ['no id', encoded(['n', 1, 2])],
    ['no value', encoded(['n', null, 'a'])],
    ['a value of another kind', encoded(['n', 'many', 'a'])],
    ['the same said otherwise', Buffer.from('["n", 1, "a"]').toString('base64url')],
  ])('that is %s is refused', async (_what, after) => {
    await expect(page('n', after)).rejects.toThrow(BadCursorError);
  });
});
