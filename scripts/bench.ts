import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildService } from './bench/build.js';
import { differences, type Kept, type Machine } from './bench/compare.js';
import { endWithAllStarted } from './bench/end.js';
import { Histories } from './bench/histories.js';
import { QUICK_MONTHS, type Measurement } from './bench/measurement.js';
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
import { comparison, json, lines, table, type Measured } from './bench/report.js';
import { SHAPE } from './bench/workload/prints.js';

/**
 * `npm run bench`: the built service as a process of its own, each figure beside a limit or a rival that is measured in
 * the same run. Ratios are what counts: they hold on another machine. Ends with 1 only when a measurement failed.
 */
const MEASUREMENTS: readonly Measurement[] = [
  stages,
  intake,
  acknowledgement,
  sockets,
  // What reads a history comes before what adds to it, and what adds most comes last.
  analyzers,
  allMetrics,
  reads,
  firstRead,
  series,
  filtered,
  pauses,
  restart,
  mongodb,
];

const USAGE = `npm run bench -- [--quick] [--json] [--only NAME]… [--compare FILE] [--keep DIR] [--histories DIR]
  --quick          small sizes, meant to take two minutes on two quiet cores
  --json           for machines, also for a later --compare
  --only NAME      one measurement; may be given more than once
  --keep DIR       writes bench.json and performance-stages.svg there, for docs/
  --histories DIR  takes the histories from there, and makes there what is missing; else they are made for this run
  --compare FILE   names each ratio that is worse than in FILE by more than 10 %, and the rows that are no more
${MEASUREMENTS.map(({ name, what }) => `  ${name.padEnd(17)}${what}`).join('\n')}`;

class UsageError extends Error {}

interface Options {
  readonly quick: boolean;
  readonly json: boolean;
  readonly chosen: readonly Measurement[];
  readonly compare: string | undefined;
  readonly keep: string | undefined;
  readonly histories: string | undefined;
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
        histories: { type: 'string' },
        help: { type: 'boolean', default: false },
        // `npm run test:performance -- --analytics`: there is nothing else to measure.
        analytics: { type: 'boolean' },
      },
    });
    const unknown = values.only.find((name) => !MEASUREMENTS.some((measurement) => measurement.name === name));
    if (unknown !== undefined) throw new UsageError(`there is no measurement called ${unknown}`);
    const chosen = MEASUREMENTS.filter(({ name, fullOnly = false }) =>
      values.only.length === 0 ? !(values.quick && fullOnly) : values.only.includes(name),
    );
    const { quick, json, compare, keep, histories, help } = values;
    return { quick, json, chosen, compare, keep, histories, help };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws {UsageError} unless it is a run that this one can be compared with. */
function readKept(path: string, machine: Machine): Kept {
  let kept: Partial<Kept>;
  try {
    kept = JSON.parse(readFileSync(path, 'utf8')) as Partial<Kept>;
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { machine: before, rows } = kept;
  if (before === undefined || rows === undefined) throw new UsageError(`${path} is not what --json prints`);
  const different = differences(before, machine);
  if (different.length > 0) throw new UsageError(`${path} cannot be compared with: ${different.join('; ')}`);
  return { machine: before, rows };
}

async function main(): Promise<void> {
  const { quick, chosen, compare, keep, ...options } = readOptions(process.argv.slice(2));
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  const machine = { quick, cores: cpus().length, node: process.version };
  // Before minutes are spent on measuring.
  const before = compare === undefined ? undefined : readKept(compare, machine);
  buildService();

  // Its stores come to nine gigabytes.
  endWithAllStarted();
  const histories = new Histories(quick ? QUICK_MONTHS : SHAPE.months, options.histories);
  const rows: Measured[] = [];
  const failed: string[] = [];
  try {
    for (const measurement of chosen) {
      const startedAt = performance.now();
      const seconds = (): number => Math.round((performance.now() - startedAt) / 1_000);
      try {
        const measured = await measurement.run({ quick, histories });
        rows.push(...measured.map((row) => ({ ...row, measurement: measurement.name })));
        // Also of a run that does not come to its table.
        process.stderr.write(`${[`${measurement.name}: measured in ${seconds()} s`, ...lines(measured)].join('\n')}\n`);
      } catch (error) {
        // What was measured before may have taken half an hour.
        failed.push(measurement.name);
        console.error(`${measurement.name}: failed after ${seconds()} s:`, error);
      }
    }
  } finally {
    await histories.close();
  }

  const described = {
    ...machine,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    at: new Date().toISOString(),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    ...(failed.length > 0 && { failed: failed.join(', ') }),
  };
  process.stdout.write(`${options.json ? json(rows, described) : table(rows)}\n`);
  if (failed.length > 0) process.exitCode = 1;
  // A table with holes is no record of a run, but for what not every machine can measure.
  const holes = chosen.filter(({ name, optional = false }) => failed.includes(name) && !optional);
  if (keep !== undefined && holes.length === 0) {
    writeFileSync(join(keep, 'bench.json'), `${json(rows, described)}\n`);
    const drawn = figure(rows);
    if (drawn !== undefined) writeFileSync(join(keep, 'performance-stages.svg'), drawn);
  }
  if (before !== undefined && compare !== undefined) {
    const ran = chosen.map(({ name }) => name).filter((name) => !failed.includes(name));
    process.stderr.write(`${comparison(before, rows, ran, compare)}\n`);
  }
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  else console.error(error);
  process.exitCode = 1;
});
