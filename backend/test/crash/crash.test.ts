import { Random } from '../../../scripts/demo/random.js';
import { runCampaign } from './campaign.js';
import { PHASES, ROUND, targets, type Target } from './phases.js';
import { describeReport, together } from './report.js';

/**
 * The built service, killed in every phase of its work. `npm run test:soak -- --kills 1000` does the same for longer, and
 * with other seeds.
 */
const SEED = 20_261_120;
const CAMPAIGNS = 2;

jest.setTimeout(600_000);

it(`a service that is killed ${ROUND} times, twice or more in each phase, loses nothing and counts nothing twice`, async () => {
  const endless = targets(new Random(SEED));
  const campaigns = Array.from({ length: CAMPAIGNS }, (_, index) =>
    runCampaign(
      SEED + index,
      Array.from({ length: ROUND / CAMPAIGNS }, () => endless.next().value as Target),
    ),
  );
  const report = together(await Promise.all(campaigns));
  process.stdout.write(`${describeReport(report)}\n`);
  expect(report).toMatchObject({ lost: 0, doubleCounted: 0, differences: [] });
  expect(report.acknowledged).toBeGreaterThan(100);
  expect(PHASES.filter((phase) => (report.kills.get(phase) ?? 0) < 2)).toEqual([]);
});
