import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { blockEntry } from '../../test/support/entries.js';
import { describeDocumentStore } from './documents.contract.js';
import { Environment, type Write } from './environment.js';
import { openLmdb, type LmdbStore } from './lmdb.js';
import type { Tables } from './lmdbFile.js';
import { describeEventLog, type Place } from './log.contract.js';
import { LogUnavailableError, type EventLog, type LogEntry } from './log.js';
import { freezeStore } from './records.js';

const logger = pino({ level: 'silent' });
const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), 'passportx-log-'));

async function fresh<T>(choose: (store: LmdbStore) => T): Promise<Place<T>> {
  const dir = await temporary();
  return {
    open: async () => {
      const opened = await openLmdb(dir, { logger });
      return { store: choose(opened), close: () => opened.close() };
    },
    remove: () => rm(dir, { recursive: true }),
  };
}

describeEventLog('LMDB', () => fresh((store) => store.log));
describeDocumentStore('LMDB', () => fresh((store) => store.documents));

/** Shell words that run a script of `test/support` in a process of its own. */
const script = (name: string): string[] => [
  process.execPath,
  '--import',
  'tsx',
  join(__dirname, '../../test/support', name),
];

async function entriesIn(dir: string): Promise<LogEntry[]> {
  const { log, close } = await openLmdb(dir, { logger });
  const entries: LogEntry[] = [];
  for await (const commit of log.read(0)) entries.push(...commit.entries);
  expect(log.head).toBe(entries.length);
  await close();
  return entries;
}

const MAPPINGS = '/proc/self/smaps';

/** How much of what is mapped of the file, and was read just now, is not on disk yet, in kB. */
async function dirtyPages(path: string, log: EventLog): Promise<number> {
  for await (const { entries } of log.read(0)) expect(entries.length).toBeGreaterThan(0);
  const mapping = (await readFile(MAPPINGS, 'utf8'))
    .split(/^(?=[0-9a-f]+-)/m)
    .filter((one) => one.includes(`${path}\n`));
  const sum = (name: string): number =>
    mapping.reduce((kB, one) => kB + Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(one)?.[1]), 0);
  expect(sum('Rss')).toBeGreaterThan(0);
  return sum('Private_Dirty') + sum('Shared_Dirty');
}

