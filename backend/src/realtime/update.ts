import type { FoldedBatch } from '../batch/processor.js';
import type { ActivityItem, BatchUpdate } from '../contract/index.js';
import type { Change } from '../events/fact.js';

/** From a folded batch to the message that viewers get. Without its activity it stays under 4 kB whatever the batch. */
const MAX_ACTIVITY = 20;

/** Joins names to a fact for display. */
export type Describe = (change: Change) => ActivityItem;

export function batchUpdate(
  batch: FoldedBatch,
  now: number,
  figures: Pick<BatchUpdate, 'metrics' | 'headline'>,
  describe: Describe,
): BatchUpdate {
  const types: Record<string, number> = {};
  for (const { fact } of batch.changes) types[fact.type] = (types[fact.type] ?? 0) + 1;
  return {
    seq: batch.seq,
    at: new Date(now).toISOString(),
    batch: { size: batch.changes.length, reason: batch.reason, durationMs: batch.durationMs, types },
    changed: [...batch.changed],
    ...figures,
    // Newest first. The last changes are the newest: the log keeps the order of the blocks.
    activity: batch.changes.slice(-MAX_ACTIVITY).reverse().map(describe),
  };
}
