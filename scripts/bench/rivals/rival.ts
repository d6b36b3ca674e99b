import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { NODE_FLAGS } from '../../../backend/test/support/nodeFlags.js';

/** What a rival is given. */
export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  /** What it answers, in the file `answer` of its directory. */
  readonly answer?: Uint8Array;
}

/**
 * Runs `work` against a rival: a process of its own, as the service is one, that prints its address when it listens. It has
 * a directory, RIVAL_DIR, for what it reads and writes, which is removed afterwards.
 */
export async function withRival<T>(
  program: string,
  { env, answer }: Given,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-rival-'));
  if (answer !== undefined) await writeFile(join(dir, 'answer'), answer);
  // With the flags of the service.
  const child = spawn(process.execPath, [...NODE_FLAGS, resolve('scripts/bench/rivals', program)], {
    env: { PATH: process.env['PATH'], RIVAL_DIR: dir, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const said = once(createInterface(child.stdout), 'line');
    const [url] = (await Promise.race([said, ended])) as [string | number | null];
    if (typeof url !== 'string') throw new Error(`${program} ended before it listened`);
    return await work(url);
  } finally {
    child.kill('SIGKILL');
    await ended;
    await rm(dir, { recursive: true, force: true });
  }
}
