/**
 * Every check of the project, in one go: build and format, then all tests (unit, property, integration, real browser), and
 * beside them lint and types, as many tests wait for something. Goes on after a failure, so that one run tells everything,
 * and closes with a line `N passed, N failed`, with `, N skipped` behind it where there was no database server to test
 * against; with CI=true that is a failure.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratch } from './ci/scratch.mjs';
import { summaryOf } from './ci/summary.mjs';

const root = join(import.meta.dirname, '..');
const scratch = makeScratch();
const report = join(scratch.dir, 'jest.json');
let passed = 0;
let failed = 0;
let skipped = 0;
/** What was left out, for people. */
let lines = [];

/**
 * Runs one command. What it prints is shown when it has ended, in one piece, unless it is `live`: several run at once.
 * @returns whether it ended well
 */
async function run(name, command, args, { live = false, env = {} } = {}) {
  if (live) process.stdout.write(`\n▶ ${name}\n`);
  const startedAt = Date.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: live ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    // A group of its own, which is ended with all that the command started.
    detached: true,
  });
  const endIt = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  };
  // Before what it writes to is removed.
  process.prependOnceListener('exit', endIt);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (printed += chunk));
  const [status] = await once(child, 'close');
  process.off('exit', endIt);
  if (!live) process.stdout.write(`\n▶ ${name}\n${printed}`);
  const verdict = status === 0 ? '✓' : '✗';
  process.stdout.write(`${verdict} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  return status === 0;
}

const count = (endedWell) => {
  if (endedWell) passed += 1;
  else failed += 1;
};

const script = (name, ...options) => run([name, ...options].join(' '), 'npm', ['run', '--silent', name, ...options]);

async function runTheTests() {
  // Payloads that a real node wrote, where they are at hand: each line is answered 200, and none of them counts.
  const fixture = process.env.CHAINHOOK_FIXTURE;
  if (fixture !== undefined)
    count(
      await run('fixture', join(root, 'node_modules/.bin/tsx'), ['scripts/ci/fixture.ts', fixture], {
        env: scratch.env,
      }),
    );
  return run('tests', join(root, 'node_modules/.bin/jest'), ['--json', '--outputFile', report], {
    live: true,
    env: scratch.env,
  });
}

/** The types of the frontend are read by its build. */
async function readTheSources() {
  for (const step of ['lint', 'types:backend']) count(await script(step));
}

// The builds first: tests start what they make, and they make types that the sources are read with. The frontend is built
// from the sources of the backend.
const first = [script('build', '-w', 'backend'), script('build', '-w', 'frontend'), script('format:check')];
for (const endedWell of await Promise.all(first)) count(endedWell);
const [jestEndedWell] = await Promise.all([runTheTests(), readTheSources()]);
try {
  const summary = summaryOf(JSON.parse(readFileSync(report, 'utf8')), jestEndedWell, process.env, root);
  passed += summary.passed;
  failed += summary.failed;
  ({ skipped, lines } = summary);
} catch {
  failed += 1;
}

if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exit(failed === 0 ? 0 : 1);
