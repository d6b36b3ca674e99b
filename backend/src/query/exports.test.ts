import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withStore } from '../../test/properties/store.js';
import { community, happen, join as joins, mint, revoke, template } from '../../test/support/history.js';
import { withReaders, type Readers } from '../../test/support/readers.js';
import { dayOf } from '../analyzers/calendar.js';
import { BlockIndex } from '../chain/blocks.js';
import type { EventLog } from '../log/log.js';
import { activity, countActivity, foldedNames } from '../warehouse/activity.js';
import { queryRows } from '../warehouse/query.js';
import { Exports, type ExportFormat, type FindActivity } from './exports.js';
import type { Question } from './question.js';

/** Files of lists and series, of a short history, read back. */
const NOON = '2026-02-10T12:00:00.000Z';
const NOW = Date.parse('2026-02-14T12:00:00Z');
const QUESTION: Question = {
  metric: 'badgesIssued',
  range: { from: dayOf(NOW) - 5, to: dayOf(NOW) - 3 },
  interval: 'day',
  groupBy: 'badge',
  limit: 1,
  filters: {},
  compare: 'previous',
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-exports-'));
});
afterEach(() => rm(dir, { recursive: true }));

const withHistory = (work: (exports: Exports, readers: Readers) => Promise<void>): Promise<void> =>
  withStore(({ log }) =>
    withReaders(dir, log, async (readers) => {
      await happen(log, { block: '1', at: NOON }, template('1', '=cmd|calc', 'learning'), template('2', 'Plain'));
      await happen(
        log,
        { block: '2', at: NOON },
        mint('1', 'alice'),
        mint('2', 'bob'),
        mint('3', 'bob', { templateId: '2' }),
      );
      await happen(
        log,
        { block: '3', at: NOON },
        revoke('2'),
        community('7', 'Makers, "and" more', 'issuer'),
        joins('7', 'bob'),
      );
      await readers.fold();
      await work(new Exports(readers.queries, activityOf(log, readers), () => NOW), readers);
    }),
  );

/** The activity of that log, whose every block counts. */
const activityOf =
  (log: EventLog, { warehouse, aggregator, position }: Readers): FindActivity =>
  async (query) => {
    await warehouse.catchUp(log);
    const names = foldedNames(aggregator, new BlockIndex(), position());
    const known = { ...names, isCanonical: () => true };
    const { items } = await activity(warehouse, query, known);
    return { items, total: await countActivity(warehouse, query, known) };
  };

async function readBack({ warehouse }: Readers, content: string | Buffer) {
  const file = join(dir, 'back.parquet');
  await writeFile(file, content);
  return warehouse.use((connection) => queryRows(connection, `SELECT * FROM read_parquet('${file}')`));
}

