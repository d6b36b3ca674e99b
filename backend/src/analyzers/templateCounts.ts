import { Counter } from './columns/counter.js';
import { DayLists } from './columns/dayLists.js';
import { together } from './columns/dump.js';
import { Pairs } from './columns/pairs.js';

/** What was issued of each template: how many, to how many, and how many in the last 7 and 30 days. */
export interface TemplateCount {
  readonly template: number;
  readonly issued: number;
  readonly recipients: number;
  readonly last7: number;
  readonly last30: number;
}

const RECENT_DAYS = 30;

export class TemplateCounts {
  readonly #issued = new Counter();
  readonly #recipients = new Counter();
  /** Badges by (template, recipient): whether one more is a further recipient. */
  readonly #received = new Pairs();
  readonly #days = new DayLists();
  /** The last days as seen from the day that was asked for last; kept up to date until another day is asked for. */
  #recent = new RecentDays(0);
  readonly stored = together(this.#issued, this.#recipients, this.#received.stored, this.#days.stored);

  add(template: number, recipient: number, day: number, weight: 1 | -1): void {
    this.#issued.add(template, weight);
    const { before, after } = this.#received.count(template, recipient, weight);
    if (before === 0 || after === 0) this.#recipients.add(template, weight);
    this.#days.add(template, day, weight);
    this.#recent.add(template, day, weight);
  }

  /** Templates of which at least one badge was issued. */
  rows(today: number): TemplateCount[] {
    const { last7, last30 } = this.#recentUpTo(today);
    const rows: TemplateCount[] = [];
    for (const [template, issued] of this.#issued.entries()) {
      const recipients = this.#recipients.get(template);
      rows.push({ template, issued, recipients, last7: last7.get(template), last30: last30.get(template) });
    }
    return rows;
  }

  #recentUpTo(today: number): RecentDays {
    if (this.#recent.today === today) return this.#recent;
    const recent = new RecentDays(today);
    for (const [template] of this.#issued.entries()) {
      this.#days.forEach(template, (day, count) => recent.add(template, day, count), today - RECENT_DAYS + 1);
    }
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
