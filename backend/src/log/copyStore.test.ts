import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describeWithMongo } from '../../test/support/describeMongo.js';
import { blockEntry } from '../../test/support/entries.js';
import { TestMongo } from '../../test/support/mongodb.js';
import {
  copyDocuments,
  copyLog,
  countDocuments,
  differingDocuments,
  ForeignStoreError,
  needSameStore,
} from './copyStore.js';
import { openLmdb } from './lmdb.js';
import { openMongo, type MongoStore } from './mongo.js';
import { beginMove, endMove, needWhole, StoreMovingError } from './moving.js';

/** From the embedded store into MongoDB; `test/migrate.test.ts` goes both ways by the command. */
const logger = pino({ level: 'silent' });

describeWithMongo('a copy of a store', () => {
  let server: TestMongo;
  let directory: string;
  let uri: string;
  let from: Awaited<ReturnType<typeof openLmdb>>;
  let to: MongoStore;
  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'passportx-copy-'));
    uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    from = await openLmdb(directory, { logger });
    to = await openMongo(uri, { logger });
    await to.beginTerm(1);
  });
  afterEach(async () => {
    await Promise.all([from.close(), to.close()]);
    await server.drop(uri);
    await rm(directory, { recursive: true });
  });
  const nothing = (): void => undefined;

  test('takes along a delivery that is larger than one commit of MongoDB can be', async () => {
    const small = [blockEntry(1), blockEntry(2)];
    const large = Array.from({ length: 14 }, (_, i) => blockEntry(10 + i, 'x'.repeat(1_000_000)));
    await from.log.append(small);
    await from.log.append(large);
    await copyLog(from, to, nothing);
    expect(to.log.head).toBe(16);
    const copied: unknown[] = [];
    for await (const { entries } of to.log.read(0)) copied.push(...entries);
    expect(copied).toEqual([...small, ...large]);
    // What fits is one commit there, as it is here.
    expect((await to.log.commitAt(1))?.entries).toEqual(small);
  });

  test('leaves nothing of what was deleted since an earlier one, nor of what was changed', async () => {
    for (const id of ['a', 'b', 'c']) await from.documents.put('days', id, { id });
    await from.documents.put('weeks', 'a', 1);
    await copyDocuments(from, to, nothing);
    expect(await differingDocuments(from, to)).toEqual([]);
    await from.documents.delete('days', 'b');
    await from.documents.delete('weeks', 'a');
    await from.documents.put('days', 'c', 'changed');
    expect(await differingDocuments(from, to)).toEqual(['days c', 'days b', 'weeks a']);
    await copyDocuments(from, to, nothing);
    expect(await differingDocuments(from, to)).toEqual([]);
    expect(await to.documents.collections()).toEqual(['days']);
  });

  test('takes no mark along that tells of a copy, and leaves that of the target', async () => {
    await from.log.append([blockEntry(1)]);
    await from.documents.put('days', 'a', 1);
    await beginMove(to.documents);
    await needSameStore(from, to);
    await copyLog(from, to, nothing);
    await copyDocuments(from, to, nothing);
    expect([await differingDocuments(from, to), await countDocuments(to)]).toEqual([[], 1]);
    await expect(needWhole(to.documents)).rejects.toThrow(StoreMovingError);
    await endMove(to.documents);
    await needWhole(to.documents);
    await beginMove(from.documents);
    await copyDocuments(from, to, nothing);
    await needWhole(to.documents);
  });

  test('does not begin where documents lie that are of another store', async () => {
    await from.log.append([blockEntry(1)]);
    await to.documents.put('boards', 'a', 1);
    await expect(needSameStore(from, to)).rejects.toThrow(ForeignStoreError);
    expect(await to.documents.get('boards', 'a')).toBe(1);
  });
});
