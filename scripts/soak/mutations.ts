import { runCampaign } from '../../backend/test/badInput/campaign.js';
import type { Memory } from '../../backend/test/support/memory.js';
import type { Mode } from './mode.js';

/** Growth of the service's own memory over all mutations, in MB, that is no leak. */
const MAX_GROWTH = 50;
const WARM_UP = 2_000;

/** Delivers distorted payloads to the built service, and then holds its log and its metrics against what it answered. */
export const mutations: Mode = {
  of: 'distorted payloads that are delivered to the built service (some 150 a second)',
  async run(count, seed) {
    const told = ({ own, files }: Memory): string => `${own} MB of its own, ${files} MB of mapped files`;
    const report = await runCampaign({
      count,
      seed,
      warmUp: WARM_UP,
      onProgress: (done, memory) => process.stdout.write(`${done} mutations: ${told(memory)}\n`),
    });
    const { statuses, receipt, faults, before, after } = report;
    const answers = Object.entries(statuses).map(([status, times]) => `${times} × ${status}`);
    process.stdout.write(`answers: ${answers.join(', ')}\nreceipts: ${JSON.stringify(receipt)}\n`);
    process.stdout.write(`memory before: ${told(before)}; after: ${told(after)}\n`);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    return faults.length === 0 && after.own - before.own <= MAX_GROWTH;
  },
};
