import { Counter } from './columns/counter.js';
import { DayLists } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { PairTable } from './columns/pairTable.js';

const RECENT_DAYS = 30;

/** What was issued of each template: how many, to how many, and how many in the last 7 and 30 days. */
export class TemplateCounts {
  readonly #issued = new Counter();
  readonly #recipients = new Counter();
  /** Badges by (template, recipient): whether one more is a further recipient. */
  readonly #received = new PairTable();
  readonly #days = new DayLists();
  /** The last days as seen from the day that was asked for last; kept up to date until another day is asked for. */
  #recent = new RecentDays(0);
  readonly stored = together(this.#issued, this.#recipients, this.#received, this.#days.stored);

  add(template: number, recipient: number, day: number, weight: 1 | -1): void {
    this.#issued.add(template, weight);
    const before = this.#received.add(template, recipient, weight);
    if (before === 0 || before + weight === 0) this.#recipients.add(template, weight);
    this.#days.add(template, day, weight);
    this.#recent.add(template, day, weight);
  }

  /** As `Rows.fetch`, for what `add` looks up. */
  fetch(templates: Int32Array, recipients: Int32Array, count: number): number {
    return this.#received.fetch(templates, recipients, count);
  }

  /** Every template of which badges were issued. */
  forEach(visit: (template: number, issued: number) => void): void {
    this.#issued.forEach(visit);
  }

  recipients(template: number): number {
    return this.#recipients.get(template);
  }

  /** Badges of each template of the last 7 and 30 days, today included. */
  recent(today: number): Pick<RecentDays, 'last7' | 'last30'> {
    if (this.#recent.today === today) return this.#recent;
    const recent = new RecentDays(today);
    this.#issued.forEach((template) =>
      this.#days.forEach(template, (day, count) => recent.add(template, day, count), today - RECENT_DAYS + 1),
    );
    this.#recent = recent;
    return recent;
  }
}

class RecentDays {
  readonly last7 = new Counter();
  readonly last30 = new Counter();

  constructor(readonly today: number) {}

  add(template: number, day: number, weight: number): void {
    const age = this.today - day;
    if (age < 0 || age >= RECENT_DAYS) return;
    this.last30.add(template, weight);
    if (age < 7) this.last7.add(template, weight);
  }
}
