import type { DeliveryReceipt } from '../../src/contract/index.js';
import { NOTHING } from '../support/intakeHarness.js';
import {
  badgeMinted,
  block,
  principal,
  tx,
  type BlockDescription,
  type DeliveryDescription,
} from '../support/payloads.js';
import type { PrintFields, TransactionDescription } from '../support/payloads.js';

/** A reorg as a node tells it, what each delivery is answered, and what stands in the end. The words to write one with. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  /** The blocks that count in the end, each with everything in it that counts. */
  readonly counts: readonly BlockDescription[];
  /** Those of them of which the rules cannot know whether they are on the winning fork. */
  readonly unproven?: readonly BlockDescription[];
}

export type Step = Told | { readonly rescanFrom: number };

export interface Told {
  readonly delivery: DeliveryDescription;
  readonly receipt: DeliveryReceipt;
}

/** A delivery, and of its answer what is not 0. */
export const tell = (delivery: DeliveryDescription, receipt: Partial<DeliveryReceipt>): Told => ({
  delivery,
  receipt: { ...NOTHING, ...receipt },
});

/** Blocks are written `101B`: height and fork. The parent is the one below on the same fork, unless it says `101B<A`. */
export function at(name: string, transactions: readonly TransactionDescription[] = []): BlockDescription {
  const { height, fork, parentFork } = /^(?<height>\d+)(?<fork>\w)(?:<(?<parentFork>\w))?$/.exec(name)?.groups ?? {};
  if (height === undefined || fork === undefined) throw new RangeError(`not a block: ${name}`);
  return block(Number(height), transactions, { fork, parentFork: parentFork ?? fork });
}

/** As a node tells of a block that it takes back, when it leaves out what was in it. */
export const bare = (described: BlockDescription): BlockDescription => ({ ...described, transactions: [] });

/** The transaction that mints this badge: the same one in whatever block it stands. */
export const mint = (badge: number, fields: PrintFields = {}): TransactionDescription =>
  tx(`mint ${badge}`, [badgeMinted(badge, { recipient: principal(`owner of ${badge % 7}`), ...fields })]);
