import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { contentsOf } from '../../test/support/currentContents.js';
import { community, happen, join as joins, mint, revoke, template, turn } from '../../test/support/history.js';
import { BusyError } from '../chain/gate.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import type { EventLog } from '../log/log.js';
import { Current, ReadTimeoutError, type CurrentOptions } from './current.js';
import { Warehouse } from './duckdb.js';
import { queryRows } from './query.js';

/** What counts now: as of which position, brought up in which steps, and what bounds its reads. */
const AT = '2026-02-10T12:00:00.000Z';

let dir: string;
let store: LmdbStore;
let warehouse: Warehouse;
const logger = pino({ level: 'silent' });

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-current-'));
  store = await openLmdb(join(dir, 'log'), { logger });
  warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 64, logger });
});
afterEach(async () => {
  await warehouse.close();
  await store.close();
  await rm(dir, { recursive: true });
});

const currentOf = (options?: CurrentOptions): Current => new Current(warehouse, store.log, options);

const badges = (current: Current, seq: number) =>
  current.read(seq, (connection) => queryRows(connection, 'SELECT badge_id AS id FROM current_badge ORDER BY id'));

it('holds what counts as of the position that was asked for, though the log and the read model are further', async () => {
  await happen(store.log, { block: '1', at: AT }, mint('1', 'alice'));
  const { head } = store.log;
  await happen(store.log, { block: '2', at: AT }, mint('2', 'alice'));
  await warehouse.catchUp(store.log);
  const current = currentOf();
  expect(await badges(current, head)).toEqual([{ id: '1' }]);
  expect(await badges(current, store.log.head)).toEqual([{ id: '1' }, { id: '2' }]);
  expect(await current.read(head, (_connection, seq) => Promise.resolve(seq))).toBe(store.log.head);
});

it.each([
  ['in steps', 100_000],
  ['in steps, of which the last is most of the log', 1],
])('brought up %s it is the same as anew after its file was dropped, also after a reorg', async (_how, few) => {
  const current = currentOf({ few });
  const [two, other] = [
    { block: '2', at: AT },
    { block: '2b', at: AT },
  ];
  await happen(store.log, { block: '1', at: AT }, template('1', 'Gold'), community('7', 'Old', 'alice'));
  await current.bringTo(store.log.head);
  await happen(store.log, two, mint('1', 'alice'), community('8', 'Gone', 'bob'), joins('7', 'bob'));
  if (few > 1) await current.bringTo(store.log.head);
  await turn(store.log, two, false);
  await happen(store.log, other, mint('1', 'carol'), community('8', 'Come', 'carol'), revoke('1'));
  const inSteps = await contentsOf(current, store.log.head);
  expect(inSteps).toContain('Come');
  expect(inSteps).not.toContain('bob');
  await warehouse.rebuild(store.log);
  expect(await contentsOf(current, store.log.head)).toBe(inSteps);
});

it.each([
  ['created a community', community('8', 'Gone', 'dan')],
  ['joined one', joins('7', 'dan')],
  ['was issued a badge', mint('2', 'dan')],
])('tells when a user was first seen who %s in a block that does not count any more', async (_how, happening) => {
  const current = currentOf();
  const gone = { block: '2', at: '2026-02-10T10:00:00Z' };
  const later = '2026-02-10T11:00:00Z';
  const seen = async () => {
    await current.bringTo(store.log.head);
    return current.read(store.log.head, (connection) =>
      queryRows(connection, `SELECT at_ms FROM current_user WHERE principal = 'dan'`),
    );
  };
  await happen(store.log, { block: '1', at: AT }, community('7', 'Old', 'alice'));
  await seen();
  await happen(store.log, gone, happening);
  await happen(store.log, { block: '3', at: later }, mint('5', 'dan'));
  expect(await seen()).toEqual([{ at_ms: Date.parse(gone.at) }]);
  await turn(store.log, gone, false);
  expect(await seen()).toEqual([{ at_ms: Date.parse(later) }]);
  await turn(store.log, gone, true);
  expect(await seen()).toEqual([{ at_ms: Date.parse(gone.at) }]);
});

it.each([
  ['a mint of the same badge', mint('2', 'dan'), mint('2', 'erin')],
  ['a creation of the same community', community('8', 'Later', 'dan'), community('8', 'First', 'erin')],
])(
  'knows a user no more who was seen by what %s comes before, of a block that comes late',
  async (_how, first, before) => {
    const current = currentOf();
    const principals = async () => {
      await current.bringTo(store.log.head);
      return current.read(store.log.head, (connection) =>
        queryRows(connection, 'SELECT principal FROM current_user ORDER BY principal'),
      );
    };
    await happen(store.log, { block: '1', at: AT }, community('7', 'Old', 'alice'));
    await principals();
    await happen(store.log, { block: '5', at: AT }, first);
    expect(await principals()).toEqual([{ principal: 'alice' }, { principal: 'dan' }]);
    await happen(store.log, { block: '4', at: AT }, before);
    expect(await principals()).toEqual([{ principal: 'alice' }, { principal: 'erin' }]);
  },
);

it('ends a read that takes too long, and goes on', async () => {
  const current = currentOf({ timeoutMs: 50 });
  const endless = 'SELECT sum(hash(i)) AS n FROM range(1000000000000) AS rows (i)';
  await expect(current.read(0, (connection) => queryRows(connection, endless))).rejects.toThrow(ReadTimeoutError);
  expect(await currentOf().read(0, (connection) => queryRows(connection, 'SELECT 1 AS n'))).toEqual([{ n: 1 }]);
});

it('ends a read of many short statements too, of which none takes long', async () => {
  const current = currentOf({ timeoutMs: 100 });
  const endless = current.read(0, async (connection) => {
    for (;;) await connection.rows('SELECT count(*) FROM range(100_000)');
  });
  await expect(endless).rejects.toThrow(ReadTimeoutError);
});

it('refuses a read when the log takes too long to be read, and does not wait for it', async () => {
  let go = (): void => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  await happen(store.log, { block: '1', at: AT }, mint('1', 'alice'));
  const slow: EventLog = {
    ...store.log,
    head: store.log.head,
    async *read(after) {
      await released;
      yield* store.log.read(after);
    },
  };
  const current = new Current(warehouse, slow, { maxBehindMs: 20 });
  await expect(badges(current, slow.head)).rejects.toThrow(BusyError);
  await expect(current.readTo(slow.head)).rejects.toThrow(BusyError);
  go();
  // It has gone on meanwhile.
  await current.bringTo(slow.head);
  expect(await badges(new Current(warehouse, slow), slow.head)).toEqual([{ id: '1' }]);
});

it('refuses a read when others have had all places for as long as one waits', async () => {
  const current = currentOf({ maxReads: 1, maxWaitMs: 20 });
  let finish: () => void = () => undefined;
  // Made before it is waited for: on a busy machine the second is refused before the first has got as far as to read.
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const first = current.read(0, () => finished);
  await expect(current.read(0, () => Promise.resolve())).rejects.toThrow(BusyError);
  finish();
  await first;
  expect(await current.read(0, () => Promise.resolve('in turn'))).toBe('in turn');
});
