/**
 * Small named records beside the log: snapshots, quarantine, settings. Each `put` is durable when it resolves. Ids sort
 * by code unit, so that a collection keyed by time can be read newest first, a page at a time.
 */
export interface StoredDocument<T> {
  readonly id: string;
  readonly value: T;
}

export interface ListOptions {
  /** At most this many, 1–1,000. */
  readonly limit: number;
  /** Only ids that sort before this one. */
  readonly before?: string;
  /** Only ids that sort after this one. */
  readonly after?: string;
  /** Only ids that begin with this. */
  readonly prefix?: string;
  /** Descending by id. */
  readonly reverse?: boolean;
}

/** Values are plain JSON-like data (no class instances, no functions, no bigint). */
export interface DocumentStore {
  get<T>(collection: string, id: string): Promise<T | undefined>;
  put<T>(collection: string, id: string, value: T): Promise<void>;
  /** Puts all or none. */
  putMany<T>(collection: string, documents: readonly StoredDocument<T>[]): Promise<void>;
  /**
   * Resolves when it is certain what came of the writes of this process that failed: from here on a read tells whether they
   * were made. @throws {LogUnavailableError} when that cannot be seen to.
   */
  settle(): Promise<void>;
  /** @returns whether there was such a document. */
  delete(collection: string, id: string): Promise<boolean>;
  /** Deletes all or none. Those that are not there are of no matter. */
  deleteMany(collection: string, ids: readonly string[]): Promise<void>;
  list<T>(collection: string, options: ListOptions): Promise<StoredDocument<T>[]>;
  count(collection: string): Promise<number>;
  /** Names of the collections that hold anything, in order. */
  collections(): Promise<string[]>;
}
