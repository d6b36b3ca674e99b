import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { payloadV1, type Delivery } from './chain/payloadV1.js';
import { deliver, DeliveryEndedError } from './deliver.js';
import { mineHistory } from './demo/history.js';
import { LIVE_TEMPO, LiveChain, type Reorg } from './demo/live.js';
import { Random } from './demo/random.js';
import { startService, StartError, type DemoService } from './demo/service.js';
import { Story } from './demo/story.js';
import { readMadeToken } from './tokens.js';

/**
 * `npm run demo`: the built service, three months of history from the real contracts in the simnet, then a live chain
 * with a short reorganisation now and then. Needs nothing but what `npm ci` installs, and leaves nothing behind.
 */
const USAGE = `npm run demo -- [--port 3001] [--duration SECONDS] [--seed 1] [--data EMPTY_DIRECTORY]
Ends on Ctrl-C, or after --duration seconds of the live chain. --data keeps what the service stored.`;

const MAIN = resolve('backend/dist/main.js');
/** The demo's own service is busy for moments, never for minutes. */
const PATIENCE_MS = 30_000;
/** Three months. */
const HISTORY_DAYS = 91;

class UsageError extends Error {}

interface Options {
  readonly port: number;
  readonly seed: number;
  /** Undefined: until Ctrl-C. */
  readonly durationMs: number | undefined;
  readonly data: string | undefined;
}

function readOptions(args: string[]): Options {
  let values;
  try {
    const text = { type: 'string' } as const;
    ({ values } = parseArgs({ args, options: { port: text, seed: text, duration: text, data: text } }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const whole = (name: 'port' | 'seed' | 'duration', max: number): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value) || Number(value) > max)
      throw new UsageError(`--${name} must be a whole number up to ${max}, not "${value}"`);
    return Number(value);
  };
  const duration = whole('duration', 1_000_000);
  if (values.data !== undefined && existsSync(values.data) && readdirSync(values.data).length > 0)
    throw new UsageError(`--data must name an empty directory: ${values.data} is not`);
  return {
    port: whole('port', 65_535) ?? 3001,
    seed: whole('seed', 2 ** 32 - 1) ?? 1,
    durationMs: duration === undefined ? undefined : duration * 1_000,
    data: values.data,
  };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function describe({ lost, won, broughtBack, waiting }: Reorg): string {
  const first = lost[0]?.height ?? 0;
  const heights = lost.length === 1 ? `block ${first}` : `blocks ${first}–${first + lost.length - 1}`;
  const time = new Date().toISOString().slice(11, 19);
  return `${time}  reorg: ${heights} replaced by ${won.length} others; ${broughtBack} transactions came back, ${waiting} wait for the next block`;
}

/** Mines and posts until `end`, which it calls itself when the time is up. */
async function play(service: DemoService, token: string, options: Options, end: AbortController): Promise<void> {
  const { signal } = end;
  const target = { url: service.url, token, patienceMs: PATIENCE_MS };
  const post = async (delivery: Delivery): Promise<void> => {
    const delivered = await deliver(JSON.stringify(payloadV1(delivery, 'raw')), target);
    if (delivered.kind === 'refused') throw new DeliveryEndedError(delivered.reason);
  };
  const random = new Random(options.seed);
  const story = new Story(random);
  const bar = new SingleBar({
    format: 'Three months of history  {bar} {percentage} %',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  bar.start(1, 0);
  const history = await mineHistory(
    story,
    random,
    Math.floor(Date.now() / 1_000),
    HISTORY_DAYS,
    async (blocks, done) => {
      signal.throwIfAborted();
      await post({ apply: blocks });
      bar.update(done);
    },
  ).finally(() => bar.stop());

  say(`
Dashboard  http://localhost:${options.port}     API  http://localhost:${options.port}/api/docs

A block every two seconds: watch the headline numbers, the line of today and "Happening now" change in place.
After some 20 seconds, and every 45 from then on, the last blocks lose against others: the page says how many badges
were withdrawn and issued again. Ctrl-C ends it.
`);
  if (options.durationMs !== undefined) setTimeout(() => end.abort(), options.durationMs);
  const onReorg = (reorg: Reorg): void => say(describe(reorg));
  await new LiveChain(history, { story, random, tempo: LIVE_TEMPO, post, onReorg, signal }).run();
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    say(USAGE);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  const { port, data } = options;
  if (!existsSync(MAIN)) throw new StartError('The service is not built: run npm run build first');
  const dataDir = data === undefined ? mkdtempSync(join(tmpdir(), 'passportx-demo-')) : resolve(data);
  mkdirSync(dataDir, { recursive: true });
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.abort());

  try {
    const service = await startService(MAIN, port, dataDir);
    try {
      const token = readMadeToken(dataDir);
      if (token === undefined) throw new StartError(`The service made no token under ${dataDir}`);
      const died = service.died.then((said) => {
        throw new StartError(`The service ended: ${said}`);
      });
      await Promise.race([play(service, token, options, end), died]);
    } finally {
      await service.stop();
    }
  } catch (error) {
    if (!end.signal.aborted) throw error;
  } finally {
    if (data === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
  say('Ended.');
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${USAGE}\n`);
    else if (error instanceof StartError || error instanceof DeliveryEndedError)
      process.stderr.write(`${error.message}\n`);
    else console.error(error);
    process.exit(1);
  },
);
