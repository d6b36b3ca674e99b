import { TOKENS } from '../../../backend/test/support/service.js';
import { delivery, forSeconds, Load, oneAfterTheOther } from '../load.js';
import { QUICK_EVENTS, type Measurement } from '../measurement.js';
import { payloadText } from '../workload/chain.js';

const UNDER_WAY = 8;
/** Some 230,000 log entries: a checkpoint at least (`entriesBetween` of `batch/checkpointing.ts`). */
const PAYLOADS = 1_200;
const QUERIES = ['/api/analytics/aggregated', '/api/analytics/activity?limit=200', '/api/chain/status'];

/** The machine pauses a process too, when there is more to run than processors: its share is told apart. */
export const pauses: Measurement = {
  name: 'pauses',
  what: 'the longest pause of the event loop during intake with checkpoints, and during queries',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : 10_000_000;
    const { probed, chain } = await histories.start(events);
    const { service } = probed;
    const node = new Load(service.url, TOKENS.chainhook, UNDER_WAY);
    const viewer = new Load(service.url, TOKENS.viewer, UNDER_WAY);
    try {
      await probed.idle();
      const bodies = Array.from({ length: PAYLOADS }, () => payloadText(chain.next()));
      await probed.longestPauses();
      await node.run(oneAfterTheOther(bodies.map(delivery)));
      await probed.folded();
      const intake = await probed.longestPauses();
      for (const path of QUERIES) await viewer.run(forSeconds(1, { method: 'GET', path }));
      const query = await probed.longestPauses();
      return [
        { during: 'intake and checkpoints', id: 'intake', pauses: intake },
        { during: 'queries', id: 'query', pauses: query },
      ].flatMap(({ during, id, pauses: { wall, own } }) => {
        const what = `longest pause during ${during}, ${events.toLocaleString('en')} events`;
        const aimed = { unit: 'ms', beside: { what: 'limit', value: 50 }, aim: { atMost: 1 } } as const;
        return [
          { id: `pauses.${id}`, what, value: wall, ...aimed },
          { id: `pauses.${id}.own`, what: `${what}, less the wait for a processor`, value: own, ...aimed },
        ];
      });
    } finally {
      node.close();
      viewer.close();
      await service.stop();
    }
  },
};
