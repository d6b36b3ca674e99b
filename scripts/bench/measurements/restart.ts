import { rm } from 'node:fs/promises';
import type * as CheckpointingModule from '../../../backend/src/batch/checkpointing.js';
import { paths } from '../../../backend/src/storage.js';
import { TOKENS } from '../../../backend/test/support/service.js';
import type { Row } from '../arithmetic.js';
import { built } from '../built.js';
import { laterThan, positionOf } from '../checkpoint.js';
import { delivery, Load } from '../load.js';
import { FULL_EVENTS, QUICK_EVENTS, type Measurement } from '../measurement.js';
import type { Probed } from '../probed.js';
import { payloadText, type BenchChain } from '../workload/chain.js';

const UNDER_WAY = 8;
/** Of the entries that lie between two checkpoints; what a delivery holds beyond the last fact that is asked for fits into the rest. */
const TAIL_SHARE = 0.95;

/**
 * A service is killed as late after its checkpoint as it can be, with all that is acknowledged and folded since still to be
 * folded again, and starts three times: bare, which is timed, with the probe that tells its memory, and without a
 * checkpoint, which is timed as well. Its history has by then what other measurements have delivered to it.
 */
export const restart: Measurement = {
  name: 'restart',
  what: 'folding a log from its start, restart to ready after SIGKILL just before a checkpoint, and memory after it',
  async run({ quick, histories }) {
    const events = quick ? QUICK_EVENTS : FULL_EVENTS;
    // It begins its next checkpoint so many entries after the one that it starts from.
    await histories.end();
    const { probed, chain } = await histories.service(events);
    const tail = await deliverTail(probed, chain);
    await probed.service.kill('SIGKILL');
    const seconds = await probed.restart();
    await probed.service.kill('SIGKILL');
    await probed.restart('memory');
    await probed.idle(chain.facts);
    const { own, peak } = await probed.memory();
    await probed.service.kill('SIGTERM');
    await rm(paths(probed.dataDir).checkpoint);
    const folded = chain.facts / (await probed.restart());

    const thousands = (count: number): string => (Math.round(count / 1_000) * 1_000).toLocaleString('en');
    const at = `${thousands(chain.facts)} events`;
    const size = { measured: events, aimed: FULL_EVENTS };
    const memory = { unit: 'MB', beside: { what: 'limit', value: 1_536 }, aim: { atMost: 1 }, size } as const;
    return [
      {
        id: 'rebuild',
        what: `folding the log anew at ${at}, start of the process included`,
        value: folded,
        unit: 'events/s',
        beside: { what: 'limit', value: 200_000 },
        aim: { atLeast: 1 },
        size,
      },
      {
        id: 'restart',
        what: `restart to ready at ${at}, after SIGKILL, ${thousands(tail)} entries past the checkpoint`,
        value: seconds,
        unit: 's',
        beside: { what: 'limit', value: 3 },
        aim: { atMost: 1 },
        size,
      },
      { id: 'memory', what: `memory at ${at}, without mapped files`, value: own, ...memory },
      { id: 'memory.peak', what: `most memory since that restart, mapped files included`, value: peak, ...memory },
    ] satisfies Row[];
  },
};

/**
 * Delivers until nearly as much lies past the checkpoint as lies between two of them, to a service that has just started
 * from it. It is at the head of the log unless the process before had not the time to write it.
 * @returns how many entries lie past it
 */
async function deliverTail(probed: Probed, chain: BenchChain): Promise<number> {
  const { entriesBetween } = await built<typeof CheckpointingModule>('batch/checkpointing.js');
  const { checkpoint } = paths(probed.dataDir);
  const node = new Load(probed.service.url, TOKENS.chainhook, UNDER_WAY);
  const deliver = async (facts: number): Promise<void> => {
    const until = chain.facts + facts;
    await node.run(() => (chain.facts < until ? delivery(payloadText(chain.next())) : undefined));
    await probed.folded();
  };
  try {
    let saved = await positionOf(checkpoint);
    const left = async (): Promise<number> =>
      saved + entriesBetween(saved) - (await probed.figure('passportx_log_head'));
    // So much lies past it already that the next one is near, or due: that one is gone on from.
    while ((await left()) < (1 - TAIL_SHARE) * entriesBetween(saved)) {
      await deliver(Math.max(1, await left()));
      if ((await left()) <= 0) saved = await laterThan(checkpoint, saved);
    }
    await deliver((await left()) - (1 - TAIL_SHARE) * entriesBetween(saved));
    const tail = (await probed.figure('passportx_log_head')) - saved;
    if (tail >= entriesBetween(saved) || (await positionOf(checkpoint)) !== saved)
      throw new Error(`${tail} entries were delivered: a checkpoint was begun after ${entriesBetween(saved)}`);
    return tail;
  } finally {
    node.close();
  }
}
