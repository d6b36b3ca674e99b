import { runCampaign } from '../../backend/test/badInput/campaign.js';
import type { Memory } from '../../backend/test/support/memory.js';
import type { Mode } from './mode.js';

/**
 * Growth of the resident memory over all mutations, in MB, that is no leak. Pages of the log that are mapped are left out:
 * there are as many as the log has grown by, and the kernel takes them back when it needs them.
 */
const MAX_GROWTH = 50;
/**
 * Until every pool has met the largest that it meets: the store keeps the pages of its largest transaction, the allocators
 * the most that each thread held at once.
 */
const WARM_UP = 20_000;

/** Delivers distorted payloads to the built service, and then holds its log and its metrics against what it answered. */
export const mutations: Mode = {
  of: 'distorted payloads that are delivered to the built service (some 150 a second)',
  async run(count, seed) {
    const resident = ({ own, files, log }: Memory): number => own + files - log;
    const told = (memory: Memory): string =>
      `${resident(memory)} MB, of which ${memory.own} MB of its own (${memory.script} MB of JavaScript); ${memory.log} MB of mapped log besides`;
    const report = await runCampaign({
      count,
      seed,
      warmUp: WARM_UP,
      onProgress: (done, memory) => process.stdout.write(`${done} mutations: ${told(memory)}\n`),
    });
    const { statuses, kinds, receipt, faults, before, after } = report;
    const answers = Object.entries(statuses).map(([status, times]) => `${times} × ${status}`);
    const sorted = Object.entries(kinds).sort(([, one], [, other]) => other - one);
    process.stdout.write(`wrong: ${sorted.map(([kind, times]) => `${times} × ${kind}`).join(', ')}\n`);
    process.stdout.write(`answers: ${answers.join(', ')}\nreceipts: ${JSON.stringify(receipt)}\n`);
    process.stdout.write(`memory before: ${told(before)}; after: ${told(after)}\n`);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    return faults.length === 0 && resident(after) - resident(before) <= MAX_GROWTH;
  },
};
