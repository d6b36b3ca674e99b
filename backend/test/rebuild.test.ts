import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { openLmdb } from '../src/log/lmdb.js';
import { paths } from '../src/storage.js';
import { Warehouse } from '../src/warehouse/duckdb.js';
import { happen, mint } from './support/history.js';
import { removeDirectory, temporaryDirectory } from './support/snapshotService.js';

/** `npm run rebuild` as a process, on a log that was written before. */
const logger = pino({ level: 'silent' });
let dir: string;

beforeEach(async () => {
  dir = await temporaryDirectory();
  const store = await openLmdb(paths(dir).log, { logger });
  await happen(store.log, { block: '1', at: '2026-02-06T10:00:00Z' }, mint('1', 'bob'));
  await store.close();
});
afterEach(() => removeDirectory(dir));

const rebuild = () =>
  promisify(execFile)(process.execPath, [resolve('backend/dist/rebuild.js')], {
    env: { ...process.env, DATA_DIR: dir },
  });

const openWarehouse = () => Warehouse.open({ path: paths(dir).warehouse, memoryLimitMb: 64, logger });

it('makes checkpoint, warehouse and snapshots from the log', async () => {
  const { stdout } = await rebuild();
  for (const part of ['metrics', 'warehouse'])
    expect(stdout).toMatch(new RegExp(`^${part} +\\[=+\\] 100 % +(\\d+)/\\1 entries`, 'm'));
  expect(stdout).toMatch(/^snapshots +[1-9]\d* taken again$/m);
  expect(existsSync(paths(dir).checkpoint)).toBe(true);
  const warehouse = await openWarehouse();
  const store = await openLmdb(paths(dir).log, { logger });
  expect(warehouse.seq).toBe(store.log.head);
  expect(await store.documents.list('snapshots-daily', { limit: 1 })).toMatchObject([
    { id: '2026-02-06T00:00:00.000Z', value: { metrics: { totalBadgesIssued: 1 } } },
  ]);
  await store.close();
  await warehouse.close();
});

it('makes them anew where they are wrong, not only what is missing', async () => {
  await rebuild();
  const facts = (warehouse: Warehouse) => warehouse.use((connection) => connection.rows('SELECT * FROM fact'));
  let warehouse = await openWarehouse();
  const right = await facts(warehouse);
  expect(right).toHaveLength(1);
  await warehouse.use((connection) => connection.run('DELETE FROM fact'));
  await warehouse.close();
  let store = await openLmdb(paths(dir).log, { logger });
  const [day] = await store.documents.list<{ metrics: object }>('snapshots-daily', { limit: 1 });
  const wrong = { ...day?.value, metrics: { ...day?.value.metrics, totalBadgesIssued: 7 } };
  await store.documents.put('snapshots-daily', day?.id ?? '', wrong);
  await store.close();
  const checkpoint = await readFile(paths(dir).checkpoint);
  await writeFile(paths(dir).checkpoint, 'wrong');

  await rebuild();
  warehouse = await openWarehouse();
  expect(await facts(warehouse)).toEqual(right);
  await warehouse.close();
  store = await openLmdb(paths(dir).log, { logger });
  const told = await store.documents.get<{ metrics: object }>('snapshots-daily', day?.id ?? '');
  expect(told?.metrics).toEqual(day?.value.metrics);
  await store.close();
  expect((await readFile(paths(dir).checkpoint)).length).toBe(checkpoint.length);
});

it('touches nothing while a service runs on the same data, and says which process that is', async () => {
  const warehouse = await openWarehouse();
  await expect(rebuild()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(`^DATA_DIR is in use by another process \\(${process.pid}\\)`),
  });
  expect(existsSync(paths(dir).checkpoint)).toBe(false);
  await warehouse.close();
});
