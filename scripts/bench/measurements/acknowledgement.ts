import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import { SEED } from '../makeLog.js';
import { delivery, Load, oneAfterTheOther, type Call } from '../load.js';
import type { Measurement } from '../measurement.js';
import { Probed } from '../probed.js';
import { withRival } from '../rivals/rival.js';
import { BenchChain, payloadText } from '../workload/chain.js';

const UNDER_WAY = 32;
const WARM_UP_SHARE = 0.2;

export const acknowledgement: Measurement = {
  name: 'acknowledgement',
  what: 'a payload of one event to its acknowledgement, 32 in flight, beside an Express echo with the same group commit',
  async run({ quick }) {
    const payloads = quick ? 4_000 : 40_000;
    const chain = new BenchChain(SEED, payloads, Date.now()).live();
    const founding = chain.foundingBlocks().map((block) => delivery(payloadText(block)));
    const calls = Array.from({ length: payloads }, () => delivery(payloadText(chain.next(1))));

    const rival = await withRival('echo.mjs', {}, (url) => timesOf(url, founding, calls));
    const probed = await Probed.start();
    try {
      const own = await timesOf(probed.service.url, founding, calls);
      return (
        [
          ['p50', 0.5],
          ['p99', 0.99],
        ] as const
      ).map(([name, share]): Row => ({
        id: `acknowledgement.${name}`,
        what: `payload of one event to acknowledgement, ${name}`,
        value: percentile(own, share),
        unit: 'ms',
        beside: { what: 'Express echo, same group commit', value: percentile(rival, share) },
        aim: { atMost: 1.5 },
      }));
    } finally {
      await probed.stop();
    }
  },
};

async function timesOf(url: string, founding: readonly Call[], calls: readonly Call[]): Promise<readonly number[]> {
  const load = new Load(url, TOKENS.chainhook, UNDER_WAY);
  try {
    const warmUp = calls.length * WARM_UP_SHARE;
    await load.run(oneAfterTheOther([...founding, ...calls.slice(0, warmUp)]));
    return (await load.run(oneAfterTheOther(calls.slice(warmUp)))).eachMs;
  } finally {
    load.close();
  }
}
