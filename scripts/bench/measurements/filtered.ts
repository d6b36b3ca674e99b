import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile, type Row } from '../arithmetic.js';
import { Load } from '../load.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';

const DAYS = 90;
const MS_PER_DAY = 86_400_000;
/** Ranges asked for, each a day earlier than the one before, so that no answer is kept already. */
const RANGES = 30;

/** The read model is derived before: the first query of all after a rebuild waits for that, and is not what is asked here. */
export const filtered: Measurement = {
  name: 'filtered',
  what: 'a day series of 90 days filtered by one category, from the read model: cold, and again',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : 10_000_000;
    const { probed } = await histories.start(events);
    const viewer = new Load(probed.service.url, TOKENS.viewer, 1);
    const isoDay = (daysAgo: number): string => new Date(Date.now() - daysAgo * MS_PER_DAY).toISOString().slice(0, 10);
    const timed = async (daysAgo: number): Promise<number> => {
      const range = `from=${isoDay(daysAgo + DAYS - 1)}&to=${isoDay(daysAgo)}`;
      const askedAt = performance.now();
      await viewer.ask({
        method: 'GET',
        path: `/api/analytics/query?metric=badgesIssued&interval=day&category=skill&${range}`,
      });
      return performance.now() - askedAt;
    };
    try {
      await probed.idle();
      await timed(RANGES);
      const cold: number[] = [];
      const cached: number[] = [];
      for (let range = 0; range < RANGES; range += 1) {
        cold.push(await timed(range));
        cached.push(await timed(range));
      }
      const what = `90-day series of one category, ${events.toLocaleString('en')} events`;
      const row = (id: string, eachMs: readonly number[], limit: number): Row => ({
        id: `filtered.${id}`,
        what: `${what}, ${id}, p50`,
        value: percentile(eachMs, 0.5),
        unit: 'ms',
        beside: { what: 'limit', value: limit },
        aim: { atMost: 1 },
      });
      return [row('cold', cold, 300), row('cached', cached, 10)];
    } finally {
      viewer.close();
      await probed.service.stop();
    }
  },
};
