import { relative } from 'node:path';

/** Of the full name of a test that needs the right to mount one, which users and containers seldom have. */
const ON_A_FILE_SYSTEM = /small file system/;

/**
 * What the report of a test run comes to. No test is ever switched off: those that did not run need the right to mount a
 * file system, or a MongoDB server, whose lack is a failure where the environment says CI=true, as `.ci/run` has one made.
 *
 * @param report what `jest --json` wrote
 * @param endedWell whether jest ended with 0
 * @param environment of the run: `CI`, `TEST_MONGODB_URI`
 * @param root what the names of files are told from
 * @returns {{ passed: number, failed: number, skipped: number, lines: string[] }} with what is to be said of it
 */
export function summaryOf(report, endedWell, environment, root) {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests: skipped, testResults } = report;
  let failed = numFailedTests + numRuntimeErrorTestSuites;
  // A run that ended badly although no test failed (an open handle, a crash) is a failure of its own.
  if (!endedWell && failed === 0) failed += 1;
  if (skipped === 0) return { passed: numPassedTests, failed, skipped, lines: [] };
  const isCi = ['1', 'true'].includes(environment.CI ?? '');
  const leftOut = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'pending').map(({ fullName }) => ({ name, fullName })),
  );
  const onMongo = leftOut.filter(({ fullName }) => !ON_A_FILE_SYSTEM.test(fullName));
  const mounting = leftOut.filter(({ fullName }) => ON_A_FILE_SYSTEM.test(fullName));
  if (isCi && onMongo.length > 0) failed += 1;
  const lacks = environment.TEST_MONGODB_URI === undefined ? 'no server here' : 'TEST_MONGODB_URI may not be killed';
  const files = (tests) => {
    const counts = new Map();
    for (const { name } of tests) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].map(([name, count]) => `  ${relative(root, name)}: ${count}`);
  };
  const mongoLine = `MongoDB: ${onMongo.length} tests left out, ${lacks}; scripts/ci/mongodb.sh builds one${isCi ? ': in CI that is a failure' : ''}`;
  return {
    passed: numPassedTests,
    failed,
    skipped,
    lines: [
      ...(onMongo.length > 0 ? [mongoLine, ...files(onMongo)] : []),
      ...(mounting.length > 0
        ? [`Full disk: ${mounting.length} tests left out, no file system may be mounted here`, ...files(mounting)]
        : []),
    ],
  };
}
