import { Aggregator } from '../../src/analyzers/aggregator.js';
import { copiesOf } from '../../src/analyzers/columns/dump.js';
import { derive } from '../../src/batch/derive.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import { LogUnavailableError, type EventLog } from '../../src/log/log.js';
import { foldLog } from '../properties/service.js';
import { diskFull, IntakeHarness } from '../support/intakeHarness.js';
import { payload, type DeliveryDescription } from '../support/payloads.js';
import type { Scenario, Step, Told } from './scenario.js';

/**
 * Plays a scenario through the real parts, on a store of its own: from payloads over intake and the log to the folds. If
 * asked to, with a mishap at one of its steps, after which the node delivers again what was not answered.
 */
export type Mishap = 'killed before the answer' | 'refused by the store' | 'refused by the store, then killed';

export interface Played {
  /** What was answered, step by step; with a mishap, what was answered last. */
  readonly receipts: readonly DeliveryReceipt[];
  /** Hashes of the blocks that count by the log alone. */
  readonly counts: readonly string[];
  /** Hashes of the blocks that a service started from the log lists as unproven. */
  readonly unproven: readonly string[];
  /** Hash of the highest block that counts, as that service tells. */
  readonly tip: string | undefined;
  /** Folded from the log at once. */
  readonly folded: Aggregator;
  /** Folded with a stop after each commit, at which all that is derived was written and read again. */
  readonly foldedInPieces: Aggregator;
}

/** A scenario is played many times: writing 500 blocks as a node does takes longer than taking them in. */
const bodies = new WeakMap<DeliveryDescription, unknown>();

function bodyOf(delivery: DeliveryDescription): unknown {
  const body = bodies.get(delivery) ?? payload('raw', delivery);
  bodies.set(delivery, body);
  return body;
}

export async function play({ steps }: Scenario, mishap?: { readonly step: number; readonly what: Mishap }) {
  const service = await IntakeHarness.open();
  try {
    const receipts = new Map<number, DeliveryReceipt>();
    const take = async (from: number, to: number): Promise<void> => {
      for (const [index, step] of steps.entries()) {
        if (index < from || index > to) continue;
        if ('rescanFrom' in step) service.intake.beginRescan(step.rescanFrom);
        else receipts.set(index, await service.intake.deliver(bodyOf(step.delivery)));
      }
    };
    if (mishap === undefined) await take(0, steps.length);
    else {
      await take(0, mishap.step - 1);
      await happen(mishap.what, service, steps[mishap.step]);
      await take(resumption(steps, mishap), steps.length);
    }
    return await standing(service, [...receipts.values()]);
  } finally {
    await service.close();
  }
}

async function happen(what: Mishap, service: IntakeHarness, step: Step | undefined): Promise<void> {
  if (step === undefined || 'rescanFrom' in step) throw new RangeError('no delivery there');
  if (what === 'killed before the answer') await service.intake.deliver(bodyOf(step.delivery));
  else await refuse(service, step);
  if (what !== 'refused by the store') await service.restart();
}

/** A delivery that brings nothing new is not written, and so not refused. */
async function refuse(service: IntakeHarness, { delivery }: Told): Promise<void> {
  service.log.steps.push(diskFull);
  await service.intake.deliver(bodyOf(delivery)).catch((error: unknown) => {
    if (!(error instanceof LogUnavailableError)) throw error;
  });
  service.log.steps.length = 0;
}

/** The step that was not answered comes again. A service that starts anew asks for a rescan anew. */
function resumption(steps: readonly Step[], { step, what }: { step: number; what: Mishap }): number {
  const rescan = steps.slice(0, step).findLastIndex((before) => 'rescanFrom' in before);
  return what === 'refused by the store' || rescan < 0 ? step : rescan;
}

async function standing(service: IntakeHarness, receipts: readonly DeliveryReceipt[]): Promise<Played> {
  // Throws if a fact stands in the log twice.
  await service.countedBadges();
  if ((await service.quarantined()).length > 0) throw new Error('something was set aside');
  await service.restart();
  const { aggregator, canonical } = await foldLog(service.log);
  return {
    receipts,
    counts: canonical.sort(),
    unproven: service.intake
      .status()
      .unproven.map(({ hash }) => hash)
      .sort(),
    tip: service.intake.status().tip?.hash,
    folded: aggregator,
    foldedInPieces: await foldInPieces(service.log),
  };
}

async function foldInPieces(log: EventLog): Promise<Aggregator> {
  let aggregator = new Aggregator();
  let blocks = new BlockIndex();
  for await (const commit of log.read(0)) {
    aggregator.apply((await derive(commit, blocks, log)).changes);
    aggregator = Aggregator.load(copiesOf(aggregator.dump()));
    blocks = BlockIndex.load(blocks.dump());
  }
  return aggregator;
}
