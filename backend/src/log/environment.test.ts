import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { blockEntry } from '../../test/support/entries.js';
import { DEFAULT_APPEND_LIMITS } from './appendQueue.js';
import { Environment } from './environment.js';
import { LmdbLog } from './lmdbLog.js';
import { LogUnavailableError, type LogEntry } from './log.js';

/** Writes that fail or hang inside the store, on a real file. */
const PATIENCE_MS = 30_000;
const SLOW_MS = 30;

let dir: string;
let lines: { msg: string; reason?: string }[];
const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
let environment: Environment;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-environment-'));
  lines = [];
  environment = await Environment.open(dir, logger, SLOW_MS);
});
afterEach(async () => {
  await environment.close();
  await rm(dir, { recursive: true });
});

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !holds() && Date.now() < deadline;) await sleep(5);
}

const messages = (): string[] => lines.map(({ msg }) => msg);

test('a write that LMDB refuses leaves nothing behind, is told once, and the store is soon back by itself', async () => {
  const tooLong = Buffer.alloc(3_000, 1);
  const write = (key: Buffer) =>
    environment.write(({ documents }) => [{ bytes: 10, run: () => documents.put(key, Buffer.from('"a value"')) }]);
  await write(Buffer.from('before'));
  const refusals = await Promise.allSettled([write(tooLong), write(tooLong)]);
  expect(refusals.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  for (const refusal of refusals) expect((refusal as PromiseRejectedResult).reason).toBeInstanceOf(LogUnavailableError);
  expect(environment.failure).toMatch(/MDB_BAD_VALSIZE|key/i);

  await write(Buffer.from('after'));
  const found = (key: string) => environment.read(({ documents }) => documents.get(Buffer.from(key)) !== undefined);
  expect([await found('before'), await found('after')]).toEqual([true, true]);
  await until(() => environment.failure === undefined);
  expect(messages()).toEqual([
    'store takes no writes: nothing is acknowledged until it does',
    'store takes writes again',
  ]);
});

test('a write that hangs is told of while it does, and when it is over', async () => {
  let release = (): void => undefined;
  const hanging = environment.write(() => [
    { bytes: 1, run: () => new Promise((done) => (release = () => done(true))) },
  ]);
  await until(() => environment.failure !== undefined);
  expect(environment.failure).toBe('a write has been under way for 0.03 s');
  release();
  expect(await hanging).toBe(true);
  await until(() => environment.failure === undefined);
  expect(environment.failure).toBeUndefined();
  expect(messages()).toEqual([
    'store takes no writes: nothing is acknowledged until it does',
    'store takes writes again',
  ]);
});

/** Ways in which an append fails: its record is on disk all the same, or was never written. */
type Failure = 'on disk' | 'not written';

test.each<Failure[]>([
  ['on disk', 'not written'],
  ['on disk', 'on disk'],
  ['not written', 'on disk', 'not written'],
])('refused records that may be on disk give way to the next that is taken: %s, %s', async (...failures) => {
  const log = await LmdbLog.open(environment, DEFAULT_APPEND_LIMITS, logger);
  const write = environment.write.bind(environment);
  const failing: Record<Failure, typeof write> = {
    'on disk': async (prepare) => {
      await write(prepare);
      throw new LogUnavailableError('the last flush failed');
    },
    'not written': (prepare) =>
      write((tables) => {
        prepare(tables);
        throw new LogUnavailableError('there is no room');
      }),
  };
  for (const [index, failure] of failures.entries()) {
    environment.write = failing[failure];
    await expect(log.append([blockEntry(index + 1)])).rejects.toThrow(LogUnavailableError);
    // In the turn of a refusal everything is refused.
    await new Promise(setImmediate);
  }
  environment.write = write;
  expect(await log.append([blockEntry(100)])).toEqual({ seq: 1, commitSeq: 1 });
  expect(await log.append([blockEntry(101)])).toEqual({ seq: 2, commitSeq: 2 });
  await log.close();

  const again = await LmdbLog.open(environment, DEFAULT_APPEND_LIMITS, logger);
  const entries: LogEntry[] = [];
  for await (const commit of again.read(0)) entries.push(...commit.entries);
  expect(entries).toEqual([blockEntry(100), blockEntry(101)]);
  await again.close();
});
