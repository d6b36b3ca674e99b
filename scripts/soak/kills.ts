import { runCampaign } from '../../backend/test/crash/campaign.js';
import { ROUND, targets, type Target } from '../../backend/test/crash/phases.js';
import { describeReport, together } from '../../backend/test/crash/report.js';
import { Random } from '../demo/random.js';
import type { Mode } from './mode.js';

/** Kills the built service in every phase of its work, a round of all phases over the same data, then over new data. */
export const kills: Mode = {
  of: 'times that the built service is killed and started again (some 2 s each)',
  async run(count, seed) {
    const endless = targets(new Random(seed));
    const reports = [];
    for (let done = 0; done < count; done += ROUND) {
      const points = Array.from({ length: Math.min(ROUND, count - done) }, () => endless.next().value as Target);
      const report = await runCampaign(seed + reports.length, points);
      reports.push(report);
      const { lost, doubleCounted, differences } = report;
      process.stdout.write(
        `${done + points.length} of ${count}: ${lost} lost, ${doubleCounted} double counted, ${differences.length} answers differ\n`,
      );
      for (const difference of differences) process.stdout.write(`  ${difference}\n`);
    }
    const all = together(reports);
    process.stdout.write(`${describeReport(all)}\n`);
    return all.lost + all.doubleCounted + all.differences.length === 0;
  },
};
