import { randomBytes } from 'node:crypto';
import { createConnection, type Connection } from 'mongoose';
import type { Logger } from 'pino';
import { DEFAULT_APPEND_LIMITS } from './appendQueue.js';
import { ask, isDuplicate } from './ask.js';
import { StoreChangedError } from './changed.js';
import type { DocumentStore } from './documents.js';
import { Leases } from './leases.js';
import { LogUnavailableError } from './log.js';
import { MAX_RECORD_BYTES } from './mongoAppends.js';
import { MongoDocuments } from './mongoDocuments.js';
import { MongoLog } from './mongoLog.js';
import { makeModels, newerVersion, type Models } from './mongoSchemas.js';

/**
 * The distributed store: the event log and the documents in one MongoDB database, written by the process that has the
 * lease and read by all. Writes are durable on a majority of the replica set, journalled; reads see only what a majority
 * has. A server that is away is waited for, with an end.
 */
export interface MongoStore {
  readonly log: MongoLog;
  readonly documents: DocumentStore;
  readonly leases: Leases;
  /**
   * Asks whether the database still is the one that was opened. @throws {StoreChangedError} when it is not,
   * {LogUnavailableError}
   */
  needSame(): Promise<void>;
  /**
   * From here on this process writes. To be called with a term that is greater than any before it, when the log was
   * followed to its end. @throws {LogUnavailableError}
   */
  beginTerm(term: number, onStale?: () => void): Promise<void>;
  /** Writes what waits to be written, then nothing more. */
  endTerm(): Promise<void>;
  /** A key of so many random bytes that all processes on this database have in common; the first one makes it. */
  sharedKey(name: string, bytes: number): Promise<Buffer>;
  /** Undefined when none was made. */
  keptKey(name: string): Promise<Buffer | undefined>;
  /** Makes it this one if there is none. @returns the one that counts. */
  keepKey(name: string, key: Buffer): Promise<Buffer>;
  /** Ends the term, then disconnects. */
  close(): Promise<void>;
}

export interface MongoOptions {
  readonly logger: Logger;
  readonly maxPendingEntries?: number;
  readonly maxCommitEntries?: number;
  /** How long a commit is tried before it is refused, in ms; default 8,000: the 10 s of a delivery, less its decoding. */
  readonly giveUpMs?: number;
  /** What one document holds of a commit, packed; default 12 MiB. */
  readonly maxRecordBytes?: number;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
}

/** Until a server is found that takes the call, in ms: longer than an election. */
const SELECTION_MS = 5_000;
/** Until a connection on which nothing comes is given up, in ms. A cut network says nothing at all. */
const SILENCE_MS = 10_000;

/**
 * Connects to the database that `uri` names and makes what is missing in it.
 * @throws {LogUnavailableError} when it cannot be reached, {LogFormatError} when a newer version made it.
 */
export async function openMongo(uri: string, options: MongoOptions): Promise<MongoStore> {
  const { logger, giveUpMs = 8_000, maxRecordBytes = MAX_RECORD_BYTES, clock = Date.now, ...limits } = options;
  const connection = await connect(uri);
  try {
    const models = await makeModels(connection);
    const log = await MongoLog.open(models.commits, {
      limits: { ...DEFAULT_APPEND_LIMITS, ...limits },
      ...{ giveUpMs, maxRecordBytes, logger },
    });
    const documents = new MongoDocuments(models, clock, () => log.confirm());
    return {
      log,
      documents,
      leases: new Leases(models.leases),
      needSame: async () => {
        const [newer] = await Promise.all([newerVersion(models.versions), log.needSame()]);
        if (newer !== undefined) throw new StoreChangedError(newer);
      },
      beginTerm: async (term, onStale = () => undefined) => {
        log.beginTerm(term, onStale);
        await documents.beginTerm(term);
      },
      endTerm: async () => {
        await Promise.all([log.endTerm(), documents.endTerm()]);
      },
      sharedKey: (name, bytes) => sharedKey(models, name, bytes),
      keptKey: (name) => keptKey(models, name),
      keepKey: (name, key) => keepKey(models, name, key),
      close: async () => {
        await log.close();
        await connection.close();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function sharedKey(models: Models, name: string, bytes: number): Promise<Buffer> {
  const key = (await keptKey(models, name)) ?? (await keepKey(models, name, randomBytes(bytes)));
  if (key.length !== bytes) throw new LogUnavailableError(`the key "${name}" in MongoDB is damaged`);
  return key;
}

const keptKey = async ({ keys }: Models, name: string): Promise<Buffer | undefined> =>
  (await ask(() => keys.findById(name).lean()))?.key;

async function keepKey(models: Models, name: string, key: Buffer): Promise<Buffer> {
  try {
    await ask(() => models.keys.insertOne({ _id: name, key }));
  } catch (error) {
    // Another was first: its key is the one that counts.
    if (!isDuplicate(error instanceof Error ? error.cause : error)) throw error;
  }
  return (await keptKey(models, name)) ?? key;
}

async function connect(uri: string): Promise<Connection> {
  const connection = createConnection(uri, {
    writeConcern: { w: 'majority', journal: true },
    readConcernLevel: 'majority',
    readPreference: 'primary',
    serverSelectionTimeoutMS: SELECTION_MS,
    socketTimeoutMS: SILENCE_MS,
    // Calls fail when there is no server, instead of waiting in memory.
    bufferCommands: false,
    promoteBuffers: true,
  });
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close();
    // The address may hold a password.
    throw new LogUnavailableError(`MongoDB cannot be reached: ${error instanceof Error ? error.message : 'no answer'}`);
  }
}
