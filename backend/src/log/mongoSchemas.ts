import { Schema, type Connection, type Model } from 'mongoose';
import { ask } from './ask.js';
import { LogFormatError } from './fieldReader.js';

/**
 * The collections in MongoDB, and the version of their make-up. Indexes are declared here and made at the start. Entries
 * and values are kept packed: what is asked of them by content is asked of the DuckDB read model, at a fifth of the space.
 */

/** Raised when a collection changes its meaning; a service of an older version must then not write to it. */
export const SCHEMA_VERSION = 2;

/** One group commit. */
export interface CommitDocument {
  /** `seq` of its first entry: what a second writer collides on. */
  readonly _id: number;
  readonly term: number;
  /** Made anew for each commit: tells whose document it is when an outcome is not known. */
  readonly nonce: string;
  /** Number of entries. */
  readonly count: number;
  /** The record of `codec.ts`. */
  readonly entries: Buffer;
}

/** A document of the store, or what stands for it when its JSON lies in chunks. */
export interface HeadDocument {
  /** `collection LF id`: the line feed sorts before every character of a name. */
  readonly _id: string;
  readonly put: Put;
}

/** `$max` keeps the greater of two, and compares them field by field in this order: by the stamp. */
export interface Put {
  /** Grows with the term of the writer, and within it with each put. */
  readonly stamp: number;
  /** Names this version of the document, and its chunks. */
  readonly nonce: string;
  /** How many chunks hold the JSON; 0 when `body` does; −1 when the document was deleted. */
  readonly chunks: number;
  readonly body: Buffer;
  /** When it was deleted, if it was. */
  readonly goneAtMs?: number;
}

/** A piece of JSON that is too large for one document (16 MB). */
export interface ChunkDocument {
  /** `nonce/index`. */
  readonly _id: string;
  /** `_id` of the head. */
  readonly document: string;
  /** Of the put that it belongs to. */
  readonly stamp: number;
  /** By the clock of the process that put it, in ms. */
  readonly putAtMs: number;
  readonly data: Buffer;
}

/** The one place where a change of several documents is written down before it is made. */
export interface JournalDocument {
  readonly _id: string;
  /** Counts the changes of this document: one that comes late finds another number, and does nothing. */
  readonly turn: number;
  /** Of the writer that changed it last; a writer before it changes nothing. One that an older version made has none. */
  readonly term?: number;
  /** What is to be put; empty when all has been. */
  readonly documents: readonly HeadDocument[];
}

/** Which process writes. There is one, `_id` `writer`. */
export interface LeaseDocument {
  readonly _id: string;
  /** Grows each time that the lease is taken. */
  readonly term: number;
  /** Made anew by each process that takes it; empty once it was given back. */
  readonly holder: string;
  /** Where the holder takes what is forwarded. */
  readonly url: string;
  /** When it was last renewed, by the server's clock. */
  readonly renewedAt: Date;
  /** How long it holds from then on. */
  readonly lengthMs: number;
  /** What the writer tells the others, as JSON. */
  readonly word: string;
}

/** What all processes must have in common and nobody chooses. Insert only. */
export interface KeyDocument {
  readonly _id: string;
  readonly key: Buffer;
}

export interface VersionDocument {
  readonly _id: string;
  readonly version: number;
}

export interface Models {
  readonly commits: Model<CommitDocument>;
  readonly heads: Model<HeadDocument>;
  readonly chunks: Model<ChunkDocument>;
  readonly journals: Model<JournalDocument>;
  readonly leases: Model<LeaseDocument>;
  readonly keys: Model<KeyDocument>;
  readonly versions: Model<VersionDocument>;
}

const number = { type: Number, required: true } as const;
const text = { type: String, required: true } as const;
const bytes = { type: Buffer, required: true } as const;
/** `_id` is always given. Mongoose's own version counter would say nothing. */
const options = { versionKey: false, autoIndex: false, autoCreate: false, _id: false } as const;

/** Mongoose calls no bytes a missing value. */
const put = new Schema<Put>({ stamp: number, nonce: text, chunks: number, body: Buffer, goneAtMs: Number }, options);
const headFields = { _id: text, put };
const commits = new Schema<CommitDocument>(
  { _id: number, term: number, nonce: text, count: number, entries: bytes },
  { ...options, collection: 'commits' },
);
const heads = new Schema<HeadDocument>(headFields, { ...options, collection: 'documents' }).index(
  { 'put.goneAtMs': 1 },
  { sparse: true },
);
const chunks = new Schema<ChunkDocument>(
  { _id: text, document: text, stamp: number, putAtMs: number, data: bytes },
  { ...options, collection: 'chunks' },
)
  .index({ document: 1 })
  .index({ putAtMs: 1 });
const journals = new Schema<JournalDocument>(
  { _id: text, turn: number, term: Number, documents: [new Schema<HeadDocument>(headFields, options)] },
  { ...options, collection: 'journal' },
);
const leases = new Schema<LeaseDocument>(
  { _id: text, term: number, holder: String, url: text, renewedAt: { type: Date }, lengthMs: number, word: String },
  { ...options, collection: 'leases' },
);
const keys = new Schema<KeyDocument>({ _id: text, key: bytes }, { ...options, collection: 'keys' });
const versions = new Schema<VersionDocument>({ _id: text, version: number }, { ...options, collection: 'versions' });

const SCHEMA = 'schema';

/**
 * Makes the models of a connection and the indexes of their collections.
 * @throws {LogFormatError} when a newer version of the service made the database; then nothing is changed.
 * {LogUnavailableError} when the server does not answer, or refuses.
 */
export async function makeModels(connection: Connection): Promise<Models> {
  const versionModel = connection.model<VersionDocument>('Version', versions);
  const newer = await newerVersion(versionModel);
  if (newer !== undefined) throw new LogFormatError(newer);
  const models: Models = {
    versions: versionModel,
    commits: connection.model<CommitDocument>('Commit', commits),
    heads: connection.model<HeadDocument>('Document', heads),
    chunks: connection.model<ChunkDocument>('Chunk', chunks),
    journals: connection.model<JournalDocument>('Journal', journals),
    leases: connection.model<LeaseDocument>('Lease', leases),
    keys: connection.model<KeyDocument>('Key', keys),
  };
  for (const model of Object.values(models)) await ask(() => model.createIndexes());
  // The greater of the two: a newer service may have raised it since.
  await ask(() => versionModel.updateOne({ _id: SCHEMA }, { $max: { version: SCHEMA_VERSION } }, { upsert: true }));
  return models;
}

/** @returns why this service must not use the database: a newer version of it has; undefined while none has. */
export async function newerVersion(versionModel: Models['versions']): Promise<string | undefined> {
  const stored = await ask(() => versionModel.findById(SCHEMA).lean());
  if (stored === null || stored.version <= SCHEMA_VERSION) return undefined;
  return `the MongoDB database is of schema version ${stored.version}, this service knows up to ${SCHEMA_VERSION}: update the service`;
}
