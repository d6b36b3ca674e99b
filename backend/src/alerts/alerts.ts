import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Alert, AlertChanges, AlertNotice, NewAlert, SavedAlert, WebhookTest } from '../contract/index.js';
import type { Change } from '../events/fact.js';
import { LogUnavailableError } from '../log/log.js';
import { Deliveries } from './deliveries.js';
import {
  anew,
  endedByChange,
  endedByDeletion,
  evaluate,
  seenOf,
  type Armed,
  type Evaluation,
  type Seen,
} from './evaluation.js';
import type { LatestFacts } from './latestFacts.js';
import { INITIAL } from './machine.js';
import { testMessage } from './testMessage.js';
import { TooManyAlertsError, WrongAlertError } from './refused.js';
import type { ReadingSources } from './readings.js';
import { changed, settingsOf, watchedBy, wrongSettings, type AlertRule, type Webhook } from './rule.js';
import { inOrder, shownAlert } from './shown.js';
import { MAX_ALERTS, MAX_HISTORY, type AlertStore, type HistoryEntry } from './store.js';
import { sendWebhook } from './webhook.js';
import { webhookOf } from './webhookSetting.js';

/**
 * The alerts: looked at with every batch that is folded and by the clock, so that silence and the turn of a day are noticed
 * too. What became of an alert is durable before anyone is told; after a restart a firing alert is still firing, and what
 * was sent is not sent again. One thing at a time: an evaluation never sees half a change of an admin. A write that failed
 * may have been made all the same: before anything else is done, the store is asked.
 */
export interface AlertsOptions {
  readonly store: AlertStore;
  readonly sources: Omit<ReadingSources, 'latestFactMs'>;
  readonly latest: LatestFacts;
  /** Told of each alert that fires or is resolved, once it is durable. */
  readonly onNotice: (notice: AlertNotice) => void;
  /** Whether webhooks may reach loopback and private networks. */
  readonly allowPrivateWebhooks: boolean;
  readonly clock: () => number;
  readonly logger: Logger;
}

/** How long a condition that only the clock can tell may go unnoticed. */
const TICK_MS = 5_000;
const ID_BYTES = 9;

export class Alerts {
  readonly #deliveries: Deliveries;
  readonly #armed = new Map<string, Armed>();
  /** Where the last messages of alerts go that were deleted while they fired. */
  readonly #left = new Map<string, Webhook>();
  /** Ids of the history, oldest first. */
  #history: string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  /** Whether a write failed of which nobody knows whether it was made. */
  #isUnsure = false;
  #tick: NodeJS.Timeout | undefined;
  #evaluating = false;
  #isStopped = false;

