import { setTimeout as sleep } from 'node:timers/promises';
import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import { delivery, forSeconds, Load, type Call, type LoadTimes } from '../load.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';
import { withRival } from '../rivals/rival.js';
import { payloadText, type BenchChain } from '../workload/chain.js';

const CONNECTIONS = 64;
const READ: Call = { method: 'GET', path: '/api/analytics/aggregated' };
const READ_COMPRESSED: Call = { ...READ, gzip: true };
/** A batch each, so that every second five answers are computed anew. */
const DELIVERY_EVERY_MS = 200;
const PRINTS_PER_DELIVERY = 50;
const WARM_UP_SHARE = 0.2;

/** Only the service has batches to fold meanwhile. */
export const reads: Measurement = {
  name: 'reads',
  what: 'aggregated reads over 64 connections while batches arrive, beside send(buffer) behind the same middleware',
  async run({ quick, histories }) {
    const seconds = quick ? 3 : 20;
    const { probed, chain } = await histories.service(quick ? QUICK_EVENTS : 1_000_000);
    const { url } = probed.service;
    const answer = await answerOf(url);
    const [own, ownCompressed] = await whileBatchesArrive(url, chain, () => readBoth(url, seconds));
    // What the service has left to do must not run beside the rival.
    await probed.idle(chain.facts);
    const [rival, rivalCompressed] = await withRival(
      'buffer.mjs',
      { env: { RIVAL_TOKEN: TOKENS.viewer }, answer },
      (rivalUrl) => readBoth(rivalUrl, seconds),
    );

    const what = `aggregated under ${CONNECTIONS} connections, ${Math.round(answer.length / 1_000)} kB`;
    const beside = 'send(buffer), same middleware';
    const rate = ({ eachMs, seconds: took }: LoadTimes): number => eachMs.length / took;
    const rateRow = (id: string, name: string, ours: LoadTimes, theirs: LoadTimes): Row => ({
      id,
      what: name,
      value: rate(ours),
      unit: 'requests/s',
      beside: { what: beside, value: rate(theirs) },
      aim: { atLeast: 0.8 },
    });
    const timeRow = (name: string, share: number): Row => ({
      id: `reads.${name}`,
      what: `${what}, ${name}`,
      value: percentile(own.eachMs, share),
      unit: 'ms',
      beside: { what: beside, value: percentile(rival.eachMs, share) },
      // The same aim as that of requests/s, turned round.
      aim: { atMost: 1.25 },
    });
    return [
      rateRow('reads', what, own, rival),
      timeRow('p50', 0.5),
      timeRow('p99', 0.99),
      rateRow('reads.gzip', `${what}, with gzip`, ownCompressed, rivalCompressed),
    ];
  },
};

/** As it is at this moment: what the rival sends. */
async function answerOf(url: string): Promise<Buffer> {
  const response = await fetch(url + READ.path, { headers: { authorization: `Bearer ${TOKENS.viewer}` } });
  if (!response.ok) throw new Error(`${READ.path} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

async function whileBatchesArrive<T>(url: string, chain: BenchChain, work: () => Promise<T>): Promise<T> {
  let done = false;
  const batches = (async () => {
    const node = new Load(url, TOKENS.chainhook, 1);
    while (!done) {
      await node.ask(delivery(payloadText(chain.next(PRINTS_PER_DELIVERY))));
      await sleep(DELIVERY_EVERY_MS);
    }
    node.close();
  })();
  // Told where it is waited for: until then a delivery that fails must not end the run.
  batches.catch(() => undefined);
  try {
    return await work();
  } finally {
    done = true;
    await batches;
  }
}

/** Plain for so long, then compressed. */
async function readBoth(url: string, seconds: number): Promise<[LoadTimes, LoadTimes]> {
  const load = new Load(url, TOKENS.viewer, CONNECTIONS);
  const times = async (call: Call): Promise<LoadTimes> => {
    await load.run(forSeconds(WARM_UP_SHARE * seconds, call));
    return load.run(forSeconds(seconds, call));
  };
  try {
    return [await times(READ), await times(READ_COMPRESSED)];
  } finally {
    load.close();
  }
}
