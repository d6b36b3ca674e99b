import { parseArgs } from 'node:util';
import { STORES, type StoreName } from '../backend/test/crash/phases.js';
import { kills } from './soak/kills.js';
import type { Mode } from './soak/mode.js';
import { mutations } from './soak/mutations.js';
import { pushes } from './soak/pushes.js';
import { seeds } from './soak/seeds.js';
import { takeovers } from './soak/takeovers.js';

/**
 * `npm run test:soak`: the long forms of what the suite proves in short, each as often as one likes. Ends with 1 when
 * anything did not hold.
 */
const MODES: Readonly<Record<string, Mode>> = { kills, mutations, pushes, seeds, takeovers };

const MAX_SEED = 2 ** 31;

const usage = (): string =>
  [
    `npm run test:soak -- ${Object.keys(MODES)
      .map((name) => `[--${name} N]`)
      .join(' ')} [--seed S] [--store ${STORES.join('|')}]`,
    ...Object.entries(MODES).map(([name, { of }]) => `  --${name} N`.padEnd(17) + of),
    '  --store S'.padEnd(17) + 'what keeps the log while it is killed; else the embedded one',
  ].join('\n');

class UsageError extends Error {}

interface Options {
  readonly runs: readonly { readonly name: string; readonly mode: Mode; readonly count: number }[];
  readonly seed: number;
  readonly store: StoreName;
}

function readOptions(argv: readonly string[]): Options {
  const options = Object.fromEntries(
    [...Object.keys(MODES), 'seed', 'store'].map((name) => [name, { type: 'string' as const }]),
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
  const store = STORES.find((name) => name === (values['store'] ?? 'lmdb'));
  if (store === undefined) throw new UsageError(`--store must be one of ${STORES.join(', ')}`);
  if (store !== 'lmdb' && runs.some(({ mode }) => mode !== kills))
    throw new UsageError('--store goes with --kills alone');
  const seed = values['seed'] === undefined ? Math.ceil(Math.random() * MAX_SEED) : whole('seed', MAX_SEED);
  return { runs, seed, store };
}

async function main(): Promise<number> {
  const { runs, seed, store } = readOptions(process.argv.slice(2));
  let held = true;
  for (const { name, mode, count } of runs) {
    process.stdout.write(`${name}: ${count}, seed ${seed}${mode === kills ? `, ${store}` : ''}\n`);
    if (!(await mode.run(count, seed, store))) held = false;
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
