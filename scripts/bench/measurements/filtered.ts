import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import { delivery, Load, type Call } from '../load.js';
import { FULL_EVENTS, QUICK_EVENTS, type Measurement } from '../measurement.js';
import { payloadText } from '../workload/chain.js';

const DAYS = 90;
const MS_PER_DAY = 86_400_000;
/** Ranges asked for, each a day earlier than the one before, so that no answer is kept already. */
const RANGES = 30;
/** Each with a read after it. */
const BATCHES = { quick: 11, full: 51 };
const PRINTS_PER_BATCH = 50;
/** The first query of all has what counts now derived from the whole log, which takes minutes at ten million events. */
const DERIVED_WITHIN_MS = 1_800_000;

/**
 * The read model is derived before: the first query of all after a rebuild is refused for that long, and is not what is asked here.
 * The first one after a batch waits until the read model has the batch.
 */
export const filtered: Measurement = {
  name: 'filtered',
  what: 'a day series of 90 days filtered by one category, from the read model: cold, again, and after a batch',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : FULL_EVENTS;
    const { probed, chain } = await histories.service(events);
    const node = new Load(probed.service.url, TOKENS.chainhook, 1);
    const viewer = new Load(probed.service.url, TOKENS.viewer, 1);
    const isoDay = (daysAgo: number): string => new Date(Date.now() - daysAgo * MS_PER_DAY).toISOString().slice(0, 10);
    const query = (daysAgo: number): Call => {
      const range = `from=${isoDay(daysAgo + DAYS - 1)}&to=${isoDay(daysAgo)}`;
      return { method: 'GET', path: `/api/analytics/query?metric=badgesIssued&interval=day&category=skill&${range}` };
    };
    const timed = async (daysAgo: number): Promise<number> => {
      const askedAt = performance.now();
      await viewer.ask(query(daysAgo));
      return performance.now() - askedAt;
    };
    try {
      const askedAt = performance.now();
      const refused = await viewer.askUntilReady(query(RANGES), DERIVED_WITHIN_MS);
      const seconds = ((performance.now() - askedAt) / 1_000).toFixed(1);
      process.stderr.write(`  filtered: the first query was answered after ${seconds} s, refused ${refused} times\n`);
      const cold: number[] = [];
      const cached: number[] = [];
      for (let range = 0; range < RANGES; range += 1) {
        cold.push(await timed(range));
        cached.push(await timed(range));
      }
      const afterBatch: number[] = [];
      for (let batch = 0; batch < (quick ? BATCHES.quick : BATCHES.full); batch += 1) {
        await node.ask(delivery(payloadText(chain.next(PRINTS_PER_BATCH))));
        await probed.folded();
        const batchAskedAt = performance.now();
        // A refusal is a part of the wait for the read model.
        await viewer.askUntilReady(query(0), DERIVED_WITHIN_MS);
        afterBatch.push(performance.now() - batchAskedAt);
      }
      const what = `90-day series of one category, ${events.toLocaleString('en')} events`;
      const row = (id: string, name: string, eachMs: readonly number[], limit: number): Row => ({
        id: `filtered.${id}`,
        what: `${what}, ${name}, p50`,
        value: percentile(eachMs, 0.5),
        unit: 'ms',
        beside: { what: 'limit', value: limit },
        aim: { atMost: 1 },
        size: { measured: events, aimed: FULL_EVENTS },
      });
      return [
        row('cold', 'cold', cold, 300),
        row('after-batch', 'first after a batch', afterBatch, 300),
        row('cached', 'cached', cached, 10),
      ];
    } finally {
      viewer.close();
      node.close();
    }
  },
};
