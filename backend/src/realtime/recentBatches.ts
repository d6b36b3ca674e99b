import { PARTS, type ActivityItem, type BatchUpdate, type Part } from '../contract/index.js';

/**
 * The last batches in short, so that a client that was away for a moment can be told in one update what it missed. For a
 * longer absence everything counts as changed, and the counts cover what is remembered.
 */
export type Missed = Pick<BatchUpdate, 'batch' | 'changed' | 'activity'>;

const REMEMBERED = 1_000;

export class RecentBatches {
  #batches: { from: number; update: Omit<BatchUpdate, 'activity' | 'metrics' | 'headline'> }[] = [];
  #activity: ActivityItem[] = [];
  #seq: number;

  /** @param seq log position before the first batch. */
  constructor(seq: number) {
    this.#seq = seq;
  }

  add(update: BatchUpdate): void {
    const { seq, at, batch, changed } = update;
    this.#batches.push({ from: this.#seq, update: { seq, at, batch, changed } });
    if (this.#batches.length > REMEMBERED) this.#batches.shift();
    this.#seq = seq;
    this.#activity = [...update.activity, ...this.#activity].slice(0, 20);
  }

  /** One update's worth of what came after log position `seen`, with at most `maxActivity` items, newest first. */
  since(seen: number, maxActivity: number): Missed {
    const missed = this.#batches.filter(({ update }) => update.seq > seen);
    const first = missed[0];
    const complete = first !== undefined && first.from <= seen && seen <= this.#seq;
    const types: Record<string, number> = {};
    const changed = new Set<Part>();
    let size = 0;
    for (const { update } of missed) {
      size += update.batch.size;
      for (const part of update.changed) changed.add(part);
      for (const [type, count] of Object.entries(update.batch.types)) types[type] = (types[type] ?? 0) + count;
    }
    return {
      batch: { size, reason: 'backlog', durationMs: 0, types },
      changed: PARTS.filter((part) => !complete || changed.has(part)),
      activity: this.#activity.slice(0, Math.min(maxActivity, size)),
    };
  }
}
