import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { pino } from 'pino';
import { blockEntry } from '../../test/support/entries.js';
import { BackupError, checkBackup, readBackup, writeBackup } from './backupFile.js';
import { encodeCommit } from './codec.js';
import { LogFormatError } from './fieldReader.js';
import { openLmdb } from './lmdb.js';
import { fillStore, freezeStore, type StoredRecord } from './records.js';

const AT = '2026-02-14T12:00:00.000Z';
const logger = pino({ level: 'silent' });
const RECORDS: readonly StoredRecord[] = [
  { table: 'commits', key: 1, value: encodeCommit(0, [blockEntry(1), blockEntry(2)]) },
  { table: 'commits', key: 3, value: encodeCommit(0, [blockEntry(3)]) },
  { table: 'documents', key: Buffer.from('settings\0a'), value: Buffer.from('{"b":1}') },
];

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-backup-file-'));
  file = join(dir, 'a.backup');
});
afterEach(() => rm(dir, { recursive: true }));

/** Table, key and content of a record; values by digest, as a comparison byte for byte of megabytes takes minutes. */
const told = ({ table, key, value }: StoredRecord): readonly unknown[] => [
  table,
  typeof key === 'number' ? key : Buffer.from(key).toString(),
  createHash('sha256').update(value).digest('hex'),
];

async function readAll(): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of readBackup(file)) records.push(told(record));
  return records;
}

test('records come back as they were, in order, whatever their sizes', async () => {
  const big = Array.from({ length: 40 }, (_, index) => ({
    table: 'documents' as const,
    key: Buffer.from(`many\0${index}`),
    value: Buffer.alloc(index ** 4, index),
  }));
  const records = [...RECORDS, ...big];
  await writeBackup(file, { seq: 3, at: AT }, records);
  expect(await checkBackup(file)).toEqual({ format: 1, seq: 3, at: AT });
  expect(await readAll()).toEqual(records.map(told));
});

test('a backup of nothing is whole too', async () => {
  await writeBackup(file, { seq: 0, at: AT }, []);
  expect(await checkBackup(file)).toMatchObject({ seq: 0 });
  expect(await readAll()).toEqual([]);
});

test('any bit changed and any length cut off is refused, and the message names the file', async () => {
  await writeBackup(file, { seq: 3, at: AT }, RECORDS);
  const whole = await readFile(file);
  const refused = async (content: Buffer): Promise<void> => {
    await writeFile(file, content);
    await expect(checkBackup(file)).rejects.toThrow(BackupError);
    await expect(checkBackup(file)).rejects.toThrow(file);
  };
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(7), async (at, bit) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      await refused(changed);
      await refused(whole.subarray(0, at));
    }),
    { numRuns: 150, seed: 7 },
  );
  await refused(Buffer.concat([whole, Buffer.from('\n')]));
});

test('what fails while it is written leaves no file behind', async () => {
  const failing = function* (): Generator<StoredRecord> {
    yield* RECORDS;
    throw new Error('the disk is gone');
  };
  await expect(writeBackup(file, { seq: 3, at: AT }, failing())).rejects.toThrow('the disk is gone');
  expect(await readdir(dir)).toEqual([]);
});

test('of two to one name at once the later is refused, and the earlier is whole', async () => {
  const large: StoredRecord = { table: 'documents', key: Buffer.from('large'), value: randomBytes(20_000_000) };
  const later = writeBackup(file, { seq: 3, at: AT }, [...RECORDS, large]);
  const earlier = writeBackup(file, { seq: 3, at: AT }, RECORDS);
  await expect(later).rejects.toThrow(new BackupError(`${file} exists already`));
  await earlier;
  await checkBackup(file);
  expect(await readAll()).toEqual(RECORDS.map(told));
  expect(await readdir(dir)).toEqual(['a.backup']);
});

test('a store is frozen at one moment while it is written to, and filled again from that', async () => {
  const store = await openLmdb(join(dir, 'one'), { logger });
  await store.log.append([blockEntry(1), blockEntry(2)]);
  await store.documents.put('settings', 'a', { b: 1 });
  const frozen = freezeStore(join(dir, 'one'));
  await store.log.append([blockEntry(3)]);
  await store.documents.put('settings', 'a', { b: 2 });
  const reached: number[] = [];
  const records = (async function* () {
    yield* frozen.records();
  })();
  expect(await fillStore(join(dir, 'two'), records, { logger, reached: (seq) => reached.push(seq) })).toBe(2);
  expect([frozen.head, reached]).toEqual([2, [2]]);
  await frozen.close();
  await store.close();

  const copy = await openLmdb(join(dir, 'two'), { logger });
  expect(copy.log.head).toBe(2);
  expect(await copy.log.commitAt(1)).toMatchObject({ entries: [blockEntry(1), blockEntry(2)] });
  expect(await copy.documents.get('settings', 'a')).toEqual({ b: 1 });
  await copy.log.append([blockEntry(3)]);
  await copy.close();
});

test('a log with a hole, or of a newer version, is not filled in', async () => {
  const fill = (records: readonly StoredRecord[]): Promise<number> =>
    fillStore(join(dir, 'new'), toAsync(records), { logger, reached: () => undefined });
  await expect(fill(RECORDS.slice(1))).rejects.toThrow(new LogFormatError('entry 1 of the log is missing'));
  await expect(fill([{ table: 'commits', key: 1, value: Buffer.from([0x95, 99, 0, 1, 0x90, 0x90]) }])).rejects.toThrow(
    'its format is 99, this version reads up to 1',
  );
});

async function* toAsync(records: readonly StoredRecord[]): AsyncGenerator<StoredRecord> {
  yield* records;
}
