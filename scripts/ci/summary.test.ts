import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Of the report of a run, as `npm test` closes with it. The module is one that node runs itself, so it does here. */
const MODULE = join(__dirname, 'summary.mjs');
const REPORT = { numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0 };
const file = (name: string, ...statuses: string[]) => ({
  name: `/here/${name}`,
  assertionResults: statuses.map((status) => ({ status, fullName: `${name} ${status}` })),
});

function summaryOf(report: object, environment: object = {}, endedWell = true): unknown {
  const given = [report, endedWell, environment, '/here'].map((part) => JSON.stringify(part)).join(', ');
  const program = `import { summaryOf } from ${JSON.stringify(MODULE)};
    process.stdout.write(JSON.stringify(summaryOf(${given})));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

describe('what a test run closes with', () => {
  const withoutServer = {
    ...REPORT,
    numPendingTests: 3,
    testResults: [
      file('a.test.ts', 'pending', 'passed', 'pending'),
      file('b.test.ts', 'passed'),
      file('c.ts', 'pending'),
    ],
  };
  const files = ['  a.test.ts: 2', '  c.ts: 1'];

  test('tests that had no MongoDB server are counted as skipped, and told by file', () => {
    const lines = ['MongoDB: 3 tests left out, no server here; scripts/ci/mongodb.sh builds one', ...files];
    expect(summaryOf(withoutServer)).toEqual({ passed: 7, failed: 0, skipped: 3, lines });
    expect(summaryOf(withoutServer, { CI: 'false' })).toMatchObject({ failed: 0, skipped: 3 });
    expect(summaryOf(withoutServer, { TEST_MONGODB_URI: 'mongodb://x' })).toMatchObject({
      lines: [expect.stringContaining('TEST_MONGODB_URI may not be killed'), ...files],
    });
  });

  test.each(['1', 'true'])('with CI=%s their lack is a failure', (CI) => {
    expect(summaryOf(withoutServer, { CI })).toMatchObject({
      ...{ passed: 7, failed: 1, skipped: 3 },
      lines: [expect.stringContaining('in CI that is a failure'), ...files],
    });
    expect(summaryOf({ ...REPORT, testResults: [] }, { CI })).toEqual({ passed: 7, failed: 0, skipped: 0, lines: [] });
  });

  test('what may not mount a file system is told as that, and is no failure in CI', () => {
    const testResults = [file('full.test.ts on a small file system', 'pending', 'passed')];
    expect(summaryOf({ ...REPORT, numPendingTests: 1, testResults }, { CI: 'true' })).toEqual({
      ...{ passed: 7, failed: 0, skipped: 1 },
      lines: [
        'Full disk: 1 tests left out, no file system may be mounted here',
        '  full.test.ts on a small file system: 1',
      ],
    });
  });

  test('a run that ended badly fails, also when no test of it did', () => {
    expect(summaryOf(REPORT, {}, false)).toMatchObject({ failed: 1 });
    expect(summaryOf({ ...REPORT, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }, {}, false)).toMatchObject({
      failed: 3,
    });
  });
});
