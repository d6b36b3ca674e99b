import type { Logger } from 'pino';
import { Member } from './cluster/member.js';
import { SoleWriter, type Membership } from './cluster/membership.js';
import type { Config } from './config.js';
import { expectUnclaimed } from './log/claim.js';
import type { DocumentStore } from './log/documents.js';
import { openLmdb } from './log/lmdb.js';
import type { EventLog } from './log/log.js';
import { needWhole } from './log/moving.js';
import { loadSessionKey, SESSION_KEY, SESSION_KEY_BYTES } from './secrets.js';
import { paths } from './storage.js';

/**
 * Opens what the settings ask for: the embedded store, which this process has to itself, or a MongoDB database that it
 * shares with others.
 */
export interface Store {
  readonly log: EventLog;
  readonly documents: DocumentStore;
  /** Whether this process writes, and who does if not. To be stopped before the store is closed. */
  readonly membership: Membership;
  /** What seals the session cookies: a session that one process opened holds in all. */
  sessionKey(): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * @throws {LogUnavailableError} when it cannot be opened, {LogFormatError} when a newer version wrote it, {ConfigError} while
 * a command works on its files, {StoreMovingError} when it holds a part of another.
 */
export async function openStore(...args: Parameters<typeof openAny>): Promise<Store> {
  const store = await openAny(...args);
  try {
    await needWhole(store.documents);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

async function openAny(
  { cluster, dataDir }: Pick<Config, 'cluster' | 'dataDir'>,
  { logger, clock }: { readonly logger: Logger; readonly clock: () => number },
): Promise<Store> {
  if (cluster === undefined) {
    const dir = paths(dataDir).log;
    await expectUnclaimed(dir);
    const { log, documents, close } = await openLmdb(dir, { logger });
    // Again, now that whoever claims it sees this process: before, a command may have come that did not.
    await expectUnclaimed(dir).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    const sessionKey = (): Promise<Buffer> => Promise.resolve(loadSessionKey(dataDir, logger));
    return { log, documents, membership: new SoleWriter(), sessionKey, close };
  }
  // Loaded for those who use it: the driver takes a tenth of a start's time.
  const { openMongo } = await import('./log/mongo.js');
  const store = await openMongo(cluster.mongodbUri, { logger, clock });
  return {
    log: store.log,
    documents: store.documents,
    membership: new Member({ ...cluster, store, clock, logger }),
    sessionKey: () => store.sharedKey(SESSION_KEY, SESSION_KEY_BYTES),
    close: store.close,
  };
}
