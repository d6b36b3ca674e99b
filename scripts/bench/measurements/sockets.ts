import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, upperEnd, type Row } from '../arithmetic.js';
import { SEED } from '../makeLog.js';
import { delivery, Load, oneAfterTheOther, type Call } from '../load.js';
import type { Measurement } from '../measurement.js';
import { Probed } from '../probed.js';
import { withRival } from '../rivals/rival.js';
import { Viewers } from '../viewers.js';
import { BenchChain, payloadText } from '../workload/chain.js';

const CLIENTS = 1_000;
/** A delivery of so many is a batch of its own at once. */
const PRINTS = 50;
const WARM_UP = 10;

/** From the moment that the update names as its own; both sides are told to, and told by, the same load generator. */
export const sockets: Measurement = {
  name: 'sockets',
  what: 'a batch flush to the last of 1,000 Socket.IO clients, beside an empty broadcast to as many',
  async run({ quick }) {
    const rounds = quick ? 40 : 300;
    const rival = await withRival('broadcast.mjs', {}, (url) =>
      timesOf(url, rounds, [], () => ({ method: 'GET', path: '/' })),
    );
    const chain = new BenchChain(SEED, rounds * PRINTS, Date.now()).live();
    const founding = chain.foundingBlocks().map((block) => delivery(payloadText(block)));
    const probed = await Probed.start();
    try {
      const own = await timesOf(probed.service.url, rounds, founding, () => delivery(payloadText(chain.next(PRINTS))));
      const what = `batch flush to the last of ${CLIENTS.toLocaleString('en')} clients`;
      const upper = upperEnd(rounds);
      const row = (id: string, share: number, beside: Row['beside'], atMost: number): Row => ({
        id: `sockets.${id}`,
        what: `${what}, ${share === 0.5 ? 'p50' : upper.name}`,
        value: percentile(own, share),
        unit: 'ms',
        beside,
        aim: { atMost },
      });
      const empty = (share: number) => ({ what: 'an empty broadcast', value: percentile(rival, share) });
      return [
        row('p50', 0.5, empty(0.5), 2),
        row(upper.name, upper.share, empty(upper.share), 2),
        row('limit', upper.share, { what: 'limit', value: 100 }, 1),
      ];
    } finally {
      await probed.stop();
    }
  },
};

/** Of each round from the event's own time until the last client has it, in ms. */
async function timesOf(url: string, rounds: number, founding: readonly Call[], call: () => Call): Promise<number[]> {
  const node = new Load(url, TOKENS.chainhook, 1);
  await node.run(oneAfterTheOther(founding));
  const viewers = await Viewers.connect(url, TOKENS.viewer, CLIENTS);
  const eachMs: number[] = [];
  try {
    for (let round = -WARM_UP; round < rounds; round += 1) {
      const told = viewers.next();
      await node.ask(call());
      const { atMs, lastMs } = await told;
      if (round >= 0) eachMs.push(lastMs - atMs);
    }
    return eachMs;
  } finally {
    viewers.close();
    node.close();
  }
}
