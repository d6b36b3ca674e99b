import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { happen, mint } from '../../test/support/history.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { Warehouse } from './duckdb.js';
import { Following } from './following.js';

/** A real read model behind a real log: how often it is brought after it, and that it always gets there. */
const AT = '2026-02-10T12:00:00.000Z';

let dir: string;
let store: LmdbStore;
let warehouse: Warehouse;
let catchUps: number;
const logger = pino({ level: 'silent' });
const said: string[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-following-'));
  store = await openLmdb(join(dir, 'log'), { logger });
  warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 64, logger });
  catchUps = said.length = 0;
});
afterEach(async () => {
  await warehouse.close();
  await store.close();
  await rm(dir, { recursive: true });
});

const following = (everyMs: number): Following =>
  new Following({
    warehouse: {
      catchUp: (log) => ((catchUps += 1), warehouse.catchUp(log)),
      get seq() {
        return warehouse.seq;
      },
    },
    log: store.log,
    logger: {
      error: (_fields, message) => void said.push(message),
      info: (_fields, message) => void said.push(message),
    },
    everyMs,
  });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(5);
};

it('follows at once after a rest, and what comes within the time between two with one more', async () => {
  const followed = following(300);
  await happen(store.log, { block: '1', at: AT }, mint('1', 'alice'));
  followed.grown();
  await until(() => warehouse.seq === store.log.head);
  for (const block of ['2', '3', '4']) {
    await happen(store.log, { block, at: AT }, mint(block, 'alice'));
    followed.grown();
  }
  await until(() => warehouse.seq === store.log.head);
  followed.end();
  expect(catchUps).toBe(2);
});

it('goes on after catch-ups that failed, and tells of them once, until it has caught up', async () => {
  const followed = following(10);
  await happen(store.log, { block: '1', at: AT }, mint('1', 'alice'));
  const catchUp = warehouse.catchUp.bind(warehouse);
  for (const failures of [3, 1]) {
    const before = catchUps;
    warehouse.catchUp = () => Promise.reject(new Error('no room'));
    while (catchUps < before + failures) {
      followed.grown();
      await sleep(5);
    }
    warehouse.catchUp = catchUp;
    await until(() => !said.at(-1)?.includes('again'));
    followed.grown();
    await until(() => said.at(-1) === 'read model follows the log again');
  }
  followed.end();
  expect(warehouse.seq).toBe(store.log.head);
  const both = ['read model could not catch up', 'read model follows the log again'];
  expect(said).toEqual([...both, ...both]);
});

it('begins nothing once it is ended', async () => {
  const followed = following(10);
  followed.grown();
  followed.grown();
  followed.end();
  followed.grown();
  await sleep(50);
  expect(catchUps).toBe(1);
});
