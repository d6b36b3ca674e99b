import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE_FLAGS } from './nodeFlags.js';

/**
 * The built service as a process of its own, for tests that kill it, or look at it from outside. Its data outlives a
 * `kill`, so that `restart` finds what was acknowledged; `stop` removes it.
 */
export const TOKENS = {
  chainhook: 'test-chainhook-token',
  write: 'test-write-key-of-the-app',
  viewer: 'test-viewer-token',
  admin: 'test-admin-token',
} as const;

// Tests and scripts run from the root of the repository, as npm and jest see to.
const MAIN = resolve('backend/dist/main.js');
/** Far more than a start takes, also of a machine that is busy with other tests. */
const READY_WITHIN_MS = 60_000;

/** Between two questions whether it is: each costs both processes some of what the start needs. */
const ASK_MS = 100;
const READY = 'ready';

export interface ServiceOptions {
  /** Environment of the service beside what this helper sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Longest wait until it is ready; more for one that has a long log to fold. */
  readonly readyWithinMs?: number;
}

export class TestService {
  #process: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #output = '';

  private constructor(
    readonly port: number,
    readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly readyWithinMs: number,
  ) {}

  static async start(options: ServiceOptions = {}): Promise<TestService> {
    const service = await TestService.prepare(options);
    await service.restart();
    return service;
  }

  /** One that `restart` starts for the first time. */
  static async prepare({ env = {}, readyWithinMs = READY_WITHIN_MS }: ServiceOptions = {}): Promise<TestService> {
    if (!existsSync(MAIN)) throw new Error('the service is not built: run npm run build first');
    const dataDir = await mkdtemp(join(tmpdir(), 'passportx-service-'));
    return new TestService(await freePort(), dataDir, env, readyWithinMs);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Of the process that was started last. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Stops the process where it is, as a debugger or a frozen machine does. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Lets it go on. */
  wake(): void {
    this.#process?.kill('SIGCONT');
  }

  /** What the process has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when the process that was started last has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /**
   * Starts the process on the same port and data; resolves when it is ready.
   * @param env environment of this start alone
   * @throws {Error} with all that it printed when it ends before, or is not ready in time; it has ended then.
   */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const environment: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      PORT: String(this.port),
      DATA_DIR: this.dataDir,
      CHAINHOOK_AUTH_TOKEN: TOKENS.chainhook,
      ANALYTICS_WRITE_KEY: TOKENS.write,
      ANALYTICS_VIEWER_TOKEN: TOKENS.viewer,
      ANALYTICS_ADMIN_TOKEN: TOKENS.admin,
      ANALYTICS_BATCH_TIMEOUT_MS: '50',
      ...this.env,
      ...env,
    };
    const child = spawn(process.execPath, [...NODE_FLAGS, MAIN], {
      // Next's types want a NODE_ENV in every environment; a service is started without one.
      env: environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const note = (chunk: Buffer): void => void (this.#output += chunk.toString());
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    // Not `exit`: what it said last must have been read.
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    const deadline = Date.now() + this.readyWithinMs;
    let answer = '';
    while (Date.now() < deadline) {
      const end = child.exitCode ?? child.signalCode;
      if (end !== null)
        throw await this.#ended.then(() => new Error(`the service ended with ${end}:\n${this.#output}`));
      answer = await fetch(`${this.url}/health/ready`).then(
        async (response) => (response.ok ? READY : await response.text()),
        String,
      );
      if (answer === READY) return;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    await this.kill();
    throw new Error(`the service was not ready within ${this.readyWithinMs} ms (${answer}):\n${this.#output}`);
  }

  /** Sends `signal` and waits for the end. @returns the exit code, null after a SIGKILL. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  /** Ends the process and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Delivers one payload as a chain node does. */
  deliver(payload: unknown): Promise<Response> {
    return fetch(`${this.url}/api/chainhook/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKENS.chainhook}`, 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
  }

  /** Reads `path` as a viewer. @throws {Error} unless it is answered with 200. */
  async read<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path, { headers: { authorization: `Bearer ${TOKENS.viewer}` } });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

/** A port that was free a moment ago; kept over restarts, as a browser or a chain node keeps its address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
