import { randomUUID } from 'node:crypto';
import { Random } from '../../../scripts/demo/random.js';
import { describeWithOwnMongo } from '../support/describeMongo.js';
import { TestMongo } from '../support/mongodb.js';
import { runCampaign, type CampaignReport } from './campaign.js';
import { AT_ANY_MOMENT, onceEach, roundOf, shuffled, type Target } from './phases.js';
import { byPhase, describeReport, together } from './report.js';

/**
 * The built service, killed in every phase of its work. `npm run test:soak -- --kills 1000` does the same for longer, and
 * with other seeds; with `--store mongodb` on MongoDB.
 */
const SEED = 20_261_120;
const CAMPAIGNS = 2;

// Some 40 lives, of which each takes 10 to 20 s on a machine that is busy.
jest.setTimeout(900_000);

/** Shares the targets out to campaigns of their own, each on new data. */
async function runAll(targets: readonly Target[], mongodbUri?: (database: string) => string): Promise<CampaignReport> {
  const random = new Random(SEED);
  const order = shuffled(targets, random);
  const share = Math.ceil(order.length / CAMPAIGNS);
  const campaigns = Array.from({ length: CAMPAIGNS }, (_, index) =>
    runCampaign(
      SEED + index,
      order.slice(index * share, (index + 1) * share),
      mongodbUri?.(`test_${randomUUID().slice(0, 8)}`),
    ),
  );
  const report = together(await Promise.all(campaigns));
  process.stdout.write(`${describeReport(report)}\n`);
  return report;
}

/** @param atLeast so that a run that came to nothing does not pass: of what was aimed at each was reached, too */
function expectAllKept(
  report: CampaignReport,
  targets: readonly Target[],
  atLeast: { killsAPhase: number; acknowledged: number },
): void {
  expect(report).toMatchObject({ lost: 0, doubleCounted: 0, differences: [] });
  expect(report.acknowledged).toBeGreaterThan(atLeast.acknowledged);
  expect(targets.filter((target) => (report.kills.get(target?.name ?? AT_ANY_MOMENT) ?? 0) === 0)).toEqual([]);
  expect([...byPhase(report.kills)].filter(([, kills]) => kills < atLeast.killsAPhase)).toEqual([]);
}

it('a service that is killed twice or more in each phase loses nothing and counts nothing twice', async () => {
  const round = roundOf('lmdb');
  expectAllKept(await runAll(round), round, { killsAPhase: 2, acknowledged: 100 });
});

describeWithOwnMongo('on MongoDB', () => {
  it('a service that is killed in each phase loses nothing and counts nothing twice', async () => {
    const server = await TestMongo.startOwn();
    try {
      const once = onceEach('mongodb', new Random(SEED));
      const report = await runAll(once, (database) => server.uri(database));
      expectAllKept(report, once, { killsAPhase: 1, acknowledged: 20 });
    } finally {
      await server.stop();
    }
  });
});
