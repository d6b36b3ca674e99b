import { hexToCV } from '@stacks/transactions';
import type { Row } from '../arithmetic.js';
import { SEED } from '../histories.js';
import { delivery, Load, oneAfterTheOther } from '../load.js';
import type { Measurement } from '../measurement.js';
import { Probed } from '../probed.js';
import { TOKENS } from '../../../backend/test/support/service.js';
import { BenchChain, payloadText, PRINTS_PER_BLOCK } from '../workload/chain.js';

/** Deliveries under way: enough that one is decoded while others are flushed. */
const UNDER_WAY = 16;
/** Before anything is timed: until V8 has compiled what runs often. */
const WARM_UP_SHARE = 0.2;

/** Prints, as that is what is decoded on both sides; the service also decides, appends, flushes and answers. */
export const intake: Measurement = {
  name: 'intake',
  what: 'durable chain intake over HTTP, beside JSON.parse and hexToCV alone on one thread',
  async run({ quick }) {
    const payloads = quick ? 600 : 4_000;
    const chain = new BenchChain(SEED, payloads * PRINTS_PER_BLOCK, Date.now());
    const bodies = Array.from({ length: payloads }, () => payloadText(chain.next()));
    const warmUp = bodies.slice(0, payloads * WARM_UP_SHARE);
    const timed = bodies.slice(warmUp.length);
    const prints = timed.length * PRINTS_PER_BLOCK;

    for (const body of warmUp) decodeElsewhere(body);
    const startedAt = performance.now();
    for (const body of timed) decodeElsewhere(body);
    const rival = (1_000 * prints) / (performance.now() - startedAt);

    const { service } = await Probed.start();
    const load = new Load(service.url, TOKENS.chainhook, UNDER_WAY);
    try {
      await load.run(oneAfterTheOther(warmUp.map(delivery)));
      const { seconds } = await load.run(oneAfterTheOther(timed.map(delivery)));
      const common = { value: prints / seconds, unit: 'prints/s', aim: { atLeast: 1 } };
      return [
        {
          ...common,
          id: 'intake',
          what: 'chain intake, durable, over HTTP',
          beside: { what: 'JSON.parse + hexToCV', value: rival },
        },
        {
          ...common,
          id: 'intake.limit',
          what: 'chain intake, durable, over HTTP',
          beside: { what: 'limit, 2 quiet cores', value: 40_000 },
        },
      ] satisfies Row[];
    } finally {
      load.close();
      await service.stop();
    }
  },
};

interface Payload {
  readonly apply: readonly {
    readonly transactions: readonly {
      readonly metadata: {
        readonly receipt: { readonly events: readonly { readonly data: { readonly raw_value: string } }[] };
      };
    }[];
  }[];
}

/** What a service cannot do without that decodes with the usual library. */
function decodeElsewhere(body: string): void {
  for (const block of (JSON.parse(body) as Payload).apply)
    for (const { metadata } of block.transactions)
      for (const { data } of metadata.receipt.events) hexToCV(data.raw_value);
}