describe('the LMDB store', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await temporary();
  });
  afterEach(() => rm(dir, { recursive: true }));

  test.each([1, 7, 40])(
    'a process killed with SIGKILL after acknowledgement %i has lost nothing that it acknowledged',
    async (acknowledgements) => {
      const [command = '', ...args] = script('appendUntilKilled.ts');
      const child = spawn(command, [...args, dir], { stdio: ['ignore', 'pipe', 'inherit'], cwd: __dirname });
      const ended = once(child, 'exit');
      let acknowledged = 0;
      let lines = 0;
      for await (const line of createInterface(child.stdout)) {
        acknowledged = Number(line);
        lines += 1;
        if (lines === acknowledgements) child.kill('SIGKILL');
      }
      expect(await ended).toEqual([null, 'SIGKILL']);
      const entries = await entriesIn(dir);
      expect(entries.length).toBeGreaterThanOrEqual(acknowledged);
      expect(entries).toEqual(entries.map((_, i) => blockEntry(i + 1)));
    },
  );

  // A process that is killed leaves its pages to the kernel; only a power cut would tell whether they were flushed. The
  // kernel does: pages of the file that were written and are not on disk yet are dirty.
  if (existsSync(MAPPINGS)) {
    test('what is acknowledged has been flushed: no page of the file waits to be written', async () => {
      // Beside the sources: where the temporary directory is in memory, its pages are never flushed.
      const onDisk = await mkdtemp(join(process.cwd(), 'node_modules', '.flushed-'));
      try {
        const { log, documents, close } = await openLmdb(onDisk, { logger });
        for (let round = 1; round <= 5; round += 1) {
          await log.append([blockEntry(round, 'x'.repeat(50_000))]);
          expect(await dirtyPages(join(onDisk, 'log.mdb'), log)).toBe(0);
          await documents.put('a', 'b', 'y'.repeat(50_000));
          expect(await dirtyPages(join(onDisk, 'log.mdb'), log)).toBe(0);
        }
        await close();
      } finally {
        await rm(onDisk, { recursive: true });
      }
    });
  }

  test('values of 16 MB and more come back while the file grows around them, and after it is opened again', async () => {
    const megabytes = [15, 17, 33];
    const textOf = (size: number): string => String(size % 10).repeat(size * 2 ** 20);
    let store = await openLmdb(dir, { logger });
    for (const size of megabytes) {
      await store.log.append([blockEntry(store.log.head + 1, textOf(size))]);
      await store.documents.put('large', String(size), textOf(size));
      for (const reopens of [false, true]) {
        if (reopens) {
          await store.close();
          store = await openLmdb(dir, { logger });
        }
        for (const known of megabytes.filter((other) => other <= size))
          expect((await store.documents.get('large', String(known))) === textOf(known)).toBe(true);
        const reasons: unknown[] = [];
        for await (const { entries } of store.log.read(0))
          for (const entry of entries) reasons.push(entry.kind === 'block' && entry.reason.length / 2 ** 20);
        expect(reasons).toEqual(megabytes.filter((other) => other <= size));
      }
    }
    await store.close();
  });

  test('a disk that is full refuses an append and what waits behind it, without a trace, and takes what fits again; it is well when there is room for what it refused', async () => {
    // Some 4 MB (`ulimit -f` counts blocks of 512 or 1,024 bytes): less than the large append, more than the rest.
    const child = spawn('sh', ['-c', 'ulimit -S -f 6000 && exec "$@"', 'sh', ...script('appendOnFullDisk.ts'), dir], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: __dirname,
    });
    let output = '';
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await once(child, 'close');
    expect(printed).toBe('');
    expect(JSON.parse(output)).toEqual({
      before: '{"seq":1,"commitSeq":1}',
      refused: ['LogUnavailableError', 'LogUnavailableError', 'LogUnavailableError'],
      headAfterRefusal: 1,
      failure: expect.stringMatching(/^the file may not grow: \d+ bytes are needed/) as string,
      again: '{"seq":2,"commitSeq":2}',
      putMany: 'LogUnavailableError',
      documentsLeft: 0,
      heights: [1, 5],
      last: '{"seq":3,"commitSeq":3}',
      failureWhenAsked: expect.stringMatching(/^the file may not grow: \d+ bytes are needed/) as string,
      failureInTheEnd: 'none',
      large: '{"seq":4,"commitSeq":4}',
      lines: ['store takes no writes: nothing is acknowledged until it does', 'store takes writes again'],
    });
    expect((await entriesIn(dir)).slice(0, 3)).toEqual([blockEntry(1), blockEntry(5), blockEntry(6)]);
  });

  test('a queue that is full refuses further appends and loses none of those that it took', async () => {
    const { log, close } = await openLmdb(dir, { logger, maxPendingEntries: 4 });
    const taken = [log.append([blockEntry(1), blockEntry(2)]), log.append([blockEntry(3), blockEntry(4)])];
    await expect(log.append([blockEntry(5)])).rejects.toThrow(
      new LogUnavailableError('4 entries wait to be written, 4 at most'),
    );
    expect(await Promise.all(taken)).toHaveLength(2);
    await expect(log.append([blockEntry(5)])).resolves.toEqual({ seq: 5, commitSeq: 5 });
    await close();
  });

  test('one append that is larger than the whole queue is still taken when nothing else waits', async () => {
    const { log, close } = await openLmdb(dir, { logger, maxPendingEntries: 2 });
    await expect(log.append([blockEntry(1), blockEntry(2), blockEntry(3)])).resolves.toEqual({ seq: 1, commitSeq: 1 });
    await close();
  });

  test('calls share a commit only up to its limit', async () => {
    const { log, close } = await openLmdb(dir, { logger, maxCommitEntries: 3 });
    const appended = await Promise.all(
      [[1, 2], [3], [4], [5, 6, 7, 8]].map((heights) => log.append(heights.map((height) => blockEntry(height)))),
    );
    expect(appended.map(({ commitSeq }) => commitSeq)).toEqual([1, 1, 4, 5]);
    await close();
  });

  test('a second process on the same directory is refused, for good, instead of overwriting', async () => {
    const first = await openLmdb(dir, { logger });
    const second = await openLmdb(dir, { logger });
    await first.log.append([blockEntry(1)]);
    await expect(second.log.append([blockEntry(1)])).rejects.toThrow('another process appends to it');
    await expect(second.log.append([blockEntry(2)])).rejects.toThrow('another process appends to it');
    expect(second.log.head).toBe(0);
    await second.close();
    await first.log.append([blockEntry(2)]);
    await first.close();
    expect(await entriesIn(dir)).toEqual([blockEntry(1), blockEntry(2)]);
  });

  describe('that holds some commits and a large document', () => {
    const path = (): string => join(dir, 'log.mdb');
    beforeEach(async () => {
      const { log, documents, close } = await openLmdb(dir, { logger });
      for (let height = 1; height <= 50; height += 1) await log.append([blockEntry(height)]);
      await documents.put('a', 'large', 'x'.repeat(200_000));
      await close();
    });

    test.each(['a page', 'a quarter', 'all but its first page'])(
      'and is cut off by %s is refused by name, and left as it is, instead of ending the process',
      async (part) => {
        const { size } = await stat(path());
        const left = { 'a page': size - 4_096, 'a quarter': size * 0.75 }[part] ?? 4_096;
        await truncate(path(), Math.floor(left));
        await expect(openLmdb(dir, { logger })).rejects.toThrow(`cannot open ${path()}: it`);
        expect((await stat(path())).size).toBe(Math.floor(left));
      },
    );

    test.each(['zeros', 'noise'])('opens with %s behind its last page, which nothing refers to', async (what) => {
      const tail = what === 'zeros' ? Buffer.alloc(3 * 4_096) : randomBytes(3 * 4_096 - 7);
      await appendFile(path(), tail);
      expect(await entriesIn(dir)).toHaveLength(50);
      const { log, documents, close } = await openLmdb(dir, { logger });
      await log.append([blockEntry(51)]);
      expect(await documents.get('a', 'large')).toHaveLength(200_000);
      await close();
      expect(await entriesIn(dir)).toHaveLength(51);
    });

    test.each([0, 4_096])('and whose meta page at %i is zeros is refused by name', async (at) => {
      const bytes = await readFile(path());
      await writeFile(path(), bytes.fill(0, at, at + 4_096));
      await expect(openLmdb(dir, { logger })).rejects.toThrow(`cannot open ${path()}: it`);
    });
  });

  describe('whose pages end with free ones, which LMDB never wrote', () => {
    const path = (): string => join(dir, 'log.mdb');
    const value = (bytes: number): Buffer => Buffer.from(JSON.stringify('x'.repeat(bytes)));
    let environment: Environment;
    /** Free pages before the end take what is written last: those at the end are free, and not written. */
    beforeEach(async () => {
      environment = await Environment.open(dir, logger);
      for (const name of ['a', 'b', 'c', 'd'])
        await environment.write(({ documents }) => [put(documents, name, 9_000)]);
      await environment.write(({ documents }) => [put(documents, 'kept', 40_000)]);
      for (const name of ['a', 'b', 'c', 'd']) await environment.write(({ documents }) => [removal(documents, name)]);
      await environment.write(({ documents }) => [put(documents, 'large', 400_000), removal(documents, 'large')]);
      await expectShort();
    });
    afterEach(() => environment.close());
    const put = (documents: Tables['documents'], name: string, bytes: number): Write => ({
      bytes,
      run: () => documents.put(Buffer.from(name), value(bytes)),
    });
    const removal = (documents: Tables['documents'], name: string): Write => ({
      bytes: 0,
      run: () => documents.remove(Buffer.from(name)),
    });
    async function expectShort(): Promise<void> {
      const bytes = await readFile(path());
      const lastPage = Math.max(...[0, 4_096].map((at) => Number(bytes.readBigUInt64LE(at + 144))));
      expect(bytes.length).toBeLessThan((lastPage + 1) * 4_096);
    }
    const kept = (): Promise<number | undefined> =>
      environment.read(({ documents }) => documents.get(Buffer.from('kept'))?.length);

    test('opens, and takes what is written next', async () => {
      await environment.close();
      environment = await Environment.open(dir, logger);
      await expectShort();
      expect(await kept()).toBe(40_002);
      await environment.write(({ documents }) => [put(documents, 'more', 900_000)]);
      expect(await environment.read(({ documents }) => documents.get(Buffer.from('more')))).toEqual(value(900_000));
    });

    test('is opened to be read, as for a backup, beside the process that writes to it and alone', async () => {
      for (const alone of [false, true]) {
        if (alone) await environment.close();
        const frozen = freezeStore(dir);
        expect([...frozen.records()].map((record) => record.value.length)).toEqual([40_002]);
        await frozen.close();
      }
    });

    test('is opened again after a write that failed', async () => {
      const tooLong = 'x'.repeat(3_000);
      await expect(environment.write(({ documents }) => [put(documents, tooLong, 1)])).rejects.toThrow(
        LogUnavailableError,
      );
      await expectShort();
      expect(await kept()).toBe(40_002);
      await environment.write(({ documents }) => [put(documents, 'more', 100)]);
    });

    test.each([1, 4_096, 30_000])('is refused when %i bytes in use are cut off, too', async (bytes) => {
      await environment.close();
      const { size } = await stat(path());
      await truncate(path(), size - bytes);
      expect(() => freezeStore(dir)).toThrow(/it is cut off: \d+ bytes are missing/);
      await expect(Environment.open(dir, logger)).rejects.toThrow(/it is cut off: \d+ bytes are missing/);
      expect((await stat(path())).size).toBe(size - bytes);
    });
  });

  test('is read from again and again while commits make the file longer', async () => {
    const { log, close } = await openLmdb(dir, { logger });
    await log.append([blockEntry(1)]);
    let appending = true;
    const appended = (async () => {
      for (let height = 2; height <= 300; height += 1) await log.append([blockEntry(height, 'x'.repeat(50_000))]);
      appending = false;
    })();
    let times = 0;
    for (; appending; times += 1) {
      const frozen = freezeStore(dir);
      expect([...frozen.records()].at(-1)?.key).toBe(frozen.head);
      await frozen.close();
      await new Promise(setImmediate);
    }
    await appended;
    expect(times).toBeGreaterThan(10);
    await close();
  });

  test('a file that is none of ours is refused by name', async () => {
    await writeFile(join(dir, 'log.mdb'), 'this is no database, '.repeat(1_000));
    await expect(openLmdb(dir, { logger })).rejects.toThrow(`cannot open ${join(dir, 'log.mdb')}`);
  });
});
