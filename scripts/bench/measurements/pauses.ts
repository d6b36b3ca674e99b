import { paths } from '../../../backend/src/storage.js';
import { TOKENS } from '../../../backend/test/support/service.js';
import { laterThan, positionOf } from '../checkpoint.js';
import { delivery, forSeconds, Load, oneAfterTheOther } from '../load.js';
import { FULL_EVENTS, QUICK_EVENTS, type Measurement } from '../measurement.js';
import { payloadText } from '../workload/chain.js';

const UNDER_WAY = 8;
/**
 * Log entries of which a checkpoint is begun on the way, with half as many again while it is written or after it
 * (`entriesBetween` of `batch/checkpointing.ts`): 117,000, and 467,000 at ten million.
 */
const PAYLOADS = { quick: 600, full: 2_400 };
const QUERIES = ['/api/analytics/aggregated', '/api/analytics/activity?limit=200', '/api/chain/status'];

/** The machine pauses a process too, when there is more to run than processors: its share is told apart. */
export const pauses: Measurement = {
  name: 'pauses',
  what: 'the longest pause of the event loop during intake with checkpoints, and during queries',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : FULL_EVENTS;
    const { probed, chain } = await histories.service(events, 'pauses');
    const { service } = probed;
    const node = new Load(service.url, TOKENS.chainhook, UNDER_WAY);
    const viewer = new Load(service.url, TOKENS.viewer, UNDER_WAY);
    try {
      const bodies = Array.from({ length: quick ? PAYLOADS.quick : PAYLOADS.full }, () => payloadText(chain.next()));
      const { checkpoint } = paths(probed.dataDir);
      const before = await positionOf(checkpoint);
      await probed.longestPauses();
      await node.run(oneAfterTheOther(bodies.map(delivery)));
      await probed.folded();
      // One that was begun meanwhile: its pauses are among those that are asked for.
      await laterThan(checkpoint, before);
      const intake = await probed.longestPauses();
      for (const path of QUERIES) await viewer.run(forSeconds(1, { method: 'GET', path }));
      const query = await probed.longestPauses();
      const size = { measured: events, aimed: FULL_EVENTS };
      return [
        { during: 'intake and checkpoints', id: 'intake', pauses: intake },
        { during: 'queries', id: 'query', pauses: query },
      ].flatMap(({ during, id, pauses: { wall, own } }) => {
        const what = `longest pause during ${during}, ${events.toLocaleString('en')} events`;
        const aimed = { unit: 'ms', beside: { what: 'limit', value: 50 }, aim: { atMost: 1 }, size } as const;
        return [
          { id: `pauses.${id}`, what, value: wall, ...aimed },
          { id: `pauses.${id}.own`, what: `${what}, less the wait for a processor`, value: own, ...aimed },
        ];
      });
    } finally {
      node.close();
      viewer.close();
    }
  },
};
