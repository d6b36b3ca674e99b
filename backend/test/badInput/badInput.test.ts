import { runCampaign } from './campaign.js';

/** `npm run test:soak -- --mutations 100000` is the long form; a failure names the mutation and the seed. */
const SEED = 20_261_120;
/** The pools of a process settle only after tens of thousands; here a leak of each body would show. */
const MAY_GROW_MB = 150;

/** Each of them comes many times; what else there is to go wrong is in `trees.ts` and `texts.ts`. */
const KINDS = [
  ...['another type', 'a field dropped', 'a field renamed', 'deep nesting', 'a huge number', 'a huge text'],
  ...[
    'wrong hex',
    'truncated Clarity',
    'wrong Clarity',
    'names like __proto__',
    'a long name',
    'many names',
    'NaN',
    'invalid UTF-8',
    'truncated JSON',
  ],
  ...['truncated gzip', 'gzip bomb'],
];

test('thousands of distorted payloads: no 5xx, nothing half counted, what is right between them counts', async () => {
  const report = await runCampaign({ count: 2_000, seed: SEED, warmUp: 500, mayGrowMb: MAY_GROW_MB });
  expect(report.faults).toEqual([]);
  // Among them is enough of each kind: taken and known, taken and new, set aside, refused.
  const { accepted, duplicates, ignored, quarantined, applied, rolledBack } = report.receipt;
  expect(Math.min(accepted, duplicates, quarantined, applied, rolledBack)).toBeGreaterThan(50);
  expect(ignored).toBeGreaterThan(0);
  expect(KINDS.filter((kind) => (report.kinds[kind] ?? 0) < 5)).toEqual([]);
  expect(Object.keys(report.statuses)).toEqual(['200', '400', '413']);
  expect(report.after.own - report.before.own).toBeLessThan(MAY_GROW_MB);
}, 400_000);
