import { BadCursorError, type AlertHistory, type AlertHistoryItem, type AlertNotice } from '../contract/index.js';
import type { DocumentStore, StoredDocument } from '../log/documents.js';
import type { AlertState } from './machine.js';
import type { AlertRule, Webhook } from './rule.js';

/**
 * Where alerts are kept: rules, the state of each, and the history, which is also the list of what is still to be sent. A
 * change of state and what it gives rise to are one write: after a crash both are there or neither.
 */
export type DeliveryStatus = NonNullable<AlertHistoryItem['delivery']>['status'];

export interface Delivery {
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly lastAttemptMs: number | null;
  /** Null when there is no attempt to come. */
  readonly nextAttemptMs: number | null;
  readonly error: string | null;
}

export interface HistoryEntry {
  /** Sorts by time. */
  readonly id: string;
  readonly notice: AlertNotice;
  /** Null when the alert had no webhook. */
  readonly delivery: Delivery | null;
  /** Where it is still to be sent though its alert was deleted. */
  readonly to?: Webhook;
}

/** What one evaluation changed, or a person. */
export interface Written {
  readonly rules?: readonly AlertRule[];
  readonly states: readonly { readonly id: string; readonly state: AlertState }[];
  readonly entries: readonly HistoryEntry[];
}

const COLLECTION = 'alerts';
const ruleId = (id: string): string => `rule/${id}`;
const stateId = (id: string): string => `state/${id}`;
const historyId = (id: string): string => `history/${id}`;
/** 48 bits of ms since the epoch in hex: the same length until the year 10889. */
const TIME_DIGITS = 12;
const ENTRY_ID = /^[0-9a-f]{12}-[\w-]{1,60}$/;

/** Alerts that can be set: each costs some microseconds a batch. */
export const MAX_ALERTS = 100;
/** Entries of the history that are kept; the oldest go first, also one that is still to be sent. */
export const MAX_HISTORY = 1_000;

export const entryId = (
  alertId: string,
  { at, incident, event }: Pick<AlertNotice, 'at' | 'incident' | 'event'>,
): string => `${Date.parse(at).toString(16).padStart(TIME_DIGITS, '0')}-${alertId}-${incident}-${event}`;

export class AlertStore {
  constructor(private readonly documents: DocumentStore) {}

  async rules(): Promise<AlertRule[]> {
    // One that was set before there were windows of hours does not say how many.
    return (await this.#all<AlertRule>(ruleId(''), MAX_ALERTS)).map(({ value }) => ({
      ...value,
      hours: value.hours ?? 1,
    }));
  }

  /** By id of the alert. */
  async states(): Promise<Map<string, AlertState>> {
    const found = await this.#all<AlertState>(stateId(''), MAX_ALERTS);
    return new Map(found.map(({ id, value }) => [id.slice(stateId('').length), value]));
  }

  /** The newest `MAX_HISTORY`, oldest first. */
  async history(): Promise<HistoryEntry[]> {
    const newest = { limit: MAX_HISTORY, prefix: historyId(''), reverse: true };
    return (await this.documents.list<HistoryEntry>(COLLECTION, newest)).map(({ value }) => value).reverse();
  }

  /** @param oldest id of the oldest entry that is kept */
  async removeBefore(oldest: string): Promise<void> {
    const older = { limit: MAX_HISTORY, prefix: historyId(''), before: historyId(oldest) };
    const ids = (await this.documents.list(COLLECTION, older)).map(({ id }) => id);
    if (ids.length > 0) await this.documents.deleteMany(COLLECTION, ids);
  }

  /** The state first: a rule without one has not been looked at yet, a state without a rule would lie there for good. */
  async removeRule(id: string): Promise<void> {
    await this.documents.delete(COLLECTION, stateId(id));
    await this.documents.delete(COLLECTION, ruleId(id));
  }

  /** All or nothing. */
  async write({ rules = [], states, entries }: Written): Promise<void> {
    const documents: StoredDocument<unknown>[] = [
      ...rules.map((rule) => ({ id: ruleId(rule.id), value: rule })),
      ...states.map(({ id, state }) => ({ id: stateId(id), value: state })),
      ...entries.map((entry) => ({ id: historyId(entry.id), value: entry })),
    ];
    if (documents.length > 0) await this.documents.putMany(COLLECTION, documents);
  }

  /** After a write that failed: from here on what is read is what holds. */
  settle(): Promise<void> {
    return this.documents.settle();
  }

  /** @param oldest id of an entry that is given up for newer ones */
  async removeEntry(oldest: string): Promise<void> {
    await this.documents.delete(COLLECTION, historyId(oldest));
  }

  /**
   * A page of the history, newest first.
   * @param query.before `next` of the page before. @throws {BadCursorError} when it is none
   */
  async page({ limit, before, alertId }: HistoryQuery): Promise<AlertHistory> {
    if (before !== undefined && !ENTRY_ID.test(before)) throw new BadCursorError();
    const found = await this.documents.list<HistoryEntry>(COLLECTION, {
      // An alert's own entries are picked out of all of them, which are few.
      limit: alertId === undefined ? limit + 1 : MAX_HISTORY,
      reverse: true,
      prefix: historyId(''),
      ...(before !== undefined && { before: historyId(before) }),
    });
    const wanted = found
      .map(({ value }) => value)
      .filter(({ notice }) => alertId === undefined || notice.alertId === alertId);
    const items = wanted.slice(0, limit).map(shown);
    return { items, next: items.length < wanted.length ? (items.at(-1)?.id ?? null) : null };
  }

  #all<T>(prefix: string, limit: number): Promise<StoredDocument<T>[]> {
    return this.documents.list<T>(COLLECTION, { limit, prefix });
  }
}

export interface HistoryQuery {
  readonly limit: number;
  readonly before?: string;
  readonly alertId?: string;
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const shown = ({ id, notice, delivery }: HistoryEntry): AlertHistoryItem => ({
  id,
  ...notice,
  delivery: delivery && {
    status: delivery.status,
    attempts: delivery.attempts,
    lastAttemptAt: iso(delivery.lastAttemptMs),
    nextAttemptAt: iso(delivery.nextAttemptMs),
    error: delivery.error,
  },
});
