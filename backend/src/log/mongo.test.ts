import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import mongoose, { createConnection, type mongo } from 'mongoose';
import { pino } from 'pino';
import { describeWithMongo } from '../../test/support/describeMongo.js';
import { blockEntry } from '../../test/support/entries.js';
import { TestMongo } from '../../test/support/mongodb.js';
import { describeDocumentStore } from './documents.contract.js';
import { describeEventLog, type Place } from './log.contract.js';
import { openMongo, type MongoStore } from './mongo.js';

const logger = pino({ level: 'silent' });

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
    const store = await openMongo(`${uri}?monitorCommands=true`, { logger });
    const commands: { readonly name: string; readonly command: mongo.Document }[] = [];
    mongoose.connections
      .find(({ name }) => uri.endsWith(name))
      ?.getClient()
      .on('commandStarted', ({ commandName: name, command }) => commands.push({ name, command }));
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
      expect(distinct(asked('find', 'readConcern'))).toEqual([{ level: 'majority' }]);
      const connection = await createConnection(uri).asPromise();
      const keys = (await connection.collection('chunks').indexes()).map(({ key }) => key as unknown);
      await connection.close();
      expect(keys).toContainEqual({ document: 1 });
    } finally {
      await store.close();
      await server.drop(uri);
    }
  });

  describeEventLog('MongoDB', () => fresh((store) => store.log));
  describeDocumentStore('MongoDB', () => fresh((store) => store.documents));
});
