import { createHash } from 'node:crypto';
import type { QuarantineItem, QuarantinePage } from '../contract/index.js';
import type { DocumentStore } from './documents.js';

/**
 * Input that was not understood, kept whole until an admin replays or drops it. The same content is kept once, however
 * often it is delivered. Ids begin with the time, so that they list newest first; a page holds a bounded number of bytes.
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

interface StoredItem extends Omit<QuarantineEntry, 'input'> {
  readonly atMs: number;
  readonly digest: string;
  /** Length of the input as JSON, in UTF-16 units. */
  readonly length: number;
}

/** The input lies apart, as JSON text: a list can count its length before it reads it, and 40 MB are read only to be shown. */
const ITEMS = 'quarantine';
const INPUTS = 'quarantine-inputs';
/** Content digest → id. */
const DIGESTS = 'quarantine-digests';
/** A page ends before its inputs exceed this, but has at least one item: 200 payloads of 40 MB fit in no answer. */
const MAX_PAGE_LENGTH = 8_000_000;
/** 48 bits of ms since the epoch in hex: the same length until the year 10889. */
const TIME_DIGITS = 12;

export class Quarantine {
  readonly #documents: DocumentStore;
  readonly #clock: () => number;
  /** By digest, so that two deliveries of the same content at once keep it once. */
  readonly #adding = new Map<string, Promise<void>>();

  /** @param clock ms since the epoch. */
  constructor(documents: DocumentStore, clock: () => number) {
    this.#documents = documents;
    this.#clock = clock;
  }

  /**
   * Keeps `entry`, durable when it resolves. Content that is kept already stays as it is, with its first reason.
   * @throws {LogUnavailableError} when it could not be made durable.
   */
  async add({ input, ...entry }: QuarantineEntry): Promise<void> {
    const text = JSON.stringify(input);
    const digest = createHash('sha256').update(text).digest('base64url');
    const underWay = this.#adding.get(digest);
    if (underWay !== undefined) return underWay;
    const added = this.#keep({ ...entry, atMs: this.#clock(), digest, length: text.length }, text);
    this.#adding.set(digest, added);
    return added.finally(() => this.#adding.delete(digest));
  }

  /** Newest first; `before` is the `next` of the page before. */
  async list({ limit, before }: { readonly limit: number; readonly before?: string }): Promise<QuarantinePage> {
    const found = await this.#documents.list<StoredItem>(ITEMS, {
      limit: limit + 1,
      reverse: true,
      ...(before !== undefined && { before }),
    });
    const items: QuarantineItem[] = [];
    let length = 0;
    for (const { id, value } of found.slice(0, limit)) {
      length += value.length;
      if (items.length > 0 && length > MAX_PAGE_LENGTH) break;
      items.push(await this.#whole(id, value));
    }
    return { items, next: items.length < found.length ? (items.at(-1)?.id ?? null) : null };
  }

  async get(id: string): Promise<QuarantineItem | undefined> {
    const stored = await this.#documents.get<StoredItem>(ITEMS, id);
    return stored === undefined ? undefined : this.#whole(id, stored);
  }

  /** @returns whether there was such an item. */
  async remove(id: string): Promise<boolean> {
    const stored = await this.#documents.get<StoredItem>(ITEMS, id);
    if (stored === undefined) return false;
    // The item first: if the process dies here, what is left over is taken into use again by the next `add`.
    const existed = await this.#documents.delete(ITEMS, id);
    await this.#documents.delete(INPUTS, id);
    await this.#documents.delete(DIGESTS, stored.digest);
    return existed;
  }

  count(): Promise<number> {
    return this.#documents.count(ITEMS);
  }

  async #keep(item: StoredItem, text: string): Promise<void> {
    const known = await this.#documents.get<string>(DIGESTS, item.digest);
    if (known !== undefined && (await this.#documents.get(ITEMS, known)) !== undefined) return;
    const id = known ?? `${item.atMs.toString(16).padStart(TIME_DIGITS, '0')}-${item.digest.slice(0, 22)}`;
    // The item last: it is there only when its input is.
    await this.#documents.put(DIGESTS, item.digest, id);
    await this.#documents.put(INPUTS, id, text);
    await this.#documents.put(ITEMS, id, item);
  }

  async #whole(id: string, { atMs, source, reason, field }: StoredItem): Promise<QuarantineItem> {
    const text = await this.#documents.get<string>(INPUTS, id);
    return {
      id,
      at: new Date(atMs).toISOString(),
      source,
      reason,
      ...(field !== undefined && { field }),
      // Absent only when it was removed since the item was read.
      input: text === undefined ? null : (JSON.parse(text) as unknown),
    };
  }
}
