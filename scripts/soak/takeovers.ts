import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Cluster, RIGHT, until, writes } from '../../backend/test/cluster/cluster.js';
import { storyOf } from '../../backend/test/crash/story.js';
import { TestMongo } from '../../backend/test/support/mongodb.js';
import { Random } from '../demo/random.js';
import type { Mode } from './mode.js';

/** What is promised, in ms: a writer dies, and after so long another has taken a delivery. */
const WITHIN_MS = 15_000;
/** The writer is killed somewhere in the time between two renewals of the lease, 2 s by default. */
const RENEWAL_MS = 2_000;

/** Kills the writer of two services with the lease as it is by default, and delivers to the other until it takes it. */
export const takeovers: Mode = {
  of: 'times that a writer is killed and its standby takes over (some 20 s each)',
  async run(count, seed) {
    const mongo = await TestMongo.startOwn();
    const cluster = new Cluster(mongo.uri('takeovers'), undefined);
    const random = new Random(seed);
    const story = storyOf(seed, 4 * count, Date.now());
    const tookMs: number[] = [];
    const wrong: unknown[] = [];
    try {
      let [writer, standby] = [await cluster.join('writer'), await cluster.join('writer')];
      for (let done = 0; done < count; done += 1) {
        if (await writes(standby)) [writer, standby] = [standby, writer];
        await until('a writer', () => writes(writer));
        await sleep(random.whole(0, RENEWAL_MS));
        await writer.kill();
        const diedMs = performance.now();
        await cluster.tell(standby, story.slice(done, done + 1));
        tookMs.push(Math.round(performance.now() - diedMs));
        await writer.restart();
      }
      for (const member of [writer, standby]) {
        const verdict = await cluster.verdict(member);
        if (!isDeepStrictEqual(verdict, RIGHT)) wrong.push(verdict);
      }
    } finally {
      await cluster.stop();
      await mongo.stop();
    }
    const sorted = tookMs.toSorted((a, b) => a - b);
    process.stdout.write(
      `${count} writers killed; a delivery taken by the next after ${sorted[Math.floor(sorted.length / 2)] ?? 0} ms (median), ${sorted.at(-1) ?? 0} ms at most; ${wrong.length === 0 ? 'both tell what the reference does' : `not right: ${JSON.stringify(wrong)}`}\n`,
    );
    return wrong.length === 0 && sorted.every((ms) => ms <= WITHIN_MS);
  },
};
