import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Nullable, PeriodName, PredicateState } from '../contract/index.js';

/** As `SnapshotRecorded`, whose format only the API checks. */
const Recorded = Type.Object({ period: PeriodName, timestamp: Type.String() });

/**
 * What the writer tells the other processes of itself, in its lease: what only it can know, and small. It is renewed with
 * the lease, so it is some seconds old.
 */
export const WriterWord = Type.Object({
  /** When a chain node last delivered anything, in ms. */
  lastDeliveryAtMs: Nullable(Type.Number()),
  /** Height of the newest block that the node tells of. */
  nodeTip: Nullable(Type.Number()),
  predicates: Type.Array(PredicateState),
  /** Up to where they are right; those that were recorded last, and how many since the writer began. */
  snapshots: Type.Object({ seq: Type.Number(), count: Type.Number(), last: Type.Array(Recorded) }),
});
export type WriterWord = Static<typeof WriterWord>;

/** Undefined when a process of another version said something else. */
export function wordIn(json: string): WriterWord | undefined {
  try {
    const word: unknown = JSON.parse(json);
    return Value.Check(WriterWord, word) ? word : undefined;
  } catch {
    return undefined;
  }
}
