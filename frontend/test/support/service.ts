/**
 * The built service as a process of its own on a data directory of its own, fed through its front door, killed without
 * warning and started again: what a page meets in real life.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_FLAGS } from '../../../backend/test/support/nodeFlags';
import { DEPLOYER, payloadText, type DeliveryDescription } from '../../../backend/test/support/payloads';

const MAIN = resolve(__dirname, '../../../backend/dist/main.js');
const TOKENS = {
  chainhook: 'token-of-the-node',
  viewer: 'token-of-a-viewer',
  admin: 'token-of-an-admin',
  write: 'token-of-the-app',
};
/** Far more than a start takes, also beside other tests. */
const START_MS = 60_000;

export interface Service {
  readonly url: string;
  readonly viewerToken: string;
  readonly adminToken: string;
  readonly chainhookToken: string;
  /** Posts a payload as a node does; it must be answered 200. */
  deliver(delivery: DeliveryDescription): Promise<void>;
  /** Posts any JSON as a node does; it must be answered 200. */
  post(body: string): Promise<void>;
  /** Ends the process without warning. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** @param options.open whether anyone may view, without a token */
export async function startService({ open }: { readonly open: boolean }): Promise<Service> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'passportx-browser-'));
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    STACKS_NETWORK: 'devnet',
    STACKS_DEPLOYER: DEPLOYER,
    CHAINHOOK_AUTH_TOKEN: TOKENS.chainhook,
    ANALYTICS_VIEWER_TOKEN: TOKENS.viewer,
    ANALYTICS_ADMIN_TOKEN: TOKENS.admin,
    ANALYTICS_WRITE_KEY: TOKENS.write,
    ANALYTICS_PUBLIC_DASHBOARD: String(open),
    ANALYTICS_BATCH_TIMEOUT_MS: '100',
    LOG_LEVEL: 'error',
  };

  let running: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const child = spawn(process.execPath, [...NODE_FLAGS, MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    running = child;
    const deadline = Date.now() + START_MS;
    while (!(await isReady(url))) {
      if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode} before it was ready`);
      if (Date.now() > deadline) throw new Error(`The service was not ready after ${START_MS} ms`);
      await sleep(50);
    }
  };
  const kill = async (): Promise<void> => {
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };

  const post = async (body: string): Promise<void> => {
    const response = await fetch(`${url}/api/chainhook/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.chainhook}`, 'content-type': 'application/json' },
      body,
    });
    if (response.status !== 200)
      throw new Error(`The delivery was answered ${response.status}: ${await response.text()}`);
  };

  await start();
  return {
    url,
    viewerToken: TOKENS.viewer,
    adminToken: TOKENS.admin,
    chainhookToken: TOKENS.chainhook,
    deliver: (delivery) => post(payloadText('raw', delivery)),
    post,
    kill,
    restart: start,
    async close() {
      await kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}
