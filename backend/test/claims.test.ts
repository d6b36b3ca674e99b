import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { claimStore } from '../src/log/claim.js';
import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from './support/payloads.js';
import { TestService } from './support/service.js';

/** Commands that work on the files of a service, and one that is started meanwhile, as a supervisor does after an end. */
jest.setTimeout(300_000);

const minting = (height: number): unknown =>
  payload('raw', { apply: [recentBlock(height, [tx(`mint ${height}`, [badgeMinted(height)])])] });

/** Runs as another user where this one is root, to whom nothing is forbidden. */
const AS_ANOTHER = `
  const { claimStore, expectUnclaimed } = await import(process.argv[1]);
  if (process.getuid() === 0) process.setuid(65534);
  for (const step of [expectUnclaimed, claimStore]) await step(process.argv[2]).catch(({ name, message }) => console.log(name, message));
`;

test('a claim that another user made is told of: nobody else can see whether it is held', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-claims-'));
  const file = join(dir, 'claim.mdb');
  await (await claimStore(dir)).release();
  await chmod(dir, 0o755);
  const files = [file, `${file}-lock`];
  for (const name of files) await chmod(name, 0o666);
  for (const name of files) {
    await chmod(name, 0o444);
    const module = pathToFileURL(resolve('backend/dist/log/claim.js')).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', AS_ANOTHER, module, dir]);
    const told = `ConfigError no right to use ${name}, which a command of another user made: give it to this one, or remove it while no command runs\n`;
    expect(await text(child.stdout)).toBe(told + told);
    await chmod(name, 0o666);
  }
  await rm(dir, { recursive: true });
});

describe('while a command works on the files of a service', () => {
  let scratch: string;
  let paused: string;
  let service: TestService;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'passportx-claims-'));
    paused = join(scratch, 'paused');
    service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER } });
    await service.deliver(minting(1));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(async () => {
    await service.stop();
    await rm(scratch, { recursive: true });
  });

  /** A built command on the data of the service. */
  function run(name: string, args: readonly string[], node: readonly string[] = []) {
    const child = spawn(process.execPath, [...node, resolve(`backend/dist/${name}.js`), ...args], {
      env: { PATH: process.env['PATH'], DATA_DIR: service.dataDir, PAUSED: paused } as NodeJS.ProcessEnv,
    });
    children.push(child);
    const ended = Promise.all([once(child, 'close'), text(child.stderr), text(child.stdout)]);
    return { child, ended: ended.then(([[code], errors]) => ({ code: code as number | null, errors })) };
  }

  /** One that stops right before it touches anything of the service's. */
  async function pausing(name: string, ...args: string[]) {
    const command = run(name, args, ['--import', resolve('backend/test/support/pauseBeforeRemoval.mjs')]);
    while (!existsSync(paused)) {
      if (command.child.exitCode !== null) throw new Error((await command.ended).errors);
      await sleep(10);
    }
    return { ...command, goOn: () => rm(paused) };
  }

  const refusal = ({ pid }: ChildProcess): string =>
    `process ${pid} restores, migrates or rebuilds ${join(service.dataDir, 'log')}: start again when it is done\n`;

  async function expectNoStart(by: ChildProcess): Promise<void> {
    const before = service.output.length;
    await expect(service.restart()).rejects.toThrow('the service ended with 1');
    expect(service.output.slice(before)).toBe(refusal(by));
  }

  const badges = async (): Promise<number> =>
    (await service.read<{ metrics: { totalBadgesIssued: number } }>('/api/analytics/aggregated')).metrics
      .totalBadgesIssued;

  test('while the service runs, no command that would change its files begins', async () => {
    const file = join(scratch, 'running.backup');
    expect(await run('backup', [file]).ended).toEqual({ code: 0, errors: '' });
    const errors = `process ${service.pid} uses ${join(service.dataDir, 'log')}: stop it first\n`;
    for (const [name, ...args] of [
      ['rebuild'],
      ['restore', file, '--force'],
      ['migrate', '--to', 'mongodb://127.0.0.1:9/none'],
    ] as const)
      expect(await run(name, args).ended).toEqual({ code: 1, errors });
    expect(await badges()).toBe(1);
  });

  test('a restore keeps the service from starting, and other commands out, to the last step', async () => {
    const file = join(scratch, 'all.backup');
    expect(await run('backup', [file]).ended).toEqual({ code: 0, errors: '' });
    for (const height of [2, 3]) await service.deliver(minting(height));
    await service.kill('SIGTERM');

    const restore = await pausing('restore', file, '--force');
    await expectNoStart(restore.child);
    for (const [name, ...args] of [
      ['rebuild'],
      ['restore', file, '--force'],
      ['migrate', '--to', 'mongodb://127.0.0.1:9/none'],
    ] as const)
      expect(await run(name, args).ended).toEqual({ code: 1, errors: refusal(restore.child) });
    await restore.goOn();
    expect(await restore.ended).toEqual({ code: 0, errors: '' });

    await service.restart();
    expect(await badges()).toBe(1);
  });

  test('a rebuild keeps it from starting', async () => {
    await service.kill('SIGTERM');
    const rebuild = await pausing('rebuild');
    await expectNoStart(rebuild.child);
    await rebuild.goOn();
    expect(await rebuild.ended).toEqual({ code: 0, errors: '' });
    await service.restart();
    expect(await badges()).toBe(1);
  });

  test('a move to MongoDB keeps it from starting, until it is killed', async () => {
    await service.kill('SIGTERM');
    // Takes the connection and never says a word.
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const called = once(silent, 'connection');
    const { port } = silent.address() as AddressInfo;
    const migrate = run('migrate', ['--to', `mongodb://127.0.0.1:${port}/moved`]);
    await called;
    // Halted, or it gives the silent one up, on a busy machine before the service has come to look.
    migrate.child.kill('SIGSTOP');
    await expectNoStart(migrate.child);
    migrate.child.kill('SIGKILL');
    await migrate.ended;
    silent.close();
    await service.restart();
    expect(await badges()).toBe(1);
  });
});
