import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { deliver } from './deliver.js';
import { report } from './replay/report.js';
import { readLines, run } from './replay/run.js';
import { readMadeToken } from './tokens.js';

/**
 * `npm run replay -- FILE`: posts the payloads of an NDJSON file, which is what a Chainhook node's `file_append` writes,
 * to a running service. Ends with 1 when a line was refused or the service could not be reached.
 */
const USAGE = `npm run replay -- FILE [--url http://127.0.0.1:3001] [--token TOKEN] [--concurrency 1]
The token is --token, else CHAINHOOK_AUTH_TOKEN, else the one that the service made under DATA_DIR (./data).`;

/** A service that restarts is back well within this. */
const PATIENCE_MS = 60_000;
const MAX_CONCURRENCY = 64;

class UsageError extends Error {}

interface Options {
  readonly file: string;
  readonly bytes: number;
  readonly url: string;
  readonly token: string;
  readonly concurrency: number;
}

function readOptions(argv: readonly string[]): Options {
  const { values, positionals } = parse(argv);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('one FILE is needed');
  const concurrency = Number(values.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MAX_CONCURRENCY)
    throw new UsageError(`--concurrency must be a whole number from 1 to ${MAX_CONCURRENCY}`);
  if (!URL.canParse(values.url)) throw new UsageError(`--url is not a URL: ${values.url}`);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) throw new UsageError(`no such file: ${file}`);
  const dataDir = process.env['DATA_DIR'] ?? './data';
  const token = values.token ?? (process.env['CHAINHOOK_AUTH_TOKEN'] || undefined) ?? readMadeToken(dataDir);
  if (token === undefined)
    throw new UsageError(`no token: give --token or CHAINHOOK_AUTH_TOKEN (the service made none under ${dataDir})`);
  return { file, bytes: stat.size, url: values.url.replace(/\/$/, ''), token, concurrency };
}

function parse(argv: readonly string[]): {
  values: { url: string; concurrency: string; token?: string | undefined };
  positionals: string[];
} {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        url: { type: 'string', default: `http://127.0.0.1:${process.env['PORT'] ?? '3001'}` },
        token: { type: 'string' },
        concurrency: { type: 'string', default: '1' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const { file, bytes, url, token, concurrency } = readOptions(process.argv.slice(2));
  const bar = new SingleBar({
    format: '{bar} {percentage} % · {lines} lines · {rate} lines/s · ETA {eta_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1_000;
  bar.start(bytes, 0, { lines: 0, rate: 0 });
  const target = { url, token, patienceMs: PATIENCE_MS };
  const summary = await run(
    readLines(file),
    (body) => deliver(body, target),
    concurrency,
    (line, { lines }) => {
      bar.update(Math.min(line.endsAt, bytes), { lines, rate: Math.round(lines / Math.max(seconds(), 0.001)) });
    },
  );
  bar.stop();
  process.stdout.write(`${report(summary, seconds())}\n`);
  return summary.refused > 0 || summary.ended !== undefined ? 1 : 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    else console.error(error);
    process.exitCode = 1;
  },
);
