import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describeWithMongo } from '../../test/support/describeMongo.js';
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

  describeEventLog('MongoDB', () => fresh((store) => store.log));
  describeDocumentStore('MongoDB', () => fresh((store) => store.documents));
});
