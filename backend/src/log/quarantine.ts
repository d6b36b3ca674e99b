import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { BadCursorError, type QuarantineItem, type QuarantinePage } from '../contract/index.js';
import { deepJson, isDeeperThan } from './deepJson.js';
import type { DocumentStore, StoredDocument } from './documents.js';

/**
 * Input that was not understood, kept whole until an admin replays or drops it. The same content is kept once, however
 * often it is delivered. Nothing that was taken in is ever given up for something newer: a full quarantine refuses, so
 * that a broken node cannot fill the disk under the log.
 */
export interface QuarantineEntry {
  /** Where it came from, for a person: `chainhook-v1`, … */
  readonly source: string;
  readonly reason: string;
  /** Path of the field that was wrong. */
  readonly field?: string;
  /** Anything that JSON holds. */
  readonly input: unknown;
}

/** There is no room for what was not understood. It was not kept: an admin has to replay or drop what is there. */
export class QuarantineFullError extends Error {
  override readonly name = 'QuarantineFullError';
}

interface StoredItem extends Omit<QuarantineEntry, 'input'> {
  readonly atMs: number;
  readonly digest: string;
  /** Length of the input as JSON, in UTF-16 units. */
  readonly length: number;
}

interface Unkept {
  readonly item: StoredItem;
  /** The input as JSON. */
  readonly text: string;
}

interface Held {
  items: number;
  /** Of all items together, as `lengthOf` counts them. */
  length: number;
}

/** The input lies apart, as packed JSON: a list can count its length before it reads it, and 40 MB are read only to be shown. */
const COLLECTION = 'quarantine';
const itemId = (id: string): string => `item/${id}`;
const inputId = (id: string): string => `input/${id}`;
/** Content digest → id. */
const digestId = (digest: string): string => `digest/${digest}`;
/** A page ends before its inputs exceed this, but has at least one item: 200 payloads of 40 MB fit in no answer. */
const MAX_PAGE_LENGTH = 8_000_000;
/** All items together, a byte each unit or less: 25 deliveries of the largest size, or half a million single transactions. */
const MAX_LENGTH = 1_000_000_000;
/** What an item takes of the disk beside its input and reason: its three documents, however little is in them. */
const ITEM_LENGTH = 1_000;
/** A reason, and a field, is cut here: pages of them are read at once, and what came in may be a part of it. */
const MAX_TOLD = 500;
/**
 * Levels of nesting up to which input is kept as it is; deeper input is kept as its JSON text. It is the depth to which
 * serde_json, which chain nodes write with, reads; real payloads have some 45 levels at most.
 */
const MAX_DEPTH = 128;
/** Items made durable together: of each three documents are put, and a store takes 5,000 of them. */
const ADDED_TOGETHER = 1_000;
/** Items read at once when they are counted. */
const COUNT_PAGE = 1_000;
/** 48 bits of ms since the epoch in hex: the same length until the year 10889. */
const TIME_DIGITS = 12;
const ID = /^[0-9a-f]{12}-[\w-]{22}$/;

export class Quarantine {
  readonly #documents: DocumentStore;
  readonly #clock: () => number;
  readonly #maxLength: number;
  /**
   * Changes take turns, so that the same content that comes twice at once is kept once, and is kept when it comes while it
   * is being removed.
   */
  #turn: Promise<unknown> = Promise.resolve();
  /** Counted once, when it is first asked for. */
  #held: Promise<Held> | undefined;
  /** Whether a change failed of which nobody knows whether it was made. */
  #isUnsure = false;
  #changes = 0;

  /**
   * @param clock ms since the epoch.
   * @param maxLength of all items together: of each its input as JSON, its reason and `ITEM_LENGTH`, in UTF-16 units.
   */
  constructor(documents: DocumentStore, clock: () => number, maxLength = MAX_LENGTH) {
    this.#documents = documents;
    this.#clock = clock;
    this.#maxLength = maxLength;
  }

  /** `addAll` of one. */
  add(entry: QuarantineEntry): Promise<void> {
    return this.addAll([entry]);
  }

  /**
   * Keeps `entries`, durable when it resolves: `ADDED_TOGETHER` with one write, for 5,000 flushes would take minutes.
   * Content that is kept already stays as it is, with its first reason.
   * @throws {QuarantineFullError} when there is no room, {LogUnavailableError} when it could not be made durable; some
   * may have been kept by then.
   */
  async addAll(entries: readonly QuarantineEntry[]): Promise<void> {
    for (let from = 0; from < entries.length; from += ADDED_TOGETHER)
      await this.#addTogether(entries.slice(from, from + ADDED_TOGETHER));
  }

