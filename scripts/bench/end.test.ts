import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Starts a process that would go on, with the same output; puts a file where temporary ones go, and tells where. */
const PROGRAM = `
  import { spawn } from 'node:child_process';
  import { mkdtempSync, writeFileSync } from 'node:fs';
  import { tmpdir } from 'node:os';
  import { join } from 'node:path';
  import { endWithAllStarted } from './scripts/bench/end.ts';
  endWithAllStarted();
  spawn(process.execPath, ['--eval', 'setTimeout(() => undefined, 60_000)'], { stdio: 'inherit' });
  const dir = mkdtempSync(join(tmpdir(), 'passportx-history-'));
  writeFileSync(join(dir, 'log'), 'a gigabyte');
  console.log(dir);
`;

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  'a run that %s ends leaves no service and no store',
  async (signal, code) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Not `exit`: whoever it started must have closed its output too.
    const ended = once(child, 'close');
    const [dir] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect(existsSync(dir)).toBe(true);
    child.kill(signal);
    expect(await ended).toEqual([code, null]);
    expect(existsSync(dir)).toBe(false);
  },
  30_000,
);
