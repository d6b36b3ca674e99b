import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import type { Running } from '../histories.js';
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
    const services = await histories.services([SMALL, ...sizes]);
    const [small = Number.NaN, ...medians] = await mediansOf(services, quick ? 40 : 200);
    return sizes.map((size, index): Row => ({
      id: `first-read.${size}`,
      what: `first read after a batch, ${size.toLocaleString('en')} events, p50`,
      value: medians[index] ?? Number.NaN,
      unit: 'ms',
      beside: { what: `at ${SMALL.toLocaleString('en')}`, value: small },
      aim: { atMost: 1.2 },
      ...(quick && { size: { measured: size, aimed: 1_000_000 } }),
    }));
  },
};

/**
 * Of all services by turns: a millisecond is as long as the machine makes it just then. Of as many reads after as many: one
 * that has answered others before must have no advantage over one that has not. Those come after a print each, so that a
 * small history stays small.
 * @returns the median of each, in ms
 */
async function mediansOf(services: readonly Running[], reads: number): Promise<number[]> {
  const timed = services.map((): number[] => []);
  const asked = services.map(({ probed, chain }, index) => ({
    chain,
    probed,
    node: new Load(probed.service.url, TOKENS.chainhook, 1),
    viewer: new Load(probed.service.url, TOKENS.viewer, 1),
    eachMs: timed[index] ?? [],
  }));
  try {
    for (let i = -reads; i < reads; i += 1) {
      // What one has left to do after its turn costs whoever comes next: that is another one every other time.
      asked.splice(1, Infinity, ...asked.slice(1).reverse());
      for (const { chain, probed, node, viewer, eachMs } of asked) {
        await node.ask(delivery(payloadText(chain.next(i < 0 ? 1 : PRINTS_PER_BATCH))));
        await probed.folded();
        const askedAt = performance.now();
        await viewer.ask({ method: 'GET', path: '/api/analytics/aggregated' });
        if (i >= 0) eachMs.push(performance.now() - askedAt);
      }
    }
    return timed.map((eachMs) => percentile(eachMs, 0.5));
  } finally {
    for (const { node, viewer } of asked) {
      node.close();
      viewer.close();
    }
  }
}
