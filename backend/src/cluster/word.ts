import { Type, type Static, type TArray, type TNumber, type TObject, type TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { AlertNotice, Nullable, PeriodName, PredicateState } from '../contract/index.js';

/** As in the contract, with times whose format only the API checks. */
const Recorded = Type.Object({ period: PeriodName, timestamp: Type.String() });
const Notice = Type.Object({ ...AlertNotice.properties, at: Type.String() });

/** The last of what happened, and how much since the writer began. */
const told = <T extends TSchema>(thing: T): TObject<{ count: TNumber; last: TArray<T> }> =>
  Type.Object({ count: Type.Number(), last: Type.Array(thing) });

/**
 * What the writer tells the other processes of itself, in its lease: what only it can know, and small. It is renewed with
 * the lease, so it is some seconds old; at once when there are news for viewers.
 */
export const WriterWord = Type.Object({
  /** Names the time that this process has been the writer. */
  reign: Type.String(),
  /** Where the log ends. What a process of an older version does not tell is optional, as its word is heard all the same. */
  head: Type.Optional(Type.Number()),
  /** When a chain node last delivered anything, in ms. */
  lastDeliveryAtMs: Nullable(Type.Number()),
  /** Height of the newest block that the node tells of. */
  nodeTip: Nullable(Type.Number()),
  predicates: Type.Array(PredicateState),
  /** Up to where snapshots are right. */
  snapshotsSeq: Type.Number(),
  snapshots: told(Recorded),
  alerts: told(Notice),
  /** What was last held against the threshold of each alert, some 100 bytes each: as `Seen` of `alerts/evaluation.ts`. */
  seen: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        watched: Type.String(),
        figure: Nullable(Type.Number()),
        atMs: Type.Number(),
      }),
    ),
  ),
  /** Alerts that fire. */
  firing: Type.Optional(Type.Number()),
  /** How often a board was changed, or a link to one revoked, since the writer began. */
  boards: Type.Number(),
  /** How often the writer's process has set something aside, or dropped it. */
  quarantine: Type.Number(),
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
