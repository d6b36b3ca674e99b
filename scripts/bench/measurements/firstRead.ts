import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import type { Histories } from '../histories.js';
import { delivery, Load } from '../load.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';
import { payloadText } from '../workload/chain.js';

const SMALL = 10_000;
const PRINTS_PER_BATCH = 50;

export const firstRead: Measurement = {
  name: 'first-read',
  what: 'the first aggregated read after a batch, beside the same at 10,000 events',
  async run({ quick, histories }) {
    const sizes = quick ? [QUICK_EVENTS] : [1_000_000, 10_000_000];
    const reads = quick ? 40 : 200;
    const small = await medianAt(histories, SMALL, reads);
    const rows: Row[] = [];
    for (const size of sizes)
      rows.push({
        id: `first-read.${size}`,
        what: `first read after a batch, ${size.toLocaleString('en')} events, p50`,
        value: await medianAt(histories, size, reads),
        unit: 'ms',
        beside: { what: `at ${SMALL.toLocaleString('en')}`, value: small },
        aim: { atMost: 1.2 },
        ...(quick && { size: { measured: size, aimed: 1_000_000 } }),
      });
    return rows;
  },
};

/**
 * Of as many after as many: a service that has answered others before must have no advantage over one that has not. Those
 * come after a print each, so that a small history stays small.
 */
async function medianAt(histories: Histories, size: number, reads: number): Promise<number> {
  const { probed, chain } = await histories.service(size);
  const node = new Load(probed.service.url, TOKENS.chainhook, 1);
  const viewer = new Load(probed.service.url, TOKENS.viewer, 1);
  try {
    const eachMs: number[] = [];
    for (let i = -reads; i < reads; i += 1) {
      await node.ask(delivery(payloadText(chain.next(i < 0 ? 1 : PRINTS_PER_BATCH))));
      await probed.folded();
      const askedAt = performance.now();
      await viewer.ask({ method: 'GET', path: '/api/analytics/aggregated' });
      if (i >= 0) eachMs.push(performance.now() - askedAt);
    }
    return percentile(eachMs, 0.5);
  } finally {
    node.close();
    viewer.close();
  }
}
