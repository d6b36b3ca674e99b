import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describeDocumentStore } from './documents.contract.js';
import { openLmdb, type LmdbStore } from './lmdb.js';
import { describeEventLog, type Place } from './log.contract.js';

const logger = pino({ level: 'silent' });

async function fresh<T>(choose: (store: LmdbStore) => T): Promise<Place<T>> {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-log-'));
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
