import type { DeliveryReceipt } from '../../src/contract/index.js';
import { MEASURED, memoryAtRest, type Memory } from '../support/memory.js';
import { TestService } from '../support/service.js';
import { attack, type Outcome } from './attack.js';
import { originals } from './originals.js';
import { judge } from './verdict.js';

/**
 * A service of its own under attack. Its memory is compared from the moment when its caches, its pools and the read
 * model have seen a part of everything: before that, it grows by being used at all.
 */
export interface Report {
  /** Answers by status, the warm-up included, as in all that follows. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Payloads by what was wrong with them. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly receipt: DeliveryReceipt;
  /** What should not be; empty if everything held. */
  readonly faults: readonly string[];
  readonly before: Memory;
  readonly after: Memory;
}

/** After so many it is told how far it is. */
const SLICE = 5_000;

export interface Campaign {
  readonly count: number;
  readonly seed: number;
  /** Mutations before the memory is measured for the first time. */
  readonly warmUp: number;
  /** Growth of its own memory, in MB: once it is less in the end, it is watched no longer. */
  readonly mayGrowMb?: number;
  readonly onProgress?: (done: number, memory: Memory) => void;
}

export async function runCampaign({
  count,
  seed,
  warmUp,
  mayGrowMb = -Infinity,
  onProgress,
}: Campaign): Promise<Report> {
  const service = await TestService.start({ env: { LOG_LEVEL: 'error', ...MEASURED } });
  try {
    const payloads = await originals();
    const outcomes = [await attack(service, payloads, { count: warmUp, seed, from: 0 })];
    const before = await memoryAtRest(service);
    for (let done = 0; done < count; done += SLICE) {
      const slice = { count: Math.min(SLICE, count - done), seed: seed + outcomes.length, from: warmUp + done };
      outcomes.push(await attack(service, payloads, slice));
      onProgress?.(done + slice.count, await memoryAtRest(service));
    }
    const after = await memoryAtRest(service, before.own + mayGrowMb);
    return { ...together(outcomes), faults: await judge(service, outcomes), before, after };
  } finally {
    await service.stop();
  }
}

function together(outcomes: readonly Outcome[]): Pick<Report, 'statuses' | 'kinds' | 'receipt'> {
  const sum = <K extends string | number>(all: readonly Readonly<Record<K, number>>[]): Record<K, number> => {
    const sums = {} as Record<K, number>;
    for (const one of all) for (const key of Object.keys(one) as K[]) sums[key] = (sums[key] ?? 0) + one[key];
    return sums;
  };
  const receipts = outcomes.map(({ receipt }) => receipt);
  return {
    statuses: sum(outcomes.map(({ statuses }) => statuses)),
    kinds: sum(outcomes.map(({ kinds }) => kinds)),
    receipt: sum<keyof DeliveryReceipt>(receipts),
  };
}
