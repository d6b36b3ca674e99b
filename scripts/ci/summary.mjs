import { relative } from 'node:path';

/**
 * What the report of a test run comes to. No test is ever switched off: those that did not run are the ones that need a
 * MongoDB server, and where the environment says CI=true their lack is a failure, as `.ci/run` has a server made.
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
  if (isCi) failed += 1;
  const lacks = environment.TEST_MONGODB_URI === undefined ? 'no server here' : 'TEST_MONGODB_URI may not be killed';
  const files = testResults
    .map(({ name, assertionResults }) => [name, assertionResults.filter(({ status }) => status === 'pending').length])
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `  ${relative(root, name)}: ${count}`);
  return {
    passed: numPassedTests,
    failed,
    skipped,
    lines: [
      `MongoDB: ${skipped} tests left out, ${lacks}; scripts/ci/mongodb.sh builds one${isCi ? ': in CI that is a failure' : ''}`,
      ...files,
    ],
  };
}