  private constructor(private readonly options: AlertsOptions) {
    const { store, clock, logger, allowPrivateWebhooks: allowPrivate } = options;
    this.#deliveries = new Deliveries({
      store,
      webhookOf: (id) => this.#armed.get(id)?.rule.webhook ?? this.#left.get(id) ?? null,
      send: (webhook, message, { signal }) =>
        sendWebhook(webhook, message, { allowPrivate, clock, ...(signal && { signal }) }),
      clock,
      logger,
    });
  }

  static async open(options: AlertsOptions): Promise<Alerts> {
    const alerts = new Alerts(options);
    await alerts.#load();
    return alerts;
  }

  get figures(): { alerts: number; firing: number; pendingWebhooks: number; failedWebhooks: number } {
    const firing = [...this.#armed.values()].filter(({ state }) => state.phase === 'firing').length;
    const { pending, failed } = this.#deliveries;
    return { alerts: this.#armed.size, firing, pendingWebhooks: pending, failedWebhooks: failed };
  }

  /** What was held against the thresholds, of those that were looked at. */
  get seen(): Seen[] {
    return [...this.#armed.values()].flatMap((armed) => seenOf(armed) ?? []);
  }

  /** Begins to look; to be called once the folds hold the whole log. Sends what was left to be sent. */
  async start(): Promise<void> {
    this.#evaluating = true;
    const { store } = this.options;
    const history = await store.history();
    this.#deliveries.add(history);
    // What a crash left of older ones: here, as this is for the writer alone. Who may not write reads them, too.
    const [oldest] = history;
    if (oldest !== undefined) await store.removeBefore(oldest.id);
    await this.evaluate();
    this.#tick = setInterval(() => void this.evaluate(), TICK_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#evaluating = false;
    clearInterval(this.#tick);
    await this.#turn;
    await this.#deliveries.stop();
  }

  /** Tells of what was folded. Resolves when every alert has been held against it; never throws. */
  async folded(changes: readonly Change[]): Promise<void> {
    this.options.latest.apply(changes);
    await this.evaluate();
  }

  /** Holds every alert against the metrics as they are now. Never throws: what failed is tried again at the next tick. */
  evaluate(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#evaluating || this.#armed.size === 0) return;
      await this.#write(await evaluate([...this.#armed.values()], this.options));
    }).catch((error: unknown) => {
      this.options.logger.error({ err: error }, 'alerts could not be evaluated, will be tried again');
    });
  }

  /** Firing first, then by name. @throws {LogUnavailableError} when it cannot be found out what they are */
  async list(): Promise<Alert[]> {
    await this.#sure();
    return inOrder([...this.#armed.values()].map((armed) => this.#shown(armed)));
  }

  /** @throws {LogUnavailableError} */
  async get(id: string): Promise<Alert | undefined> {
    await this.#sure();
    const armed = this.#armed.get(id);
    return armed && this.#shown(armed);
  }

  /** @throws {WrongAlertError} {TooManyAlertsError} {LogUnavailableError} */
  create(given: NewAlert): Promise<SavedAlert> {
    return this.#inTurn(async () => {
      if (this.#armed.size >= MAX_ALERTS) throw new TooManyAlertsError();
      const { webhookUrl: url = null, webhookSecret } = given;
      const { webhook, made } = webhookOf(null, { url, secret: webhookSecret }, this.options.allowPrivateWebhooks);
      const id = randomBytes(ID_BYTES).toString('base64url');
      const rule: AlertRule = { ...settingsOf(given), id, createdAtMs: this.options.clock(), webhook };
      return this.#save({ rule, state: INITIAL, figure: null, evaluatedMs: null }, made, []);
    }).finally(() => void this.evaluate());
  }

  /** Undefined: there is no such alert. @throws {WrongAlertError} {LogUnavailableError} */
  change(id: string, changes: AlertChanges): Promise<SavedAlert | undefined> {
    return this.#inTurn(async () => {
      const armed = this.#armed.get(id);
      if (armed === undefined) return undefined;
      const { webhookUrl: url = armed.rule.webhook?.url ?? null, webhookSecret: secret } = changes;
      const { webhook, made } = webhookOf(armed.rule.webhook, { url, secret }, this.options.allowPrivateWebhooks);
      const rule: AlertRule = { ...armed.rule, ...changed(armed.rule, changes), webhook };
      const kept = watchedBy(armed.rule) === watchedBy(rule) ? { ...armed, rule } : anew(armed, rule);
      const ended = endedByChange(armed, kept, this.options.clock());
      const saved =
        ended === undefined
          ? await this.#save(kept, made, [])
          : await this.#save({ ...kept, lastEntry: ended }, made, [ended]);
      this.#deliveries.retryNow(id);
      return saved;
    }).finally(() => void this.evaluate());
  }

  /**
   * One that fires ends by it, which is told, and sent behind what was still to be sent. What else of it was still to be sent
   * is not sent; its history stays. @returns whether there was such an alert.
   */
  remove(id: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const before = this.#armed.get(id);
      if (before === undefined) return false;
      const ended = endedByDeletion(before, this.options.clock());
      if (ended !== undefined) {
        const { armed, entry } = ended;
        if (entry.to !== undefined) this.#left.set(id, entry.to);
        await this.#write({ armed: [armed], states: [{ id, state: armed.state }], entries: [entry] });
      }
      await this.options.store.removeRule(id);
      this.#armed.delete(id);
      this.#deliveries.retryNow(id);
      return true;
    });
  }

  /** Sends a message that says it is a test, once. Undefined: there is no such alert. @throws {WrongAlertError} */
  async test(id: string): Promise<WebhookTest | undefined> {
    const { clock, allowPrivateWebhooks: allowPrivate } = this.options;
    const armed = this.#armed.get(id);
    if (armed === undefined) return undefined;
    const { webhook } = armed.rule;
    if (webhook === null)
      throw new WrongAlertError([{ field: 'webhookUrl', message: 'must be set before it is tested' }]);
    const body = testMessage(armed, clock());
    const text = { id: `test-${randomBytes(ID_BYTES).toString('base64url')}`, body: JSON.stringify(body) };
    const outcome = await sendWebhook(webhook, text, { allowPrivate, clock });
    return outcome.delivered ? { delivered: true, error: null } : { delivered: false, error: outcome.error };
  }

  async #load(): Promise<readonly HistoryEntry[]> {
    const { store } = this.options;
    const [rules, states, history] = await Promise.all([store.rules(), store.states(), store.history()]);
    this.#armed.clear();
    this.#history = history.map(({ id }) => id);
    const held = new Map<string, HistoryEntry>();
    for (const entry of history) {
      held.set(entry.notice.alertId, entry);
      if (entry.to !== undefined) this.#left.set(entry.notice.alertId, entry.to);
    }
    for (const rule of rules)
      this.#armed.set(rule.id, {
        ...{ rule, state: states.get(rule.id) ?? INITIAL, figure: null, evaluatedMs: null },
        lastEntry: held.get(rule.id),
      });
    return history;
  }

  /** Durable first, then known, then told. */
  async #write({ armed, ...written }: Evaluation): Promise<void> {
    const { store } = this.options;
    await store.write(written);
    for (const one of armed) this.#armed.set(one.rule.id, one);
    const { entries } = written;
    // An entry that was silenced and is now to be sent was told of when it came.
    const fresh = entries.filter(({ id }) => !this.#history.includes(id));
    this.#history.push(...fresh.map(({ id }) => id));
    this.#tell(fresh);
    this.#deliveries.add(entries);
    while (this.#history.length > MAX_HISTORY) {
      const oldest = this.#history.shift() ?? '';
      this.#deliveries.forget(oldest);
      await store.removeEntry(oldest);
    }
  }

  #tell(entries: readonly HistoryEntry[]): void {
    const { onNotice, logger } = this.options;
    for (const { notice } of entries) {
      logger.info({ alertId: notice.alertId, event: notice.event, message: notice.message }, 'alert');
      onNotice(notice);
    }
  }

  /** Keeps a rule and its state, and what its change has ended, in one write. */
  async #save(armed: Armed, madeSecret: string | null, entries: readonly HistoryEntry[]): Promise<SavedAlert> {
    const { rule, state } = armed;
    const wrong = wrongSettings(rule);
    if (wrong.length > 0) throw new WrongAlertError(wrong);
    await this.#write({ rules: [rule], armed: [armed], states: [{ id: rule.id, state }], entries });
    return { alert: this.#shown(armed), webhookSecret: madeSecret };
  }

  #shown(armed: Armed): Alert {
    return shownAlert(armed, this.options.clock());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(async () => {
      // Once it was stopped, what the store has is the next writer's, who tells of it.
      if (this.#isUnsure && !this.#isStopped) await this.#ask();
      return work();
    });
    this.#turn = run.catch((error: unknown) => {
      if (error instanceof LogUnavailableError) this.#isUnsure = true;
    });
    return run;
  }

  async #sure(): Promise<void> {
    if (this.#isUnsure) await this.#inTurn(() => Promise.resolve());
  }

  /** Takes what the store has, and tells of what was kept though its write failed. */
  async #ask(): Promise<void> {
    await this.options.store.settle();
    const known = new Set(this.#history);
    const history = await this.#load();
    this.#isUnsure = false;
    this.#tell(history.filter(({ id }) => !known.has(id)));
    this.#deliveries.add(history);
  }
}
