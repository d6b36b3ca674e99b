import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import mongoose, { createConnection, type Connection, type mongo } from 'mongoose';
import { pack } from 'msgpackr';
import { pino } from 'pino';
import { describeWithMongo } from '../../test/support/describeMongo.js';
import { blockEntry } from '../../test/support/entries.js';
import { TestMongo } from '../../test/support/mongodb.js';
import { databaseOf, withOption } from '../../test/support/mongoUri.js';
import { StoreChangedError } from './changed.js';
import { decodeCommit, LOG_FORMAT } from './codec.js';
import { describeDocumentStore } from './documents.contract.js';
import { LogFormatError } from './fieldReader.js';
import type { Commit, LogReader } from './log.js';
import { describeEventLog, type Place } from './log.contract.js';
import { openMongo, type MongoStore } from './mongo.js';

const logger = pino({ level: 'silent' });

interface Sent {
  readonly name: string;
  readonly command: mongo.Document;
}
const isAt =
  (uri: string) =>
  ({ name }: Connection): boolean =>
    databaseOf(uri) === name;

/** A store, and every command that it sends from here on. */
async function openMonitored(uri: string): Promise<{ store: MongoStore; commands: Sent[] }> {
  const store = await openMongo(withOption(uri, 'monitorCommands', 'true'), { logger });
  const commands: Sent[] = [];
  mongoose.connections
    .findLast(isAt(uri))
    ?.getClient()
    .on('commandStarted', ({ commandName: name, command }) => commands.push({ name, command }));
  return { store, commands };
}

