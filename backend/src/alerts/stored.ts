import type { Alert, AlertHistory } from '../contract/index.js';
import type { Seen } from './evaluation.js';
import { INITIAL } from './machine.js';
import { watchedBy } from './rule.js';
import { inOrder, shownAlert } from './shown.js';
import type { AlertStore, HistoryQuery } from './store.js';

/**
 * The alerts as a process shows them that does not write: rules, phases and history as they are stored when it is asked,
 * and what was held against the thresholds as the writer told last. However many ask at once, the store is read once.
 */
export interface StoredAlertsOptions {
  readonly store: Pick<AlertStore, 'rules' | 'states' | 'page'>;
  /** As the writer told last. */
  readonly seen: () => readonly Seen[];
  readonly clock: () => number;
}

export class StoredAlerts {
  #reading: Promise<unknown> = Promise.resolve();
  /** Of those who came since it began. */
  #next: Promise<Alert[]> | undefined;

  constructor(private readonly options: StoredAlertsOptions) {}

  /**
   * Firing first, then by name. Who asks while they are read is given the next reading: nobody is shown what was before a
   * change that has been answered. @throws {LogUnavailableError}
   */
  list(): Promise<Alert[]> {
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      return this.#read();
    });
    this.#reading = this.#next.catch(() => undefined);
    return this.#next;
  }

  /** @throws {LogUnavailableError} */
  async get(id: string): Promise<Alert | undefined> {
    return (await this.list()).find((alert) => alert.id === id);
  }

  /** Newest first. @throws {BadCursorError} when `before` is no cursor of this call, {LogUnavailableError} */
  history(query: HistoryQuery): Promise<AlertHistory> {
    return this.options.store.page(query);
  }

  async #read(): Promise<Alert[]> {
    const { store, seen, clock } = this.options;
    const [rules, states] = await Promise.all([store.rules(), store.states()]);
    // Also by what it watches for: a figure of before it was changed says nothing of it.
    const told = new Map(seen().map((one) => [`${one.id} ${one.watched}`, one]));
    const alerts = rules.map((rule) => {
      const { figure, atMs } = told.get(`${rule.id} ${watchedBy(rule)}`) ?? { figure: null, atMs: null };
      return shownAlert({ rule, state: states.get(rule.id) ?? INITIAL, figure, evaluatedMs: atMs }, clock());
    });
    return inOrder(alerts);
  }
}
