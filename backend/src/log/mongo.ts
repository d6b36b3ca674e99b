import { createConnection, type Connection } from 'mongoose';
import type { Logger } from 'pino';
import { DEFAULT_APPEND_LIMITS } from './appendQueue.js';
import type { DocumentStore } from './documents.js';
import { LogUnavailableError, type EventLog } from './log.js';
import { MongoDocuments } from './mongoDocuments.js';
import { MongoLog } from './mongoLog.js';
import { makeModels } from './mongoSchemas.js';

/**
 * The distributed store: the event log and the documents in one MongoDB database. Writes are durable on a majority of the
 * replica set, journalled; reads see only what a majority has. A server that is away is waited for, with an end.
 */
export interface MongoStore {
  readonly log: EventLog;
  readonly documents: DocumentStore;
  /** Writes what waits to be written, then disconnects. */
  close(): Promise<void>;
}

export interface MongoOptions {
  readonly logger: Logger;
  /** Term of this writer; 0 when it has no lease. */
  readonly term?: number;
  readonly maxPendingEntries?: number;
  readonly maxCommitEntries?: number;
  /** How long a commit is tried before it is refused, in ms; default 8,000: the 10 s of a delivery, less its decoding. */
  readonly giveUpMs?: number;
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
  const { logger, term = 0, giveUpMs = 8_000, ...limits } = options;
  const connection = await connect(uri);
  try {
    const models = await makeModels(connection);
    const log = await MongoLog.open(models.commits, {
      term,
      limits: { ...DEFAULT_APPEND_LIMITS, ...limits },
      giveUpMs,
      logger,
    });
    return {
      log,
      documents: await MongoDocuments.open(models),
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
