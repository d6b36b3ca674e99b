import type { Alert, AlertChanges, AlertHistory, NewAlert, SavedAlert, WebhookTest } from '../contract/index.js';
import type { Change } from '../events/fact.js';
import type { Alerts } from './alerts.js';
import type { Seen } from './evaluation.js';
import type { HistoryQuery } from './store.js';
import type { StoredAlerts } from './stored.js';

/**
 * The alerts of a process that may begin to write and cease to. In each reign they are read anew from the store, when they
 * are first needed and what was before has ended; nothing is held against them, stored or sent in between. While another
 * process writes they are shown as they are stored: it is not asked.
 */
export interface WriterAlertsOptions {
  /** Reads them from the store, to be held against the metrics. */
  readonly make: () => Promise<Alerts>;
  readonly stored: Pick<StoredAlerts, 'list' | 'get' | 'history'>;
  /** Whether this process is the one that writes. */
  readonly writes: () => boolean;
}

export class AlertsOfTheWriter {
  /** Those of this reign; undefined until they are needed. */
  #reading: Promise<Alerts> | undefined;
  /** As last read. */
  #last: Alerts;
  /** Counts beginnings and ends: what was begun before the last of them goes no further. */
  #reign = 0;
  /** Beginnings and ends, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  static async open(options: WriterAlertsOptions): Promise<AlertsOfTheWriter> {
    return new AlertsOfTheWriter(options, await options.make());
  }

  private constructor(
    private readonly options: WriterAlertsOptions,
    alerts: Alerts,
  ) {
    this.#last = alerts;
  }

  get figures(): Alerts['figures'] {
    return this.#last.figures;
  }

  get seen(): Seen[] {
    return this.#last.seen;
  }

  /** To be called when the process begins to write: another may have changed them. */
  reign(): void {
    this.#reign += 1;
    this.#reading = undefined;
  }

  /** Holds them against the metrics; to be called once the folds hold the whole log. @throws when they cannot be read */
  begin(): Promise<void> {
    const reign = this.#reign;
    return this.#inTurn(async () => {
      if (reign !== this.#reign) return;
      const alerts = await this.#read();
      if (reign === this.#reign) await alerts.start();
    });
  }

  /** Resolves when nothing more of them is stored or sent. */
  end(): Promise<void> {
    this.#reign += 1;
    return this.#inTurn(() => this.#last.stop());
  }

  folded(changes: readonly Change[]): Promise<void> {
    return this.#last.folded(changes);
  }

  async list(): Promise<Alert[]> {
    return (await this.#shown()).list();
  }

  async get(id: string): Promise<Alert | undefined> {
    return (await this.#shown()).get(id);
  }

  history(query: HistoryQuery): Promise<AlertHistory> {
    return this.options.stored.history(query);
  }

  async create(given: NewAlert): Promise<SavedAlert> {
    return (await this.#current()).create(given);
  }

  async change(id: string, changes: AlertChanges): Promise<SavedAlert | undefined> {
    return (await this.#current()).change(id, changes);
  }

  async remove(id: string): Promise<boolean> {
    return (await this.#current()).remove(id);
  }

  async test(id: string): Promise<WebhookTest | undefined> {
    return (await this.#current()).test(id);
  }

  async #shown(): Promise<Pick<StoredAlerts, 'list' | 'get'>> {
    return this.options.writes() ? this.#current() : this.options.stored;
  }

  /** In turn, so that those of the reign before are read no more once they are given up, and none is read twice. */
  async #current(): Promise<Alerts> {
    for (;;) {
      const reign = this.#reign;
      const alerts = await (this.#reading ?? this.#inTurn(() => this.#read()));
      if (reign === this.#reign) return alerts;
    }
  }

  #read(): Promise<Alerts> {
    if (this.#reading !== undefined) return this.#reading;
    const reading = this.options.make().then((alerts) => (this.#last = alerts));
    this.#reading = reading;
    // Tried again when they are next needed.
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(work);
    this.#turn = run.catch(() => undefined);
    return run;
  }
}
