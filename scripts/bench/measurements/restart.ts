import type { Row } from '../arithmetic.js';
import { memoryOf } from '../../../backend/test/support/memory.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';

const FULL = 10_000_000;

/** One service: it folded the log from the start, is asked for its memory when it has settled, is killed and starts again. */
export const restart: Measurement = {
  name: 'restart',
  what: 'folding a log from its start, memory then, and restart to ready from a checkpoint after SIGKILL',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : FULL;
    const { probed, rebuiltInSeconds } = await histories.start(events);
    const { service } = probed;
    try {
      await probed.idle();
      const { own } = await memoryOf(service);
      await service.kill('SIGKILL');
      const seconds = await probed.secondsToRestart();
      const at = `${events.toLocaleString('en')} events`;
      return [
        {
          id: 'rebuild',
          what: `rebuild at ${at}, start of the process included`,
          value: events / rebuiltInSeconds,
          unit: 'events/s',
          beside: { what: 'limit', value: 200_000 },
          aim: { atLeast: 1 },
        },
        {
          id: 'restart',
          what: `restart to ready at ${at}, after SIGKILL`,
          value: seconds,
          unit: 's',
          beside: { what: 'limit', value: 3 },
          aim: { atMost: 1 },
        },
        {
          id: 'memory',
          what: `memory at ${at}, without mapped files`,
          value: own,
          unit: 'MB',
          beside: { what: 'limit at 10,000,000', value: 1_536 },
          aim: { atMost: 1 },
        },
      ] satisfies Row[];
    } finally {
      await service.stop();
    }
  },
};
