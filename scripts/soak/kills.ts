import { runCampaign } from '../../backend/test/crash/campaign.js';
import { roundOf, targets } from '../../backend/test/crash/phases.js';
import { describeReport, together } from '../../backend/test/crash/report.js';
import { TestMongo } from '../../backend/test/support/mongodb.js';
import { Random } from '../demo/random.js';
import type { Mode } from './mode.js';

/** Kills the built service in every phase of its work, a round of all phases over the same data, then over new data. */
export const kills: Mode = {
  of: 'times that the built service is killed and started again (some 3 s each)',
  async run(count, seed, store) {
    const endless = targets(new Random(seed), store);
    const round = roundOf(store).length;
    const mongo = store === 'mongodb' ? await TestMongo.startOwn() : undefined;
    const reports = [];
    try {
      for (let done = 0; done < count; done += round) {
        const points = Array.from({ length: Math.min(round, count - done) }, () => endless.next().value);
        const report = await runCampaign(seed + reports.length, points, mongo?.uri(`kills_${reports.length}`));
        reports.push(report);
        const { lost, doubleCounted, differences } = report;
        process.stdout.write(
          `${done + points.length} of ${count}: ${lost} lost, ${doubleCounted} double counted, ${differences.length} answers differ\n`,
        );
        for (const difference of differences) process.stdout.write(`  ${difference}\n`);
      }
    } finally {
      await mongo?.stop();
    }
    const all = together(reports);
    process.stdout.write(`${describeReport(all)}\n`);
    // A point that no life came to would look like one that was survived.
    const missed = count < round ? [] : [...all.kills].filter(([, times]) => times === 0).map(([point]) => point);
    for (const point of missed) process.stdout.write(`never killed: ${point}\n`);
    return all.lost + all.doubleCounted + all.differences.length + missed.length === 0;
  },
};
