import { checkLimit, checkNames, isName } from './documentNames.js';
import type { DocumentStore, ListOptions, StoredDocument } from './documents.js';
import type { Environment } from './environment.js';

/**
 * Documents in LMDB: JSON under `collection NUL id`, so that a collection is one range of keys in the order of its ids.
 * Every change is one durable transaction; values of any size are kept (LMDB's overflow pages).
 */

/** Longer bounds of a list are cut: the order against names, which are shorter, stays the same. LMDB's keys end at 1,978. */
const MAX_BOUND_BYTES = 600;

export class LmdbDocuments implements DocumentStore {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  async get<T>(collection: string, id: string): Promise<T | undefined> {
    if (!isName(id)) return undefined;
    const stored = await this.#environment.read((tables) => tables.documents.get(keyOf(collection, id)));
    return stored === undefined ? undefined : decode<T>(stored);
  }

  put<T>(collection: string, id: string, value: T): Promise<void> {
    return this.putMany(collection, [{ id, value }]);
  }

  async putMany<T>(collection: string, documents: readonly StoredDocument<T>[]): Promise<void> {
    checkNames(
      collection,
      documents.map(({ id }) => id),
    );
    const changes = documents.map(({ id, value }) => ({ key: keyOf(collection, id), value: encode(value) }));
    await this.#environment.write((tables) =>
      changes.map(({ key, value }) => ({ bytes: value.length, run: () => tables.documents.put(key, value) })),
    );
  }

  /** A transaction that failed was not made. */
  settle(): Promise<void> {
    return Promise.resolve();
  }

  async delete(collection: string, id: string): Promise<boolean> {
    if (!isName(id)) return false;
    const key = keyOf(collection, id);
    let existed = false;
    await this.#environment.write((tables) => {
      existed = tables.documents.doesExist(key);
      return existed ? [{ bytes: 0, run: () => tables.documents.remove(key) }] : [];
    });
    return existed;
  }

  async deleteMany(collection: string, ids: readonly string[]): Promise<void> {
    checkNames(collection, ids);
    const keys = ids.map((id) => keyOf(collection, id));
    await this.#environment.write((tables) =>
      keys
        .filter((key) => tables.documents.doesExist(key))
        .map((key) => ({ bytes: 0, run: () => tables.documents.remove(key) })),
    );
  }

  async list<T>(collection: string, options: ListOptions): Promise<StoredDocument<T>[]> {
    const { limit, reverse = false } = options;
    checkLimit(limit);
    const { from, to } = rangeOf(collection, options);
    if (Buffer.compare(from, to) >= 0) return [];
    const range = reverse
      ? { start: to, end: from, reverse, limit, exclusiveStart: true, inclusiveEnd: true }
      : { start: from, end: to, limit };
    const found = await this.#environment.read((tables) => [...tables.documents.getRange(range)]);
    const idStart = keyOf(collection, '').length;
    return found.map(({ key, value }) => ({
      id: Buffer.from(key).toString('latin1', idStart),
      value: decode<T>(value),
    }));
  }

  count(collection: string): Promise<number> {
    const { from, to } = rangeOf(collection, {});
    return this.#environment.read((tables) => tables.documents.getKeysCount({ start: from, end: to }));
  }

  collections(): Promise<string[]> {
    return this.#environment.read((tables) => {
      const names: string[] = [];
      for (;;) {
        const last = names.at(-1);
        // The first key behind all of the collection before.
        const start = last === undefined ? Buffer.alloc(0) : Buffer.from(`${last}\x01`);
        const [key] = tables.documents.getKeys({ start, limit: 1 });
        if (key === undefined) return names;
        const text = Buffer.from(key).toString('latin1');
        names.push(text.slice(0, text.indexOf('\0')));
      }
    });
  }
}

/** The keys of the list: at or above `from`, below `to`. */
function rangeOf(
  collection: string,
  { before, after, prefix = '' }: Omit<ListOptions, 'limit'>,
): { from: Buffer; to: Buffer } {
  const first = keyOf(collection, prefix);
  const froms: Buffer[] = [first];
  const tos: Buffer[] = [Buffer.concat([first, Buffer.from([0xff])])];
  if (after !== undefined) froms.push(Buffer.concat([keyOf(collection, after), Buffer.from([0])]));
  if (before !== undefined) tos.push(keyOf(collection, before));
  return {
    from: froms.reduce((a, b) => (Buffer.compare(a, b) < 0 ? b : a)),
    to: tos.reduce((a, b) => (Buffer.compare(a, b) < 0 ? a : b)),
  };
}

function keyOf(collection: string, id: string): Buffer {
  return Buffer.from(`${collection}\0${id}`).subarray(0, MAX_BOUND_BYTES + collection.length);
}

function encode(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** The caller names the type of its own collection. */
function decode<T>(stored: Buffer): T {
  return JSON.parse(stored.toString()) as T;
}
