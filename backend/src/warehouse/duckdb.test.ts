import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { pino, type Logger } from 'pino';
import { arrive, community, happen, mint, template, turn, type Happening } from '../../test/support/history.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import type { Commit, EventLog } from '../log/log.js';
import { Warehouse } from './duckdb.js';
import { queryRows } from './query.js';

const AT = '2026-02-10T12:00:00Z';

describe('the read model', () => {
  let dir: string;
  let store: LmdbStore;
  let path: string;
  let logged: string[];
  let logger: Logger;
  const opened: Warehouse[] = [];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-warehouse-'));
    path = join(dir, 'warehouse.duckdb');
    logged = [];
    logger = pino({ level: 'warn' }, { write: (line) => void logged.push(line) });
    store = await openLmdb(join(dir, 'log'), { logger });
  });
  afterEach(async () => {
    for (const warehouse of opened.splice(0)) await warehouse.close();
    await store.close();
    await rm(dir, { recursive: true });
  });

  async function openAt(place = path): Promise<Warehouse> {
    const warehouse = await Warehouse.open({ path: place, memoryLimitMb: 64, logger });
    opened.push(warehouse);
    return warehouse;
  }

  /** Everything in it, as text. */
  const contents = (warehouse: Warehouse): Promise<string> =>
    warehouse.use(async (connection) =>
      JSON.stringify([
        await queryRows(connection, 'SELECT * FROM fact ORDER BY seq'),
        await queryRows(connection, 'SELECT * FROM block ORDER BY seq'),
        await queryRows(connection, 'SELECT * FROM meta'),
      ]),
    );

  const users = (count: number): Happening[] => Array.from({ length: count }, (_, index) => arrive(`user-${index}`));

  async function someHistory(): Promise<void> {
    await happen(store.log, { block: '1', at: AT }, template('1', 'Gold'), community('1', 'Guild', 'alice'));
    await happen(store.log, { block: '2', at: AT }, mint('1', 'alice', { level: 2, category: '7', communityId: '1' }));
    await turn(store.log, { block: '2', at: AT }, false);
    await store.log.append([{ kind: 'term', term: 1, writer: 'a', atMs: Date.parse(AT) }]);
    await happen(store.log, { block: '2b', at: AT }, mint('1', 'bob'));
  }

  /** A read model of a page of facts that DuckDB has written out, and closed. */
  async function closedWith(facts: number): Promise<void> {
    await happen(store.log, { block: '1', at: AT }, ...users(facts));
    const warehouse = await openAt();
    await warehouse.catchUp(store.log);
    await warehouse.close();
  }

  it('holds the log up to its head, and says so', async () => {
    await someHistory();
    const warehouse = await openAt();
    expect(warehouse.seq).toBe(0);
    await warehouse.catchUp(store.log);
    expect(warehouse.seq).toBe(store.log.head);
    expect(await warehouse.use((connection) => queryRows(connection, 'SELECT type, subject FROM fact'))).toEqual([
      { type: 'template_created', subject: null },
      { type: 'community_created', subject: null },
      { type: 'badge_issued', subject: 'alice' },
      { type: 'badge_issued', subject: 'bob' },
    ]);
  });

  it('is the same whether it followed the log, went on after a restart or was rebuilt', async () => {
    const following = await openAt();
    await someHistory();
    await following.catchUp(store.log);
    await following.close();
    const resumed = await openAt();
    expect(resumed.seq).toBe(store.log.head);
    await turn(store.log, { block: '2', at: AT }, true);
    await happen(store.log, { block: '3', at: AT }, mint('2', 'carol'));
    await resumed.catchUp(store.log);
    const followed = await contents(resumed);
    await resumed.rebuild(store.log);
    expect(await contents(resumed)).toBe(followed);
    const fresh = await openAt(join(dir, 'another.duckdb'));
    await fresh.catchUp(store.log);
    expect(await contents(fresh)).toBe(followed);
  });

  it('catches up once for calls at the same time', async () => {
    await happen(store.log, { block: '1', at: AT }, ...users(50));
    const warehouse = await openAt();
    const calls = [warehouse.catchUp(store.log), warehouse.catchUp(store.log)];
    await happen(store.log, { block: '2', at: AT }, ...users(50));
    await Promise.all([...calls, warehouse.catchUp(store.log)]);
    const [count] = await warehouse.use((connection) => queryRows(connection, 'SELECT count(*) AS n FROM fact'));
    expect(count).toEqual({ n: 100 });
  });

  it('reads once more for however many calls that come while it reads', async () => {
    await happen(store.log, { block: '1', at: AT }, ...users(50));
    const warehouse = await openAt();
    const read = jest.spyOn(store.log, 'read');
    const calls = Array.from({ length: 500 }, () => warehouse.catchUp(store.log));
    await calls[0];
    await happen(store.log, { block: '2', at: AT }, ...users(50));
    await Promise.all([...calls, ...Array.from({ length: 500 }, () => warehouse.catchUp(store.log))]);
    expect(read).toHaveBeenCalledTimes(2);
    expect(warehouse.seq).toBe(store.log.head);
  });

  it('keeps what it read before the log failed, tells how far it got, and goes on from there', async () => {
    for (const block of ['1', '2', '3', '4']) await happen(store.log, { block, at: AT }, ...users(6_000));
    let commits = 0;
    const failing: EventLog = {
      ...store.log,
      head: store.log.head,
      async *read(after): AsyncGenerator<Commit> {
        for await (const commit of store.log.read(after)) {
          commits += 1;
          if (commits === 4) throw new Error('the disk is away');
          yield commit;
        }
      },
    };
    const reached: number[] = [];
    const onMoved = (seq: number): void => void reached.push(seq);
    const warehouse = await Warehouse.open({ path, memoryLimitMb: 64, logger, onMoved });
    await expect(warehouse.catchUp(failing)).rejects.toThrow('the disk is away');
    expect(reached).toEqual([12_002]);
    expect(warehouse.seq).toBe(12_002);
    await warehouse.close();
    const reopened = await openAt();
    expect(reopened.seq).toBe(12_002);
    await reopened.catchUp(store.log);
    const [count] = await reopened.use((connection) =>
      queryRows(connection, 'SELECT count(*) AS n, count(DISTINCT seq) AS seqs, max(seq) AS last FROM fact'),
    );
    expect(count).toEqual({ n: 24_000, seqs: 24_000, last: store.log.head });
    expect(logged).toEqual([]);
  });

  describe('puts what it holds beside its file into it', () => {
    const nothingBeside = (): Promise<boolean> =>
      stat(`${path}.wal`).then(
        ({ size }) => size === 0,
        () => true,
      );

    it('at rest, and is moved on after it', async () => {
      const warehouse = await Warehouse.open({ path, memoryLimitMb: 64, logger, atRestMs: 50 });
      opened.push(warehouse);
      for (const block of ['1', '2']) {
        await happen(store.log, { block, at: AT }, ...users(1));
        await warehouse.catchUp(store.log);
        // Of nothing new: it does not make it forget.
        await warehouse.catchUp(store.log);
        expect(await nothingBeside()).toBe(false);
        while (!(await nothingBeside())) await sleep(10);
        expect(warehouse.seq).toBe(store.log.head);
      }
    });

    it('when a query is over that it cannot be done beside', async () => {
      const warehouse = await Warehouse.open({ path, memoryLimitMb: 64, logger, atRestMs: 50 });
      opened.push(warehouse);
      await happen(store.log, { block: '1', at: AT }, ...users(1));
      await warehouse.catchUp(store.log);
      while (!(await nothingBeside())) await sleep(10);
      await warehouse.use(async (connection) => {
        // As a long report: it sees what was before the next catch-up.
        await connection.run('BEGIN');
        await queryRows(connection, 'SELECT * FROM meta');
        await happen(store.log, { block: '2', at: AT }, ...users(1));
        await warehouse.catchUp(store.log);
        await sleep(500);
        expect(await nothingBeside()).toBe(false);
        await connection.run('COMMIT');
      });
      while (!(await nothingBeside())) await sleep(10);
      expect(warehouse.seq).toBe(store.log.head);
    });

    it('when a group of rows is full, also after a start, and not before', async () => {
      const restless = async (): Promise<Warehouse> => {
        const warehouse = await Warehouse.open({ path, memoryLimitMb: 64, logger, atRestMs: 600_000 });
        opened.push(warehouse);
        return warehouse;
      };
      const grow = async (warehouse: Warehouse, block: string, facts: number): Promise<boolean> => {
        await happen(store.log, { block, at: AT }, ...users(facts));
        await warehouse.catchUp(store.log);
        return nothingBeside();
      };
      const first = await restless();
      expect(await grow(first, '1', 50_000)).toBe(false);
      await first.close();
      const second = await restless();
      expect(await grow(second, '2', 50_000)).toBe(false);
      // Blocks fill no group: it has one row to go.
      expect(await grow(second, '3', 22_879)).toBe(false);
      expect(await grow(second, '4', 1)).toBe(true);
      expect(await grow(second, '5', 1)).toBe(false);
    });

    it('when a group was full beside a query that it could not be done beside, with the next catch-up', async () => {
      const warehouse = await Warehouse.open({ path, memoryLimitMb: 64, logger, atRestMs: 600_000 });
      opened.push(warehouse);
      await happen(store.log, { block: '1', at: AT }, ...users(100_000));
      await warehouse.catchUp(store.log);
      await warehouse.use(async (connection) => {
        await connection.run('BEGIN');
        await queryRows(connection, 'SELECT * FROM meta');
        await happen(store.log, { block: '2', at: AT }, ...users(30_000));
        await warehouse.catchUp(store.log);
        expect(await nothingBeside()).toBe(false);
        await connection.run('COMMIT');
      });
      await happen(store.log, { block: '3', at: AT }, ...users(1));
      await warehouse.catchUp(store.log);
      expect(await nothingBeside()).toBe(true);
    });

    it('after two hundred catch-ups without a rest', async () => {
      const warehouse = await openAt();
      for (let block = 1; block <= 200; block += 1) {
        expect(await nothingBeside()).toBe(false);
        await happen(store.log, { block: String(block), at: AT }, ...users(1));
        await warehouse.catchUp(store.log);
      }
      expect(await nothingBeside()).toBe(true);
    });
  });

  it('writes nothing of a bite of which one entry cannot be taken', async () => {
    const [fact] = await happen(store.log, { block: '1', at: AT }, ...users(1));
    const broken: EventLog = {
      ...store.log,
      head: 3,
      async *read(): AsyncGenerator<Commit> {
        const entries = [fact!, { ...fact!, id: 'broken', atMs: 0.5 }];
        yield { seq: 1, term: 0, entries: entries.map((entry) => ({ kind: 'fact', fact: entry })) };
      },
    };
    const warehouse = await openAt();
    await expect(warehouse.catchUp(broken)).rejects.toThrow(RangeError);
    await warehouse.catchUp(store.log);
    await warehouse.close();
    const reopened = await openAt();
    const rows = await reopened.use((connection) => queryRows(connection, 'SELECT seq, id FROM fact'));
    expect(rows).toEqual([{ seq: 2, id: fact!.id }]);
  });

  describe('drops a file, with one line in the log, and rebuilds it when it', () => {
    async function expectRebuilt(): Promise<void> {
      const warehouse = await openAt();
      await warehouse.catchUp(store.log);
      expect(logged).toHaveLength(1);
      expect(logged[0]).toContain('read model dropped');
      const fresh = await openAt(join(dir, 'fresh.duckdb'));
      await fresh.catchUp(store.log);
      expect(await contents(warehouse)).toBe(await contents(fresh));
    }

    it('is no database', async () => {
      await someHistory();
      await writeFile(path, 'not a database '.repeat(1_000));
      await expectRebuilt();
    });

    it('is cut off', async () => {
      await closedWith(5_000);
      await writeFile(path, (await readFile(path)).subarray(0, 9_000));
      await expectRebuilt();
    });

    it('has a tail of zeros in its write-ahead log, as a machine without power leaves it', async () => {
      await someHistory();
      const running = await openAt(join(dir, 'running.duckdb'));
      await running.catchUp(store.log);
      await copyFile(join(dir, 'running.duckdb'), path);
      await copyFile(join(dir, 'running.duckdb.wal'), `${path}.wal`);
      const { size } = await stat(`${path}.wal`);
      const wal = await open(`${path}.wal`, 'r+');
      await wal.write(Buffer.alloc(100), 0, 100, size - 100);
      await wal.close();
      await expectRebuilt();
    });

    it('is a database of something else', async () => {
      await someHistory();
      const instance = await DuckDBInstance.create(path);
      await (await instance.connect()).run('CREATE TABLE meta (name VARCHAR)');
      instance.closeSync();
      await expectRebuilt();
    });

    it('is of an older version', async () => {
      await closedWith(10);
      const warehouse = await openAt();
      await warehouse.use((connection) => connection.run('UPDATE meta SET schema_version = 0'));
      await warehouse.close();
      await expectRebuilt();
    });

    it('turns out to be damaged only when it is read', async () => {
      await closedWith(40_000);
      const bytes = await readFile(path);
      // Blocks in the middle: the first and the last are read when the file is opened.
      for (let at = 600_000; at < bytes.length - 300_000; at += 262_144) bytes.fill(0x5a, at, at + 64);
      await writeFile(path, bytes);
      const warehouse = await openAt();
      await expect(contents(warehouse)).rejects.toThrow('Corrupt');
      await warehouse.catchUp(store.log);
      expect(logged).toHaveLength(1);
      expect(JSON.parse(await contents(warehouse))[0]).toHaveLength(40_000);
    });

    it('goes beyond the log, which was restored from an older copy', async () => {
      await closedWith(10);
      await store.close();
      await rm(join(dir, 'log'), { recursive: true });
      store = await openLmdb(join(dir, 'log'), { logger });
      await happen(store.log, { block: '1', at: AT }, ...users(3));
      await expectRebuilt();
    });

    it('is of a log that went on differently', async () => {
      await closedWith(10);
      await store.close();
      await rm(join(dir, 'log'), { recursive: true });
      store = await openLmdb(join(dir, 'log'), { logger });
      for (const block of ['4', '5', '6']) await happen(store.log, { block, at: AT }, ...users(9));
      await expectRebuilt();
    });
  });

  it('refuses to open a file twice in a process, and opens it again after it was closed', async () => {
    const warehouse = await openAt();
    await expect(openAt(join(dir, '.', 'warehouse.duckdb'))).rejects.toThrow('open in this process already');
    await warehouse.close();
    await expect(openAt()).resolves.toBeInstanceOf(Warehouse);
  });

  it('refuses a file that another process holds, and leaves it alone', async () => {
    await closedWith(10);
    const script = `
      const { DuckDBInstance } = require(${JSON.stringify(require.resolve('@duckdb/node-api'))});
      DuckDBInstance.create(${JSON.stringify(path)}).then((held) => { globalThis.held = held; console.log('held'); });
      process.stdin.resume();`;
    const holder = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      await expect(openAt()).rejects.toThrow(`in use by another process (${holder.pid}), which holds ${path}`);
    } finally {
      const ended = once(holder, 'exit');
      holder.kill();
      await ended;
    }
    expect((await openAt()).seq).toBe(11);
    expect(logged).toEqual([]);
  });

  it('reads no more of a long log once it is to be closed', async () => {
    for (const block of ['1', '2', '3', '4']) await happen(store.log, { block, at: AT }, ...users(12_000));
    let closed: Promise<void> | undefined;
    const warehouse = await Warehouse.open({
      path,
      memoryLimitMb: 64,
      logger,
      onMoved: () => void (closed ??= warehouse.close()),
    });
    await warehouse.catchUp(store.log);
    await closed;
    expect(warehouse.seq).toBe(12_001);
    const reopened = await openAt();
    await reopened.catchUp(store.log);
    expect(reopened.seq).toBe(store.log.head);
  });

  it('answers no more once it is closed, after what was under way', async () => {
    const warehouse = await openAt();
    const slow = warehouse.use((connection) => queryRows(connection, 'SELECT sum(range) AS n FROM range(10_000_000)'));
    await warehouse.close();
    await expect(slow).resolves.toEqual([{ n: 49_999_995_000_000 }]);
    await expect(warehouse.catchUp(store.log)).rejects.toThrow('closed');
    await expect(contents(warehouse)).rejects.toThrow('closed');
  });
});
