import type { DayRange } from './calendar.js';

/**
 * When the figures of each day changed last, by a version that goes up with every change: an answer that looks at some
 * days is what it was as long as their version is. One entry for each day on which anything happened.
 */
export interface Scope {
  /** Days that the answer looks at. */
  readonly range: DayRange;
  /** Whether it tells what there is at the end of days, and so looks at all days before as well. */
  readonly standing: boolean;
  /** Whether it shows what is joined when read: names, categories and levels of templates, communities of badges. */
  readonly joined: boolean;
}

export class Touched {
  readonly #happened = new Map<number, number>();
  /** Days whose badges are held, or hold, something else. */
  readonly #held = new Map<number, number>();
  #joined = 0;

  /** Something that happened on the day came, went or is another. */
  happened(day: number, version: number): void {
    this.#happened.set(day, version);
  }

  held(day: number, version: number): void {
    this.#held.set(day, version);
  }

  joined(version: number): void {
    this.#joined = version;
  }

  /** The version of the last change that an answer of this scope may show. */
  version({ range, standing, joined }: Scope): number {
    const from = standing ? Number.NEGATIVE_INFINITY : range.from;
    let version = joined ? this.#joined : 0;
    for (const days of standing ? [this.#happened, this.#held] : [this.#happened])
      for (const [day, at] of days) if (at > version && day >= from && day <= range.to) version = at;
    return version;
  }
}
