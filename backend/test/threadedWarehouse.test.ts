import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openLmdb, type LmdbStore } from '../src/log/lmdb.js';
import type { LogReader } from '../src/log/log.js';
import { Warehouse } from '../src/warehouse/duckdb.js';
import type { ReadModel } from '../src/warehouse/readModel.js';
// As they were built: a thread begins with a file that Node can run.
import { LogUnavailableError } from '../dist/log/log.js';
import { ThreadedWarehouse } from '../dist/warehouse/threadedWarehouse.js';
import { arrive, happen, mint, template, turn } from './support/history.js';

const AT = '2026-02-10T12:00:00Z';
const FILE = 'warehouse.duckdb';

let dir: string;
let store: LmdbStore;
let logged: string[];
const opened: ReadModel[] = [];
const logger = pino({ level: 'warn' }, { write: (line) => void logged.push(line) });

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-threaded-'));
  logged = [];
  store = await openLmdb(join(dir, 'log'), { logger });
});
afterEach(async () => {
  for (const warehouse of opened.splice(0)) await warehouse.close();
  await store.close();
  await rm(dir, { recursive: true });
});

async function open(log: LogReader = store.log): Promise<ThreadedWarehouse> {
  const warehouse = await ThreadedWarehouse.open({ path: join(dir, FILE), memoryLimitMb: 64, log, logger });
  opened.push(warehouse);
  return warehouse;
}

const arrivals = (count: number) => Array.from({ length: count }, (_, index) => arrive(`user-${index}`));

const contents = (warehouse: ReadModel): Promise<unknown[]> =>
  warehouse.use(async (connection) => [
    await connection.rows('SELECT * FROM fact ORDER BY seq'),
    await connection.rows('SELECT * FROM block ORDER BY seq'),
    await connection.rows('SELECT * FROM meta'),
  ]);

async function someHistory(): Promise<void> {
  await happen(store.log, { block: '1', at: AT }, template('1', 'Gold'), mint('1', 'alice'));
  await happen(store.log, { block: '2', at: AT }, ...arrivals(9_000));
  await turn(store.log, { block: '2', at: AT }, false);
}

it('holds what a read model of the same log on this thread holds, followed, reopened and rebuilt', async () => {
  await someHistory();
  const here = await Warehouse.open({ path: join(dir, 'here.duckdb'), memoryLimitMb: 64, logger });
  opened.push(here);
  await here.catchUp(store.log);
  const expected = await contents(here);

  const threaded = await open();
  expect(threaded.seq).toBe(0);
  await threaded.catchUp(store.log);
  expect(threaded.seq).toBe(store.log.head);
  expect(await contents(threaded)).toEqual(expected);
  const reached: number[] = [];
  await threaded.rebuild(store.log, (seq) => reached.push(seq));
  expect(await contents(threaded)).toEqual(expected);
  expect(reached.at(-1)).toBe(store.log.head);
  await threaded.close();
  const reopened = await open();
  expect(reopened.seq).toBe(store.log.head);
  expect(await contents(reopened)).toEqual(expected);
});

it('lends connections whose transactions and temporary tables are their own', async () => {
  const warehouse = await open();
  await warehouse.use(async (first) => {
    await first.run('BEGIN');
    await first.run('CREATE TEMP TABLE mine AS SELECT ? AS n', [7]);
    await warehouse.use(async (second) => {
      await expect(second.rows('SELECT * FROM mine')).rejects.toThrow('mine does not exist');
    });
    expect(await first.rows('SELECT n FROM mine')).toEqual([{ n: 7 }]);
    await first.run('COMMIT');
  });
});

it('makes Parquet files, and ends a statement that is interrupted', async () => {
  const warehouse = await open();
  const file = await warehouse.use((connection) =>
    connection.parquet({ columns: [{ name: 'n', type: 'integer' }], rows: [[1], [2]] }),
  );
  expect([file.toString('latin1', 0, 4), file.toString('latin1', file.length - 4)]).toEqual(['PAR1', 'PAR1']);
  await warehouse.use(async (connection) => {
    const endless = connection.rows('SELECT count(*) FROM range(1_000_000) a, range(1_000_000) b');
    // Again and again: one that comes before the statement has begun ends nothing.
    const interrupting = setInterval(() => connection.interrupt(), 20);
    await expect(endless).rejects.toThrow('INTERRUPT');
    clearInterval(interrupting);
  });
});

it('hears that the log is away as what it is, keeps what it read, and goes on', async () => {
  for (const block of ['1', '2', '3']) await happen(store.log, { block, at: AT }, ...arrivals(12_000));
  let away = true;
  const failing: LogReader = {
    head: store.log.head,
    async *read(after) {
      for await (const commit of store.log.read(after)) {
        if (away && commit.seq > 12_001) throw new LogUnavailableError('the disk is away');
        yield commit;
      }
    },
  };
  const warehouse = await open(failing);
  await expect(warehouse.catchUp(failing)).rejects.toThrow(LogUnavailableError);
  expect(warehouse.seq).toBe(12_001);
  away = false;
  await warehouse.catchUp(failing);
  expect(warehouse.seq).toBe(store.log.head);
});

it('replaces a file that a reader found damaged, with one line in the log of the process', async () => {
  await happen(store.log, { block: '1', at: AT }, ...arrivals(40_000));
  const before = await open();
  await before.catchUp(store.log);
  await before.close();
  const bytes = await readFile(join(dir, FILE));
  for (let at = 600_000; at < bytes.length - 300_000; at += 262_144) bytes.fill(0x5a, at, at + 64);
  await writeFile(join(dir, FILE), bytes);
  const warehouse = await open();
  await warehouse.catchUp(store.log);
  await expect(contents(warehouse)).rejects.toMatchObject({
    name: 'ReadModelError',
    message: expect.stringContaining('Corrupt'),
  });
  // Nobody asks for that: whoever reads next waits until it is there.
  expect((await contents(warehouse))[0]).toHaveLength(40_000);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('read model dropped');
});

it('refuses a file that another process holds with an error for the operator', async () => {
  const script = `
    const { DuckDBInstance } = require(${JSON.stringify(require.resolve('@duckdb/node-api'))});
    DuckDBInstance.create(${JSON.stringify(join(dir, FILE))}).then((held) => { globalThis.held = held; console.log('held'); });
    process.stdin.resume();`;
  const holder = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(holder.stdout, 'data');
    await expect(open()).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(`in use by another process (${holder.pid})`),
    });
  } finally {
    const ended = once(holder, 'exit');
    holder.kill();
    await ended;
  }
});

it('answers no more once it is closed, after what was under way', async () => {
  const warehouse = await open();
  const slow = warehouse.use((connection) => connection.rows('SELECT sum(range) AS n FROM range(10_000_000)'));
  await warehouse.use((connection) => connection.run('SELECT 1'));
  await warehouse.close();
  await expect(slow).resolves.toEqual([{ n: 49_999_995_000_000 }]);
  await expect(warehouse.use((connection) => connection.run('SELECT 1'))).rejects.toThrow('closed');
  await expect(warehouse.catchUp(store.log)).rejects.toThrow('closed');
});
