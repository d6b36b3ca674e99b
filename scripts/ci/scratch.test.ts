import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where the files of a test run go. The module is one that node runs itself, so it does here. */
const MODULE = join(__dirname, 'scratch.mjs');
const MEMORY = '/dev/shm';

interface Scratch {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes one in a process of its own, with something in it. @returns it, and what ends the process and tells its end */
async function makeScratch(options: object): Promise<Scratch & { end(signal?: NodeJS.Signals): Promise<unknown[]> }> {
  const program = `import { writeFileSync } from 'node:fs';
    import { makeScratch } from ${JSON.stringify(MODULE)};
    const scratch = makeScratch(${JSON.stringify(options)});
    writeFileSync(scratch.dir + '/log', 'a gigabyte');
    console.log(JSON.stringify(scratch));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    ...(JSON.parse(line) as Scratch),
    end: (signal) => {
      if (signal === undefined) child.stdin.end();
      else child.kill(signal);
      return ended;
    },
  };
}

test.each([
  { how: 'by itself', signal: undefined, code: 0 },
  { how: 'by SIGTERM', signal: 'SIGTERM', code: 143 },
  { how: 'by SIGINT', signal: 'SIGINT', code: 130 },
] as const)('a run that ends $how leaves nothing of what its tests wrote', async ({ signal, code }) => {
  const { dir, end } = await makeScratch({});
  expect(existsSync(join(dir, 'log'))).toBe(true);
  expect(await end(signal)).toEqual([code, null]);
  expect(existsSync(dir)).toBe(false);
});

test.each([
  { where: 'there is no file system in memory', options: { memory: '/proc' } },
  { where: 'there is no such directory', options: { memory: '/no/such/directory' } },
  { where: 'that is too small', options: { room: 2 ** 60 } },
  { where: 'the machine has too little memory', options: { freeMemory: 2 ** 60 } },
])('it is on the disk where $where, and tests are told nothing', async ({ options }) => {
  const { dir, env, end } = await makeScratch({ room: 0, freeMemory: 0, ...options });
  await end();
  expect([dirname(dir), env]).toEqual([tmpdir(), {}]);
});

if (existsSync(MEMORY)) {
  test('it is in memory where there is room, and tests are told where the disk is', async () => {
    const { dir, env, end } = await makeScratch({ memory: MEMORY, room: 0, freeMemory: 0 });
    await end();
    expect([dirname(dir), env]).toEqual([MEMORY, { TMPDIR: dir, TMPDIR_ON_DISK: tmpdir() }]);
  });
}
