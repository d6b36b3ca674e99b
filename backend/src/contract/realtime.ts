import { Type, type Static } from '@sinclair/typebox';
import { ActivityItem, FactTypeName } from './activity.js';
import type { AlertNotice } from './alerts.js';
import { MovedBlocks } from './chain.js';
import { CoreMetrics, HeadlineItem } from './metrics.js';
import { Count, PartName, Seq, Timestamp } from './primitives.js';
import { PeriodName } from './snapshots.js';

/** What the server sends over Socket.IO, by event name. */

export const FLUSH_REASONS = ['size', 'time', 'backlog', 'start', 'shutdown'] as const;
export type FlushReason = (typeof FLUSH_REASONS)[number];

export const BatchUpdate = Type.Object({
  seq: Seq,
  at: Timestamp,
  batch: Type.Object({
    size: Count,
    reason: Type.Union(FLUSH_REASONS.map((reason) => Type.Literal(reason))),
    durationMs: Type.Number(),
    types: Type.Record(Type.String(), Count),
  }),
  changed: Type.Array(PartName),
  metrics: CoreMetrics,
  headline: Type.Array(HeadlineItem),
  activity: Type.Array(ActivityItem, { maxItems: 20 }),
});
export type BatchUpdate = Static<typeof BatchUpdate>;

export const EventProcessed = Type.Object({ type: FactTypeName, at: Timestamp, id: Type.String() });
export type EventProcessed = Static<typeof EventProcessed>;
export const SnapshotRecorded = Type.Object({ period: PeriodName, timestamp: Timestamp });
export type SnapshotRecorded = Static<typeof SnapshotRecorded>;
export const Reorg = Type.Object({
  ...MovedBlocks.properties,
  at: Type.String({ format: 'date-time', description: 'When the metrics followed' }),
  withdrawn: Type.Integer({ minimum: 0, description: 'Badges issued in the blocks that went' }),
  issuedAgain: Type.Integer({ minimum: 0, description: 'Badges issued in the blocks that came' }),
});
export type Reorg = Static<typeof Reorg>;

export interface ServerEvents {
  'analytics:batch-update': (update: BatchUpdate) => void;
  'analytics:event-processed': (event: EventProcessed) => void;
  'analytics:snapshot-recorded': (snapshot: SnapshotRecorded) => void;
  'analytics:reorg': (reorg: Reorg) => void;
  'analytics:alert': (notice: AlertNotice) => void;
  /** Alerts may stand otherwise than notices told, as when a writer died before it told: they are to be asked for. */
  'analytics:alerts-changed': () => void;
}
