import type { Alert, AlertChanges, AlertHistory, NewAlert, SavedAlert, WebhookTest } from '../contract/index.js';
import type { Change } from '../events/fact.js';
import type { Alerts } from './alerts.js';
import type { HistoryQuery } from './store.js';

/**
 * The alerts of a process that may begin to write and cease to: they are read anew from the store each time that it
 * begins, and nothing is held against them, stored or sent in between.
 */
export class AlertsOfTheWriter {
  #alerts: Alerts;
  #isReigning = false;

  static async open(make: () => Promise<Alerts>): Promise<AlertsOfTheWriter> {
    return new AlertsOfTheWriter(make, await make());
  }

  private constructor(
    private readonly make: () => Promise<Alerts>,
    alerts: Alerts,
  ) {
    this.#alerts = alerts;
  }

  get figures(): Alerts['figures'] {
    return this.#alerts.figures;
  }

  /** To be called once the folds hold the whole log. */
  async begin(): Promise<void> {
    this.#isReigning = true;
    const alerts = await this.make();
    this.#alerts = alerts;
    if (this.#isReigning) await alerts.start();
  }

  async end(): Promise<void> {
    this.#isReigning = false;
    await this.#alerts.stop();
  }

  folded(changes: readonly Change[]): Promise<void> {
    return this.#alerts.folded(changes);
  }

  list(): Alert[] {
    return this.#alerts.list();
  }

  get(id: string): Alert | undefined {
    return this.#alerts.get(id);
  }

  history(query: HistoryQuery): Promise<AlertHistory> {
    return this.#alerts.history(query);
  }

  create(given: NewAlert): Promise<SavedAlert> {
    return this.#alerts.create(given);
  }

  change(id: string, changes: AlertChanges): Promise<SavedAlert | undefined> {
    return this.#alerts.change(id, changes);
  }

  remove(id: string): Promise<boolean> {
    return this.#alerts.remove(id);
  }

  test(id: string): Promise<WebhookTest | undefined> {
    return this.#alerts.test(id);
  }
}
