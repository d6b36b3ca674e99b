import { Type, type Static } from '@sinclair/typebox';
import { Count, Nullable, Timestamp } from './primitives.js';

/** The answer to a delivery. */
export const DeliveryReceipt = Type.Object({
  accepted: Type.Integer({ minimum: 0, description: 'Facts new' }),
  duplicates: Type.Integer({ minimum: 0, description: 'Facts known' }),
  ignored: Type.Integer({ minimum: 0, description: 'Prints not ours or of failed transactions' }),
  quarantined: Type.Integer({ minimum: 0, description: 'Events or payloads set aside' }),
  applied: Type.Integer({ minimum: 0, description: 'Blocks that became canonical' }),
  rolledBack: Type.Integer({ minimum: 0, description: 'Blocks that ceased to be canonical' }),
});
export type DeliveryReceipt = Static<typeof DeliveryReceipt>;

export const BlockReference = Type.Object({ height: Type.Integer(), hash: Type.String() });
export type BlockReference = Static<typeof BlockReference>;

/** Of lists of blocks: the first ones. */
export const MAX_LISTED_BLOCKS = 1_000;

/** What a reorganisation took back and brought. */
export const MovedBlocks = Type.Object({
  rolledBack: Type.Array(BlockReference, {
    maxItems: MAX_LISTED_BLOCKS,
    description: 'Highest first; the first 1,000, `counts` tells of all',
  }),
  applied: Type.Array(BlockReference, {
    maxItems: MAX_LISTED_BLOCKS,
    description: 'Lowest first; the first 1,000, `counts` tells of all',
  }),
  counts: Type.Object({ rolledBack: Count, applied: Count }, { description: 'All blocks that went and came' }),
});
export type MovedBlocks = Static<typeof MovedBlocks>;

export const UnprovenBlock = Type.Object({
  height: Type.Integer(),
  hash: Type.String(),
  at: Timestamp,
  reason: Type.String(),
});

export const PredicateState = Type.Object({
  name: Type.String(),
  uuid: Type.String(),
  status: Type.String(),
  lastBlock: Nullable(Type.Integer()),
});
export type PredicateState = Static<typeof PredicateState>;

export const ChainStatus = Type.Object({
  tip: Nullable(Type.Object({ height: Type.Integer(), hash: Type.String(), at: Timestamp })),
  lastDeliveryAt: Nullable(Timestamp),
  lagMs: Nullable(Type.Integer({ description: 'Time since the block time of the tip' })),
  stalled: Type.Boolean({
    description:
      'Nothing was delivered for `CHAINHOOK_STALL_MS` while the node has a higher block. ' +
      'Contracts that nobody uses look the same: only blocks with events of theirs are delivered',
  }),
  reorgs: Type.Object({
    count: Count,
    deepest: Count,
    last: Nullable(
      Type.Object({
        at: Type.String({ format: 'date-time', description: 'Block time of the highest block that came' }),
        ...MovedBlocks.properties,
      }),
    ),
  }),
  unproven: Type.Array(UnprovenBlock, {
    maxItems: MAX_LISTED_BLOCKS,
    description:
      'Blocks that count, but that nothing proves, highest first; the first 1,000, `unprovenCount` tells of all',
  }),
  unprovenCount: Count,
  predicates: Type.Array(PredicateState),
});
export type ChainStatus = Static<typeof ChainStatus>;

export const QuarantineItem = Type.Object({
  id: Type.String(),
  at: Timestamp,
  source: Type.String({ description: 'Where it came from: `chainhook-v1`, `chainhook-v2`, `chainhook`' }),
  reason: Type.String({ description: 'Why it was not understood, for a person' }),
  field: Type.Optional(Type.String({ description: 'Path of the field that was wrong' })),
  input: Type.Unknown({ description: 'What was delivered, whole: posting it again is the replay' }),
});
export type QuarantineItem = Static<typeof QuarantineItem>;
export const QuarantinePage = Type.Object({ items: Type.Array(QuarantineItem), next: Nullable(Type.String()) });
export type QuarantinePage = Static<typeof QuarantinePage>;
