import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_FLAGS } from '../../backend/test/support/nodeFlags.js';

/**
 * The built service as a process of its own, as `npm start` runs it, on loopback and with data of its own. What it logs
 * goes to a file beside the data.
 */
export interface DemoService {
  readonly url: string;
  /** Resolves when the process ended without being asked to, with what it said last. */
  readonly died: Promise<string>;
  /** Ends it in order: what waits is written first. */
  stop(): Promise<void>;
}

export class StartError extends Error {
  override readonly name = 'StartError';
}

const START_MS = 30_000;
const STOP_MS = 10_000;
const SETTINGS = /^(ANALYTICS|CHAINHOOKS?|STACKS|MONGODB|CORS)_/;

/** @throws {StartError} with one line that says why it could not start. */
export async function startService(main: string, port: number, dataDir: string): Promise<DemoService> {
  if (!(await isFree(port)))
    throw new StartError(`Port ${port} is taken: end what listens there, or choose another with --port`);
  const logFile = join(dataDir, 'service.log');
  const child = run(main, port, dataDir, logFile);
  let stopping = false;
  const ended = once(child, 'exit').then(() => lastLines(logFile));
  const died = ended.then((said) => (stopping ? new Promise<string>(() => undefined) : said));
  const stop = async (): Promise<void> => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
  };
  const url = `http://127.0.0.1:${port}`;
  const ready = await Promise.race([isReady(url), ended.then((said) => said || 'it ended without a word')]);
  if (ready === true) return { url, died, stop };
  await stop();
  throw new StartError(`The service did not start: ${ready === false ? `not ready after ${START_MS} ms` : ready}`);
}

function run(main: string, port: number, dataDir: string, logFile: string): ChildProcess {
  // Settings of a real installation in the caller's environment must not leak into the demo.
  const inherited = Object.entries(process.env).filter(([name]) => !SETTINGS.test(name));
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...NODE_FLAGS, main], {
    env: {
      ...Object.fromEntries(inherited),
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      STACKS_NETWORK: 'devnet',
      ANALYTICS_PUBLIC_DASHBOARD: 'true',
      ANALYTICS_BATCH_TIMEOUT_MS: '1000',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function isReady(url: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < START_MS; waitedMs += 100) {
    const response = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (response?.ok === true) return true;
    await sleep(100);
  }
  return false;
}

function lastLines(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
}
