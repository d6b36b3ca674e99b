import type { Logger } from 'pino';
import type { AlertMessage } from '../contract/index.js';
import type { Webhook } from './rule.js';
import type { AlertStore, Delivery, HistoryEntry } from './store.js';
import type { Outcome, SendOptions, WebhookMessage } from './webhook.js';

/**
 * Sends what the history says is to be sent: at least once, also across a crash, each attempt under the same id; of one
 * alert in order, so that its end is not told before its beginning. A receiver that fails is tried again ten times over
 * a day, then the message is given up. It works beside the service and is waited for by nobody.
 */
export interface DeliveriesOptions {
  readonly store: Pick<AlertStore, 'write'>;
  /** Where messages of the alert go now; null: nowhere any more. */
  readonly webhookOf: (alertId: string) => Webhook | null;
  readonly send: (webhook: Webhook, message: WebhookMessage, options: Pick<SendOptions, 'signal'>) => Promise<Outcome>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logger: Logger;
  /** From 0 to 1. */
  readonly random?: () => number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Wait after each failed attempt; after one more the message is given up. */
export const RETRY_AFTER_MS: readonly number[] = [
  ...[5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[HOUR_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS],
];
/** Attempts under way at once, of different alerts. */
const MAX_SENDING = 4;
/** Longest sleep: a timer of Node ends at 24 days, and a clock that is set back must not stop everything. */
const MAX_SLEEP_MS = HOUR_MS;
/** Before a message is looked at again whose outcome could not be written. */
const STORE_RETRY_MS = 5 * SECOND_MS;

export class Deliveries {
  /** By id of the entry, oldest first. */
  readonly #pending = new Map<string, HistoryEntry>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #failed = 0;

  constructor(private readonly options: DeliveriesOptions) {}

  get pending(): number {
    return this.#pending.size;
  }

  /** Messages given up since the start. */
  get failed(): number {
    return this.#failed;
  }

  /** Takes up what is to be sent of these, oldest first; everything else, and what is sent already, is left alone. */
  add(entries: readonly HistoryEntry[]): void {
    for (const entry of entries)
      if (entry.delivery?.status === 'pending' && !this.#pending.has(entry.id)) this.#pending.set(entry.id, entry);
    this.#pump();
  }

  /** Forgets an entry that the history no longer holds. */
  forget(entryId: string): void {
    this.#pending.delete(entryId);
  }

  /** Looks again at once, as when a webhook was changed. */
  retryNow(alertId: string): void {
    for (const entry of this.#pending.values())
      if (entry.notice.alertId === alertId && entry.delivery !== null)
        this.#pending.set(entry.id, { ...entry, delivery: { ...entry.delivery, nextAttemptMs: this.options.clock() } });
    this.#pump();
  }

  /** Ends what is under way; it is sent again after the next start. */
  async stop(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#timer);
    await Promise.all(this.#sending.values());
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#end.signal.aborted) return;
    const now = this.options.clock();
    const seen = new Set<string>();
    let nextMs = Infinity;
    for (const entry of this.#pending.values()) {
      const { alertId } = entry.notice;
      if (seen.has(alertId)) continue;
      seen.add(alertId);
      if (this.#sending.has(alertId)) continue;
      const dueMs = entry.delivery?.nextAttemptMs ?? now;
      if (dueMs <= now && this.#sending.size < MAX_SENDING) this.#begin(alertId, entry);
      else nextMs = Math.min(nextMs, dueMs);
    }
    if (nextMs < Infinity)
      this.#timer = setTimeout(() => this.#pump(), Math.min(MAX_SLEEP_MS, Math.max(0, nextMs - now)) + 1);
  }

  #begin(alertId: string, entry: HistoryEntry): void {
    const attempt = this.#attempt(entry).finally(() => {
      this.#sending.delete(alertId);
      this.#pump();
    });
    this.#sending.set(alertId, attempt);
  }

  /** Never throws. */
  async #attempt(entry: HistoryEntry): Promise<void> {
    const { store, webhookOf, send, clock, logger } = this.options;
    const { signal } = this.#end;
    const webhook = webhookOf(entry.notice.alertId);
    const outcome = webhook && (await send(webhook, messageOf(entry), { signal }));
    if (signal.aborted && outcome?.delivered !== true) return;
    const delivery = this.#after(entry.delivery, outcome);
    // The secret of an alert that is gone is kept no longer than it is needed.
    const { to, ...rest } = entry;
    const updated: HistoryEntry = { ...rest, ...(delivery.status === 'pending' && to && { to }), delivery };
    const { alertId, event, incident } = entry.notice;
    const error = updated.delivery?.error;
    if (outcome?.delivered === true) logger.info({ alertId, event, incident }, 'webhook delivered');
    else logger.warn({ alertId, event, incident, error, status: updated.delivery?.status }, 'webhook not delivered');
    // Meanwhile the history may have given it up for newer ones.
    if (!this.#pending.has(entry.id)) return;
    try {
      await store.write({ states: [], entries: [updated] });
      if (updated.delivery?.status === 'pending') this.#pending.set(entry.id, updated);
      else this.#pending.delete(entry.id);
      if (updated.delivery?.status === 'failed') this.#failed += 1;
    } catch (failure) {
      // It may be sent twice for that, under one id, but never not at all.
      logger.error({ err: failure, alertId }, 'the outcome of a webhook could not be kept');
      const later = {
        ...(updated.delivery ?? NEVER_TRIED),
        status: 'pending',
        nextAttemptMs: clock() + STORE_RETRY_MS,
      } as const;
      this.#pending.set(entry.id, { ...entry, delivery: later });
    }
  }

  #after(before: Delivery | null, outcome: Outcome | null): Delivery {
    const { clock, random = Math.random } = this.options;
    const attempts = (before?.attempts ?? 0) + (outcome === null ? 0 : 1);
    const tried = { attempts, lastAttemptMs: clock(), nextAttemptMs: null };
    if (outcome === null) return { ...tried, status: 'dropped', error: 'the alert has no webhook any more' };
    if (outcome.delivered) return { ...tried, status: 'delivered', error: null };
    const wait = RETRY_AFTER_MS[attempts - 1];
    if (wait === undefined || outcome.gone) return { ...tried, status: 'failed', error: outcome.error };
    // Up to a tenth more, so that a receiver that comes back is not met by all at once.
    return { ...tried, status: 'pending', nextAttemptMs: clock() + wait * (1 + random() / 10), error: outcome.error };
  }
}

const NEVER_TRIED: Delivery = { status: 'pending', attempts: 0, lastAttemptMs: null, nextAttemptMs: null, error: null };

/** The same for every attempt, byte for byte. */
export function messageOf({ id, notice }: Pick<HistoryEntry, 'id' | 'notice'>): WebhookMessage {
  const message: AlertMessage = { type: `alert.${notice.event}`, timestamp: notice.at, data: notice };
  return { id, body: JSON.stringify(message) };
}
