import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { worseThan, type Kept, type Row } from './bench/arithmetic.js';
import { Histories } from './bench/histories.js';
import type { Measurement } from './bench/measurement.js';
import { acknowledgement } from './bench/measurements/acknowledgement.js';
import { allMetrics } from './bench/measurements/allMetrics.js';
import { analyzers } from './bench/measurements/analyzers.js';
import { filtered } from './bench/measurements/filtered.js';
import { firstRead } from './bench/measurements/firstRead.js';
import { intake } from './bench/measurements/intake.js';
import { mongodb } from './bench/measurements/mongodb.js';
import { pauses } from './bench/measurements/pauses.js';
import { reads } from './bench/measurements/reads.js';
import { restart } from './bench/measurements/restart.js';
import { series } from './bench/measurements/series.js';
import { sockets } from './bench/measurements/sockets.js';
import { stages } from './bench/measurements/stages.js';
import { figure } from './bench/figure.js';
import { comparison, json, table } from './bench/report.js';

/**
 * `npm run bench`: the built service as a process of its own, each figure beside a limit or a rival that is measured in
 * the same run. Ratios are what counts: they hold on another machine. Ends with 1 only when a measurement failed.
 */
const MEASUREMENTS: readonly Measurement[] = [
  stages,
  intake,
  acknowledgement,
  sockets,
  reads,
  firstRead,
  analyzers,
  allMetrics,
  restart,
  series,
  filtered,
  pauses,
  mongodb,
];

const USAGE = `npm run bench -- [--quick] [--json] [--only NAME]… [--compare FILE]
  --quick         small sizes, under two minutes
  --json          for machines, also for a later --compare
  --only NAME     one measurement; may be given more than once
  --keep DIR      writes bench.json and performance-stages.svg there, for docs/
  --compare FILE  names each ratio that is worse than in FILE by more than 10 %
${MEASUREMENTS.map(({ name, what }) => `  ${name.padEnd(16)}${what}`).join('\n')}`;

class UsageError extends Error {}

interface Options {
  readonly quick: boolean;
  readonly json: boolean;
  readonly chosen: readonly Measurement[];
  readonly compare: string | undefined;
  readonly keep: string | undefined;
  readonly help: boolean;
}

function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        compare: { type: 'string' },
        keep: { type: 'string' },
        help: { type: 'boolean', default: false },
        // `npm run test:performance -- --analytics`: there is nothing else to measure.
        analytics: { type: 'boolean' },
      },
    });
    const unknown = values.only.find((name) => !MEASUREMENTS.some((measurement) => measurement.name === name));
    if (unknown !== undefined) throw new UsageError(`there is no measurement called ${unknown}`);
    const chosen = MEASUREMENTS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
    const { quick, json, compare, keep, help } = values;
    return { quick, json, chosen, compare, keep, help };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readKept(path: string): Kept {
  return (JSON.parse(readFileSync(path, 'utf8')) as { rows: Kept }).rows;
}

async function main(): Promise<void> {
  const { quick, chosen, compare, keep, ...options } = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  // Before minutes are spent on measuring.
  const before = compare === undefined ? undefined : readKept(compare);
  const build = ['run', '--silent', 'build', '-w', 'backend'];
  execFileSync('npm', build, { stdio: ['ignore', process.stderr, 'inherit'] });

  const histories = new Histories();
  const rows: Row[] = [];
  try {
    for (const measurement of chosen) {
      const startedAt = performance.now();
      rows.push(...(await measurement.run({ quick, histories })));
      const seconds = Math.round((performance.now() - startedAt) / 1_000);
      process.stderr.write(`${measurement.name}: measured in ${seconds} s\n`);
    }
  } finally {
    await histories.close();
  }

  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    at: new Date().toISOString(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    quick,
  };
  process.stdout.write(`${options.json ? json(rows, machine) : table(rows)}\n`);
  if (keep !== undefined) {
    writeFileSync(join(keep, 'bench.json'), `${json(rows, machine)}\n`);
    const drawn = figure(rows);
    if (drawn !== undefined) writeFileSync(join(keep, 'performance-stages.svg'), drawn);
  }
  if (before !== undefined && compare !== undefined)
    process.stderr.write(`${comparison(worseThan(before, rows), compare)}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  else console.error(error);
  process.exitCode = 1;
});
