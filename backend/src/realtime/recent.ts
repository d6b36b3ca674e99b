import type { SnapshotRecorded } from '../contract/index.js';

/**
 * The snapshots that were recorded last, for processes that hear of them from another one now and then: each is told once
 * to whoever asks often enough, and never an old one as new.
 */
export interface Recorded {
  /** How many were recorded in all. */
  readonly count: number;
  /** The last of them, oldest first. */
  readonly last: readonly SnapshotRecorded[];
}

/** More come together only in a first scan, of which viewers are told ten a second at most. */
const REMEMBERED = 10;

export class RecentSnapshots {
  #recorded: Recorded = { count: 0, last: [] };
  #heard: number | undefined;

  get recorded(): Recorded {
    return this.#recorded;
  }

  note(recorded: SnapshotRecorded): void {
    const { count, last } = this.#recorded;
    this.#recorded = { count: count + 1, last: [...last, recorded].slice(-REMEMBERED) };
  }

  /** @returns those of another process that were not heard of before; at first none. */
  newIn({ count, last }: Recorded): readonly SnapshotRecorded[] {
    const before = this.#heard ?? count;
    this.#heard = count;
    // A writer that begins counts from none.
    const fresh = count < before ? count : count - before;
    return fresh === 0 ? [] : last.slice(-fresh);
  }
}
