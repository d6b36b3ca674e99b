import { setTimeout as sleep } from 'node:timers/promises';
import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import { delivery, forSeconds, Load, type Call, type LoadTimes } from '../load.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';
import { withRival } from '../rivals/rival.js';
import { payloadText } from '../workload/chain.js';

const CONNECTIONS = 64;
const READ: Call = { method: 'GET', path: '/api/analytics/aggregated' };
/** A batch each, so that every second five answers are computed anew. */
const DELIVERY_EVERY_MS = 200;
const PRINTS_PER_DELIVERY = 50;
const WARM_UP_SECONDS = 1;

/** Only the service has batches to fold meanwhile. */
export const reads: Measurement = {
  name: 'reads',
  what: 'aggregated reads over 64 connections while batches arrive, beside send(buffer) behind the same middleware',
  async run({ quick, histories }) {
    const seconds = quick ? 4 : 20;
    const { probed, chain } = await histories.start(quick ? QUICK_EVENTS : 1_000_000);
    const { service } = probed;
    try {
      await probed.idle();
      const viewer = new Load(service.url, TOKENS.viewer, CONNECTIONS);
      const bytes = Buffer.byteLength(await viewer.ask(READ));
      let done = false;
      const batches = (async () => {
        const node = new Load(service.url, TOKENS.chainhook, 1);
        while (!done) {
          await node.ask(delivery(payloadText(chain.next(PRINTS_PER_DELIVERY))));
          await sleep(DELIVERY_EVERY_MS);
        }
        node.close();
      })();
      const own = await readFor(viewer, seconds);
      done = true;
      await batches;

      const rival = await withRival('buffer.mjs', { RIVAL_BYTES: String(bytes), RIVAL_TOKEN: TOKENS.viewer }, (url) =>
        readFor(new Load(url, TOKENS.viewer, CONNECTIONS), seconds),
      );
      const what = `aggregated under ${CONNECTIONS} connections, ${Math.round(bytes / 1_000)} kB`;
      const beside = 'send(buffer), same middleware';
      const times = (
        [
          ['p50', 0.5],
          ['p99', 0.99],
        ] as const
      ).map(([name, share]): Row => ({
        id: `reads.${name}`,
        what: `${what}, ${name}`,
        value: percentile(own.eachMs, share),
        unit: 'ms',
        beside: { what: beside, value: percentile(rival.eachMs, share) },
        // The same aim as that of requests/s, turned round.
        aim: { atMost: 1.25 },
      }));
      const rate = ({ eachMs, seconds: took }: LoadTimes): number => eachMs.length / took;
      return [
        {
          id: 'reads',
          what,
          value: rate(own),
          unit: 'requests/s',
          beside: { what: beside, value: rate(rival) },
          aim: { atLeast: 0.8 },
        },
        ...times,
      ];
    } finally {
      await service.stop();
    }
  },
};

async function readFor(load: Load, seconds: number): Promise<LoadTimes> {
  try {
    await load.run(forSeconds(WARM_UP_SECONDS, READ));
    return await load.run(forSeconds(seconds, READ));
  } finally {
    load.close();
  }
}