it('are the same items in every format, whatever their names', () =>
  withHistory(async (exports, readers) => {
    const query = { sort: 'issued', limit: 10 };
    const taken = (format: ExportFormat) => exports.list('badges', query, format);
    const items = JSON.parse(String((await taken('json')).content)) as Record<string, unknown>[];
    expect(items.map(({ badgeName, issued, held }) => [badgeName, issued, held])).toEqual([
      ['=cmd|calc', 2, 1],
      ['Plain', 1, 1],
    ]);
    const csv = String((await taken('csv')).content).split('\r\n');
    expect(csv[0]).toBe(Object.keys(items[0] ?? {}).join(','));
    expect(csv[1]).toMatch(/^1,'=cmd\|calc,learning,1,2026-02-10T12:00:00.000Z,2,1,1,2,1,2,2,/);
    expect(csv).toHaveLength(4);
    const rows = await readBack(readers, (await taken('parquet')).content);
    expect(rows.map((row) => ({ ...row, createdAt: undefined, lastIssuedAt: undefined }))).toEqual(
      items.map((item) => ({ ...item, createdAt: undefined, lastIssuedAt: undefined })),
    );
  }));

it('hold as many rows as were asked for, and tell how many there are', () =>
  withHistory(async (exports) => {
    const { content, rows, total } = await exports.list('users', { sort: 'principal', limit: 2 }, 'json');
    expect([rows, total]).toEqual([2, 3]);
    expect((JSON.parse(String(content)) as { principal: string }[]).map(({ principal }) => principal)).toEqual([
      'alice',
      'bob',
    ]);
  }));

it('quote what a name has in it', () =>
  withHistory(async (exports) => {
    const { content } = await exports.list('communities', { sort: 'name', limit: 2 }, 'csv');
    expect(content).toContain('\r\n7,"Makers, ""and"" more",issuer,true,2026-02-10T12:00:00.000Z,2,2,3,3,2\r\n');
  }));

it('hold every value of a series beside the bucket it is compared with', () =>
  withHistory(async (exports, readers) => {
    expect(String((await exports.series(QUESTION, 'csv')).content).split('\r\n')).toEqual([
      'metric,bucket,key,name,value,previousBucket,previousValue',
      `badgesIssued,2026-02-09,1,'=cmd|calc,0,2026-02-06,0`,
      'badgesIssued,2026-02-09,,Other,0,2026-02-06,0',
      `badgesIssued,2026-02-10,1,'=cmd|calc,2,2026-02-07,0`,
      'badgesIssued,2026-02-10,,Other,1,2026-02-07,0',
      `badgesIssued,2026-02-11,1,'=cmd|calc,0,2026-02-08,0`,
      'badgesIssued,2026-02-11,,Other,0,2026-02-08,0',
      '',
    ]);
    const alone = await exports.series({ ...QUESTION, groupBy: 'none', compare: 'none' }, 'parquet');
    expect(await readBack(readers, alone.content)).toEqual(
      [0, 3, 0].map((value, index) => ({
        metric: 'badgesIssued',
        bucket: `2026-02-${String(index + 9).padStart(2, '0')}`,
        key: null,
        name: 'All',
        value,
      })),
    );
  }));

it('hold the newest events of a kind, and tell how many there are', () =>
  withHistory(async (exports, readers) => {
    const query = { type: 'badge_issued', limit: 2 } as const;
    const { content, rows, total } = await exports.activity(query, 'csv');
    expect([rows, total]).toEqual([2, 3]);
    const [head, ...lines] = String(content).trim().split('\r\n');
    expect(head).toBe(
      'id,type,at,actor,subject,badgeId,templateId,badgeName,communityId,communityName,height,txId,retracted',
    );
    expect(lines.map((line) => line.split(',').slice(1, 8))).toEqual([
      ['badge_issued', NOON, 'issuer', 'bob', '3', '2', 'Plain'],
      ['badge_issued', NOON, 'issuer', 'bob', '2', '1', "'=cmd|calc"],
    ]);
    const parquet = await exports.activity({ limit: 50 }, 'parquet');
    expect(parquet.rows).toBe(parquet.total);
    expect(await readBack(readers, parquet.content)).toHaveLength(parquet.total);
  }));

it('leave no file behind', () =>
  withHistory(async (exports) => {
    const ofExports = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('passportx-export-'));
    const before = await ofExports();
    await exports.list('badges', { sort: 'issued', limit: 10 }, 'parquet');
    expect((await ofExports()).filter((name) => !before.includes(name))).toEqual([]);
  }));

it('of a table that a page has hold its cells, as numbers where a column has nothing else', () =>
  withHistory(async (exports, readers) => {
    const columns = ['Badge', 'Issued', 'Growth', 'First', 'Mixed; DROP'];
    const rows = [
      ["O'Brien", 3, 1.5, null, 1],
      ['=cmd', null, 2, null, 'one'],
    ];
    expect(await readBack(readers, await exports.page({ columns, rows }))).toEqual([
      { Badge: "O'Brien", Issued: 3, Growth: 1.5, First: null, 'Mixed; DROP': '1' },
      { Badge: '=cmd', Issued: null, Growth: 2, First: null, 'Mixed; DROP': 'one' },
    ]);
  }));
