import { hexToCV } from '@stacks/transactions';
import type { Row } from '../arithmetic.js';
import { SEED } from '../makeLog.js';
import { delivery, Load, oneAfterTheOther } from '../load.js';
import type { Measurement } from '../measurement.js';
import { Probed } from '../probed.js';
import { TOKENS } from '../../../backend/test/support/service.js';
import { BenchChain, payloadText, PRINTS_PER_BLOCK } from '../workload/chain.js';
import { FACTS_PER_PRINT } from '../workload/prints.js';

/** Deliveries under way: enough that one is decoded while others are flushed. */
const UNDER_WAY = 16;
/** Before anything is timed: until V8 has compiled what runs often. */
const WARM_UP_SHARE = 0.2;
/** Far more than the decoder's cache of principals holds, so that nearly each is written out anew. */
const MANY_USERS = 1_000_000;

/** Prints, as that is what is decoded on both sides; the service also decides, appends, flushes and answers. */
export const intake: Measurement = {
  name: 'intake',
  what: 'durable chain intake over HTTP, beside JSON.parse and hexToCV alone on one thread',
  async run({ quick }) {
    const few = bodiesOf(quick ? 400 : 4_000);
    const rival = decodedElsewhere(few);
    const own = await takenIn(few);
    const what = 'chain intake, durable, over HTTP';
    const common = { unit: 'prints/s', aim: { atLeast: 1 } };
    const beside = 'JSON.parse + hexToCV';
    const rows: Row[] = [
      { ...common, id: 'intake', what, value: own, beside: { what: beside, value: rival } },
      { ...common, id: 'intake.limit', what, value: own, beside: { what: 'limit, 2 quiet cores', value: 40_000 } },
    ];
    if (quick) return rows;
    const many = bodiesOf(4_000, MANY_USERS);
    const rivalOfMany = decodedElsewhere(many);
    const users = MANY_USERS.toLocaleString('en');
    rows.push({
      ...common,
      id: 'intake.users',
      what: `${what}, of ${users} users`,
      value: await takenIn(many),
      beside: { what: beside, value: rivalOfMany },
    });
    return rows;
  },
};

interface Bodies {
  readonly warmUp: readonly string[];
  readonly timed: readonly string[];
  /** Of `timed`. */
  readonly prints: number;
}

/** As a node delivers 24 months. */
function bodiesOf(payloads: number, users?: number): Bodies {
  const events = payloads * PRINTS_PER_BLOCK * FACTS_PER_PRINT;
  const chain = new BenchChain(SEED, events, Date.now(), users === undefined ? {} : { users });
  const bodies = Array.from({ length: payloads }, () => payloadText(chain.next()));
  const warmUp = bodies.slice(0, payloads * WARM_UP_SHARE);
  const timed = bodies.slice(warmUp.length);
  return { warmUp, timed, prints: timed.length * PRINTS_PER_BLOCK };
}

/** Prints a second of a service that has nothing yet. */
async function takenIn({ warmUp, timed, prints }: Bodies): Promise<number> {
  const probed = await Probed.start();
  const load = new Load(probed.service.url, TOKENS.chainhook, UNDER_WAY);
  try {
    await load.run(oneAfterTheOther(warmUp.map(delivery)));
    const { seconds } = await load.run(oneAfterTheOther(timed.map(delivery)));
    return prints / seconds;
  } finally {
    load.close();
    await probed.stop();
  }
}

/** Prints a second. */
function decodedElsewhere({ warmUp, timed, prints }: Bodies): number {
  for (const body of warmUp) decodeElsewhere(body);
  const startedAt = performance.now();
  for (const body of timed) decodeElsewhere(body);
  return (1_000 * prints) / (performance.now() - startedAt);
}

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
