import { TOKENS } from '../../../backend/test/support/service.js';
import { percentile } from '../arithmetic.js';
import { Load } from '../load.js';
import { FULL_EVENTS, QUICK_EVENTS, type Measurement } from '../measurement.js';

const DAYS = 90;
const MS_PER_DAY = 86_400_000;
/** Ranges asked for, each a day earlier than the one before, so that no answer is kept already. */
const RANGES = 60;

export const series: Measurement = {
  name: 'series',
  what: 'every live metric with day series and headline of 90 days that nobody asked for yet',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : FULL_EVENTS;
    const { probed } = await histories.service(events);
    const viewer = new Load(probed.service.url, TOKENS.viewer, 1);
    try {
      const eachMs: number[] = [];
      for (let i = 0; i < RANGES; i += 1) {
        const isoDay = (daysAgo: number): string =>
          new Date(Date.now() - daysAgo * MS_PER_DAY).toISOString().slice(0, 10);
        const path = `/api/analytics/aggregated?from=${isoDay(i + DAYS - 1)}&to=${isoDay(i)}`;
        const askedAt = performance.now();
        await viewer.ask({ method: 'GET', path });
        eachMs.push(performance.now() - askedAt);
      }
      return [
        {
          id: 'series',
          what: `90-day day series and headline, ${events.toLocaleString('en')} events, cold, p50`,
          value: percentile(eachMs, 0.5),
          unit: 'ms',
          beside: { what: 'limit', value: 10 },
          aim: { atMost: 1 },
          size: { measured: events, aimed: FULL_EVENTS },
        },
      ];
    } finally {
      viewer.close();
    }
  },
};