  /**
   * Newest first, as ids begin with the time.
   * @param query.before `next` of the page before. @throws {BadCursorError} when it is none
   */
  async list({ limit, before }: { readonly limit: number; readonly before?: string }): Promise<QuarantinePage> {
    if (before !== undefined && !ID.test(before)) throw new BadCursorError();
    const found = await this.#documents.list<StoredItem>(COLLECTION, {
      limit: limit + 1,
      reverse: true,
      prefix: itemId(''),
      ...(before !== undefined && { before: itemId(before) }),
    });
    const items: QuarantineItem[] = [];
    let length = 0;
    for (const { id, value } of found.slice(0, limit)) {
      length += value.length;
      if (items.length > 0 && length > MAX_PAGE_LENGTH) break;
      items.push(await this.#whole(id.slice(itemId('').length), value));
    }
    return { items, next: items.length < found.length ? (items.at(-1)?.id ?? null) : null };
  }

  async get(id: string): Promise<QuarantineItem | undefined> {
    const stored = await this.#documents.get<StoredItem>(COLLECTION, itemId(id));
    return stored === undefined ? undefined : this.#whole(id, stored);
  }

  /** @returns whether there was such an item. */
  remove(id: string): Promise<boolean> {
    return this.#inTurn(() => this.#remove(id));
  }

  async count(): Promise<number> {
    return (await this.#count()).items;
  }

  /** Grows each time that this process may have added or removed anything. */
  get changes(): number {
    return this.#changes;
  }

  /** Forgets what was counted: another process has added or removed. */
  recount(): void {
    this.#held = undefined;
    this.#isUnsure = false;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    // When it is over, as whoever counts because of it should find it.
    const run = this.#turn.then(work).then(
      (result) => {
        this.#changes += 1;
        return result;
      },
      (error: unknown) => {
        // Of what there is no room for nothing was written; any other change that failed may have been made.
        if (!(error instanceof QuarantineFullError)) {
          this.#changes += 1;
          this.#held = undefined;
          this.#isUnsure = true;
        }
        throw error;
      },
    );
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #remove(id: string): Promise<boolean> {
    const held = await this.#count();
    const stored = await this.#documents.get<StoredItem>(COLLECTION, itemId(id));
    if (stored === undefined) return false;
    // Together: who is told that nothing was kept of it, and asks the next writer, must find the item there.
    await this.#documents.deleteMany(COLLECTION, [itemId(id), inputId(id), digestId(stored.digest)]);
    held.items -= 1;
    held.length -= lengthOf(stored);
    return true;
  }

  #addTogether(entries: readonly QuarantineEntry[]): Promise<void> {
    const fresh = new Map<string, Unkept>();
    for (const { source, reason, field, input } of entries) {
      const text = JSON.stringify(isDeeperThan(MAX_DEPTH, input) ? deepJson(input) : input);
      const digest = createHash('sha256').update(text).digest('base64url');
      if (fresh.has(digest)) continue;
      const told = { source, reason: cut(reason), ...(field !== undefined && { field: cut(field) }) };
      fresh.set(digest, { item: { ...told, atMs: this.#clock(), digest, length: text.length }, text });
    }
    return this.#inTurn(() => this.#keep([...fresh.values()]));
  }

  /** Keeps all or none of them. */
  async #keep(given: readonly Unkept[]): Promise<void> {
    const identified = await Promise.all(given.map(async (one) => ({ ...one, ...(await this.#idOf(one.item)) })));
    const unkept = identified.filter(({ isKept }) => !isKept);
    if (unkept.length === 0) return;
    const held = await this.#count();
    const length = unkept.reduce((sum, { item }) => sum + lengthOf(item), 0);
    if (held.length + length > this.#maxLength)
      throw new QuarantineFullError(
        `${held.items} items that take ${held.length} characters are in quarantine, and ${this.#maxLength} is all that it holds`,
      );
    await this.#documents.putMany(COLLECTION, (await Promise.all(unkept.map(documentsOf))).flat());
    held.items += unkept.length;
    held.length += length;
  }

  /** The id of an item, which is kept, was left half removed by an older version, or is new. */
  async #idOf({ atMs, digest }: StoredItem): Promise<{ id: string; isKept: boolean }> {
    const known = await this.#documents.get<string>(COLLECTION, digestId(digest));
    if (known === undefined)
      return { id: `${atMs.toString(16).padStart(TIME_DIGITS, '0')}-${digest.slice(0, 22)}`, isKept: false };
    return { id: known, isKept: (await this.#documents.get(COLLECTION, itemId(known))) !== undefined };
  }

  #count(): Promise<Held> {
    this.#held ??= this.#countAll().catch((error: unknown) => {
      this.#held = undefined;
      throw error;
    });
    return this.#held;
  }

  async #countAll(): Promise<Held> {
    if (this.#isUnsure) await this.#documents.settle();
    this.#isUnsure = false;
    const held: Held = { items: 0, length: 0 };
    let after: string | undefined;
    do {
      const page = await this.#documents.list<StoredItem>(COLLECTION, {
        limit: COUNT_PAGE,
        prefix: itemId(''),
        ...(after !== undefined && { after }),
      });
      held.items += page.length;
      for (const { value } of page) held.length += lengthOf(value);
      after = page.length < COUNT_PAGE ? undefined : page.at(-1)?.id;
      // A million items take seconds, and an embedded store reads them without a pause.
      await nextTurn();
    } while (after !== undefined);
    return held;
  }

  async #whole(id: string, { atMs, source, reason, field }: StoredItem): Promise<QuarantineItem> {
    const packed = await this.#documents.get<string>(COLLECTION, inputId(id));
    return {
      id,
      at: new Date(atMs).toISOString(),
      source,
      reason,
      ...(field !== undefined && { field }),
      // Absent only when it was removed since the item was read.
      input: packed === undefined ? null : (JSON.parse(await unpack(packed)) as unknown),
    };
  }
}

const lengthOf = ({ length, reason }: StoredItem): number => length + reason.length + ITEM_LENGTH;

const cut = (text: string): string => (text.length <= MAX_TOLD ? text : `${text.slice(0, MAX_TOLD - 1)}…`);

const documentsOf = async ({
  id,
  item,
  text,
}: Unkept & { readonly id: string }): Promise<StoredDocument<StoredItem | string>[]> => [
  { id: digestId(item.digest), value: id },
  { id: inputId(id), value: await pack(text) },
  { id: itemId(id), value: item },
];

const deflated = promisify<Buffer, Buffer>(deflateRaw);
const inflated = promisify<Buffer, Buffer>(inflateRaw);

/** Payloads repeat themselves: packed they take a sixth, and as much less of the disk and of the pages that are read. */
const pack = async (text: string): Promise<string> => (await deflated(Buffer.from(text))).toString('base64');
const unpack = async (packed: string): Promise<string> => (await inflated(Buffer.from(packed, 'base64'))).toString();