describeWithMongo('with a MongoDB server', () => {
  let server: TestMongo;
  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());

  /** A database that no other test uses. */
  const fresh = async <T>(choose: (store: MongoStore) => T): Promise<Place<T>> => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    let term = 0;
    return {
      open: async () => {
        const opened = await openMongo(uri, { logger });
        await opened.beginTerm((term += 1));
        return { store: choose(opened), close: () => opened.close() };
      },
      remove: () => server.drop(uri),
    };
  };

  test('writes ask for a majority and its journal, reads for what a majority has; indexes are there from the start', async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const { store, commands } = await openMonitored(uri);
    try {
      await store.beginTerm(1);
      await store.log.append([blockEntry(1)]);
      await store.documents.put('days', 'a', 1);
      await store.documents.get('days', 'a');
      const asked = (name: string, concern: string): unknown[] =>
        commands.filter((sent) => sent.name === name).map(({ command }) => command[concern] as unknown);
      const distinct = (concerns: readonly unknown[]): unknown[] =>
        concerns.filter((concern, index) => concerns.findIndex((other) => isDeepStrictEqual(other, concern)) === index);
      for (const name of ['insert', 'update', 'delete'])
        expect([name, distinct(asked(name, 'writeConcern'))]).toEqual([name, [{ w: 'majority', j: true }]]);
      // The documents' writes ask whether the log still is this writer's.
      expect(distinct(asked('find', 'readConcern'))).toEqual([{ level: 'majority' }, { level: 'linearizable' }]);
      // Not by what a primary that was deposed still holds for true.
      commands.length = 0;
      await store.log.confirm();
      expect(asked('find', 'readConcern')).toEqual([{ level: 'linearizable' }]);
      const connection = await createConnection(uri).asPromise();
      const declared = Object.values(mongoose.connections.find(isAt(uri))?.models ?? {}).map(
        ({ collection, schema }) => ({
          collection: collection.name,
          keys: schema.indexes().map(([key]) => key),
        }),
      );
      for (const { collection, keys } of declared.filter(({ keys }) => keys.length > 0)) {
        const made = (await connection.collection(collection).indexes()).map(({ key }) => key as unknown);
        expect([collection, made]).toEqual([collection, expect.arrayContaining([{ _id: 1 }, ...keys])]);
      }
      await connection.close();
      // Those whose documents are looked for by something else than their `_id`.
      expect(declared.filter(({ keys }) => keys.length > 0)).toEqual([
        { collection: 'documents', keys: [{ 'put.goneAtMs': 1 }] },
        { collection: 'chunks', keys: [{ document: 1 }, { putAtMs: 1 }] },
      ]);
    } finally {
      await store.close();
      await server.drop(uri);
    }
  });

  test('a commit that cannot be read, or that its reader fails to take, stays ahead of the head and comes again', async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const [writer, reader] = [await openMongo(uri, { logger }), await openMongo(uri, { logger })];
    const connection = await createConnection(uri).asPromise();
    const commits = connection.collection<{ _id: number; entries: unknown }>('commits');
    const follow = async (take: (seq: number) => void): Promise<void> => {
      for await (const { seq } of reader.log.follow()) take(seq);
    };
    try {
      await writer.beginTerm(1);
      await writer.log.append([blockEntry(1), blockEntry(2)]);
      await writer.log.append([blockEntry(3)]);
      const first = await commits.findOne({ _id: 1 });
      await commits.updateOne({ _id: 1 }, { $set: { entries: pack([LOG_FORMAT + 1]) } });
      for (let tries = 0; tries < 2; tries += 1) {
        await expect(follow(() => undefined)).rejects.toThrow(LogFormatError);
        expect([reader.log.head, reader.log.lastTerm]).toEqual([0, 0]);
      }
      await commits.updateOne({ _id: 1 }, { $set: { entries: first?.entries } });

      const taken: number[] = [];
      const failing = follow((seq) => {
        if (seq === 3) throw new Error('not taken');
        // As far as that, the log can be read by whoever takes it.
        taken.push(reader.log.head);
      });
      await expect(failing).rejects.toThrow('not taken');
      expect([taken, reader.log.head, reader.log.lastTerm]).toEqual([[2], 2, 1]);
      await follow((seq) => taken.push(seq));
      expect([taken, reader.log.head]).toEqual([[2, 3], 3]);
    } finally {
      await connection.close();
      await Promise.all([writer.close(), reader.close()]);
      await server.drop(uri);
    }
  });

  test.each<[string, number]>([
    ['was dropped', 0],
    ['holds another log that is shorter', 1],
    ['holds another log that goes on where this one ended', 6],
  ])('whoever wrote or read a database finds out that it %s, and takes nothing of it', async (_what, commits) => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const [writer, reader] = [await openMongo(uri, { logger }), await openMongo(uri, { logger })];
    const heirs: MongoStore[] = [];
    const follow = async (): Promise<number[]> => {
      const taken: number[] = [];
      for await (const { seq } of reader.log.follow()) taken.push(seq);
      return taken;
    };
    try {
      // Of an empty log nothing is known.
      await Promise.all([writer.needSame(), reader.needSame()]);
      await writer.beginTerm(1);
      for (let height = 1; height <= 3; height += 1) {
        await writer.log.append([blockEntry(height)]);
        await writer.needSame();
        await follow();
        await reader.needSame();
      }
      await server.drop(uri);
      const heir = await openMongo(uri, { logger });
      heirs.push(heir);
      await heir.beginTerm(1);
      for (let height = 1; height <= commits; height += 1) await heir.log.append([blockEntry(height)]);
      const replaced = new StoreChangedError(
        'the MongoDB database was replaced while this service ran: the commit that it knows at entry 3 is not there; start the service again',
      );
      // Of one that does not go on where it stands a reader finds nothing until it asks.
      const followed = await follow().catch((error: unknown) => error);
      expect([followed, reader.log.head]).toEqual([commits > 3 ? replaced : [], 3]);
      for (const store of [writer, reader]) await expect(store.needSame()).rejects.toThrow(replaced);
      await writer.endTerm();
      await expect(writer.needSame()).rejects.toThrow(replaced);
      // Opened anew, it is what it is.
      heirs.push(await openMongo(uri, { logger }));
      await heirs.at(-1)?.needSame();
    } finally {
      await Promise.all([writer, reader, ...heirs].map((store) => store.close()));
      await server.drop(uri);
    }
  });

  test('whoever has a database open finds out that a newer version of the service has been at it', async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const store = await openMongo(uri, { logger });
    try {
      await store.needSame();
      const connection = await createConnection(uri).asPromise();
      await connection.collection('versions').updateOne({}, { $set: { version: 99 } });
      await connection.close();
      await expect(store.needSame()).rejects.toThrow(
        new StoreChangedError(
          'the MongoDB database is of schema version 99, this service knows up to 2: update the service',
        ),
      );
    } finally {
      await store.close();
      await server.drop(uri);
    }
  });

  test('what was just appended or followed is read again without the server, as it is packed there', async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const [writer, reader] = [await openMonitored(uri), await openMonitored(uri)];
    const commitsOf = async (log: LogReader): Promise<Commit[]> => {
      const commits: Commit[] = [];
      for await (const commit of log.read(0)) commits.push(commit);
      return commits;
    };
    try {
      await writer.store.beginTerm(1);
      await writer.store.log.append([blockEntry(1), blockEntry(2)]);
      await writer.store.log.append([blockEntry(3)]);
      for await (const { seq } of reader.store.log.follow()) expect(seq).toBeGreaterThan(0);
      for (const { store, commands } of [writer, reader]) {
        commands.length = 0;
        const commits = await commitsOf(store.log);
        expect(commits.map(({ seq, entries }) => [seq, entries.length])).toEqual([
          [1, 2],
          [3, 1],
        ]);
        for (const { seq, term, entries, record } of commits)
          expect(decodeCommit(seq, record ?? new Uint8Array())).toEqual({ seq, term, entries });
        expect(await store.log.commitAt(3)).toEqual(commits[1]);
        expect(commands).toEqual([]);
      }
      const given = await commitsOf(writer.store.log);
      writer.store.log.forget();
      expect(await commitsOf(writer.store.log)).toEqual(given);
      expect(writer.commands.map(({ name }) => name)).toContain('find');
      // Who comes later fetches each commit once, however far inside one it begins.
      const later = await openMonitored(uri);
      later.commands.length = 0;
      const found: Commit[] = [];
      for await (const commit of later.store.log.read(1)) found.push(commit);
      expect(found).toEqual(await commitsOf(writer.store.log));
      const whole = later.commands.filter(
        ({ name, command }) => name === 'find' && command['projection'] === undefined,
      );
      expect(whole.map(({ command }) => command['filter'] as unknown)).toEqual([{ _id: { $gte: 1 } }]);
      await later.store.close();
    } finally {
      await Promise.all([writer.store.close(), reader.store.close()]);
      await server.drop(uri);
    }
  });

  describeEventLog('MongoDB', () => fresh((store) => store.log));
  describeDocumentStore('MongoDB', () => fresh((store) => store.documents));
});
