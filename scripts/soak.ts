import { parseArgs } from 'node:util';
import { kills } from './soak/kills.js';
import type { Mode } from './soak/mode.js';
import { mutations } from './soak/mutations.js';
import { seeds } from './soak/seeds.js';

/**
 * `npm run test:soak`: the long forms of what the suite proves in short, each as often as one likes. Ends with 1 when
 * anything did not hold.
 */
const MODES: Readonly<Record<string, Mode>> = { kills, mutations, seeds };

const MAX_SEED = 2 ** 31;

const usage = (): string =>
  [
    `npm run test:soak -- ${Object.keys(MODES)
      .map((name) => `[--${name} N]`)
      .join(' ')} [--seed S]`,
    ...Object.entries(MODES).map(([name, { of }]) => `  --${name} N`.padEnd(16) + of),
  ].join('\n');

class UsageError extends Error {}

function readOptions(argv: readonly string[]): { runs: { name: string; mode: Mode; count: number }[]; seed: number } {
  const options = Object.fromEntries(
    [...Object.keys(MODES), 'seed'].map((name) => [name, { type: 'string' as const }]),
  );
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    ({ values } = parseArgs({ args: [...argv], options }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const whole = (name: string, max: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1 || value > max)
      throw new UsageError(`--${name} must be a whole number from 1 to ${max}`);
    return value;
  };
  const runs = Object.entries(MODES)
    .filter(([name]) => values[name] !== undefined)
    .map(([name, mode]) => ({ name, mode, count: whole(name, Number.MAX_SAFE_INTEGER) }));
  if (runs.length === 0) throw new UsageError('say what to run');
  return { runs, seed: values['seed'] === undefined ? Math.ceil(Math.random() * MAX_SEED) : whole('seed', MAX_SEED) };
}

async function main(): Promise<number> {
  const { runs, seed } = readOptions(process.argv.slice(2));
  let held = true;
  for (const { name, mode, count } of runs) {
    process.stdout.write(`${name}: ${count}, seed ${seed}\n`);
    if (!(await mode.run(count, seed))) held = false;
  }
  process.stdout.write(held ? 'everything held\n' : `something did NOT hold: run it again with --seed ${seed}\n`);
  return held ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage()}\n`);
    else console.error(error);
    process.exitCode = 1;
  },
);
