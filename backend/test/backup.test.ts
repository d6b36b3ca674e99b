import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from './support/payloads.js';
import { TestService, TOKENS } from './support/service.js';

/** Backup and restore as a person uses them: the built commands, beside the built service. */
jest.setTimeout(300_000);

/** Snapshots may rest for 20 s after each of two passes, and a pass takes its time on a busy machine. */
const SETTLED_WITHIN_MS = 150_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function command(name: 'backup' | 'restore', dataDir: string, ...args: string[]): Promise<Ended> {
  const script = join(__dirname, `../dist/${name}.js`);
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env['PATH'], DATA_DIR: dataDir } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })));
}

const minting = (height: number): unknown =>
  payload('raw', { apply: [recentBlock(height, [tx(`mint ${height}`, [badgeMinted(height)])])] });

/** Damaged logs that were kept. */
async function keptIn({ dataDir }: TestService): Promise<string[]> {
  const log = join(dataDir, 'log');
  return (await readdir(log)).filter((name) => name.endsWith('.damaged')).map((name) => join(log, name));
}

/** All that a viewer is shown of the log, less what is of the moment or of the process. */
async function shown(service: TestService): Promise<string> {
  const aggregated = await service.read<Record<string, unknown>>('/api/analytics/aggregated');
  const { tip, reorgs, unproven } = await service.read<Record<string, unknown>>('/api/chain/status');
  const snapshots = await service.read<Record<string, unknown>[]>('/api/analytics/snapshots?period=weekly');
  return JSON.stringify([
    { ...aggregated, timestamp: '', cache: '' },
    { tip, reorgs, unproven },
    await service.read('/api/analytics/activity?limit=200'),
    // Taken in the background, at their own time, each up to where the log then was.
    snapshots.map((snapshot) => ({ ...snapshot, takenAt: '', seq: 0 })),
    await asAdmin(service, '/api/quarantine').then((response) => response.json()),
  ]);
}

/** Once both have folded what was delivered, and taken their snapshots. */
async function expectSame(one: TestService, other: TestService): Promise<void> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  while (Date.now() < deadline && (await shown(one)) !== (await shown(other)))
    await new Promise((resolve) => setTimeout(resolve, 250));
  const [first, second] = [await shown(one), await shown(other)];
  // Tells what differs; the next line, that nothing does, not even an order.
  expect(JSON.parse(first)).toEqual(JSON.parse(second));
  expect(first).toBe(second);
}

function asAdmin(service: TestService, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(service.url + path, {
    ...init,
    headers: { authorization: `Bearer ${TOKENS.admin}`, 'content-type': 'application/json' },
  });
}

describe('a backup', () => {
  let scratch: string;
  let file: string;
  let service: TestService;
  const started: TestService[] = [];
  const start = async (dataDir?: string): Promise<TestService> => {
    const next = await TestService.start({
      env: { STACKS_DEPLOYER: DEPLOYER, ...(dataDir !== undefined && { DATA_DIR: dataDir }) },
    });
    started.push(next);
    return next;
  };

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'passportx-backup-'));
    file = join(scratch, 'all.backup');
    service = await start();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    await rm(scratch, { recursive: true });
  });

  test('of a running service restores into a new one that shows the same, byte for byte', async () => {
    for (let height = 1; height <= 12; height += 1) await service.deliver(minting(height));
    await service.deliver(
      payload('raw', { rollback: [recentBlock(12)], apply: [recentBlock(12, [], { fork: 'B', parentFork: 'A' })] }),
    );
    await service.deliver({ not: 'a payload' });
    expect(
      (await asAdmin(service, '/api/analytics/snapshot', { method: 'POST', body: '{"period":"weekly"}' })).status,
    ).toBe(201);

    const taken = await command('backup', service.dataDir, file);
    expect(taken).toMatchObject({ code: 0, errors: '' });
    expect(taken.output).toContain('tokens are not in it');
    const target = join(scratch, 'restored');
    expect(await command('restore', target, file)).toMatchObject({ code: 0, errors: '' });
    expect(await readdir(target)).toEqual(['log']);

    const restored = await start(target);
    await expectSame(restored, service);
    // It goes on from there: what was known is known, what is new is new.
    expect(await (await restored.deliver(minting(11))).json()).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await (await restored.deliver(minting(13))).json()).toMatchObject({ accepted: 1, duplicates: 0 });
  });

  test('taken while deliveries go on holds all that was acknowledged before, and nothing by halves', async () => {
    let acknowledged = 0;
    let delivering = true;
    const load = (async () => {
      for (let height = 1; delivering; height += 1) {
        const { status } = await service.deliver(minting(height));
        expect(status).toBe(200);
        acknowledged = height;
      }
    })();
    while (acknowledged < 50) await new Promise((resolve) => setTimeout(resolve, 10));
    const before = acknowledged;
    expect(await command('backup', service.dataDir, file)).toMatchObject({ code: 0, errors: '' });
    delivering = false;
    await load;

    const target = join(scratch, 'restored');
    expect((await command('restore', target, file)).code).toBe(0);
    const restored = await start(target);
    const { metrics } = await restored.read<{ metrics: { totalBadgesIssued: number } }>('/api/analytics/aggregated');
    const { tip } = await restored.read<{ tip: { height: number } }>('/api/chain/status');
    expect(metrics.totalBadgesIssued).toBe(tip.height);
    expect(tip.height).toBeGreaterThanOrEqual(before);
    expect(tip.height).toBeLessThanOrEqual(acknowledged);
    // What came after it is delivered again, as a node does from before the last block seen: nothing counts twice.
    for (let height = before; height <= acknowledged; height += 1) await restored.deliver(minting(height));
    await expectSame(restored, service);
  });

  test('that was changed, cut off or made by a newer version is refused in one line, and nothing is touched', async () => {
    for (let height = 1; height <= 5; height += 1) await service.deliver(minting(height));
    await command('backup', service.dataDir, file);
    const content = await readFile(file);
    const target = join(scratch, 'restored');
    const refusalOf = async (change: (copy: string) => Promise<void>): Promise<string> => {
      const copy = join(scratch, 'copy.backup');
      await copyFile(file, copy);
      await change(copy);
      const { code, errors, output } = await command('restore', target, copy, '--force');
      expect({ code, output, touched: existsSync(target) }).toEqual({ code: 1, output: '', touched: false });
      return errors.replace(copy, 'FILE');
    };
    const flip = (at: number) => async (copy: string) => {
      const handle = await open(copy, 'r+');
      await handle.write(Buffer.from([(content[at] ?? 0) ^ 1]), 0, 1, at);
      await handle.close();
    };
    const cut = 'FILE is cut off: it does not end with its checksum\n';
    const damaged = 'FILE is damaged: its content has another checksum\n';
    expect(await refusalOf((copy) => truncate(copy, content.length - 1))).toBe(cut);
    expect(await refusalOf((copy) => truncate(copy, Math.floor(content.length / 2)))).toBe(cut);
    expect(await refusalOf((copy) => truncate(copy, 0))).toBe('FILE is no backup of this service\n');
    expect(await refusalOf(flip(content.indexOf('\n') + 40))).toBe(damaged);
    expect(await refusalOf(flip(content.indexOf('"at"') + 8))).toBe(damaged);
    expect(await refusalOf(flip(content.length - 5))).toMatch(/^FILE is (damaged|cut off): .*checksum\n$/);
    expect(
      await refusalOf((copy) =>
        writeFile(copy, content.toString('latin1').replace('"format":1', '"format":9'), 'latin1'),
      ),
    ).toBe('FILE has format 9, this version reads up to 1: update the service\n');
    expect(await refusalOf((copy) => rm(copy))).toBe('FILE cannot be read: ENOENT\n');
  });

  test('is not restored over what is there, unless told to; then tokens stay, and the old numbers are gone', async () => {
    await service.deliver(minting(1));
    await command('backup', service.dataDir, file);
    for (let height = 2; height <= 9; height += 1) await service.deliver(minting(height));
    expect(await command('backup', service.dataDir, file)).toMatchObject({
      code: 1,
      errors: `${file} exists already\n`,
    });

    expect(await command('restore', service.dataDir, file)).toMatchObject({
      code: 1,
      errors: `DATA_DIR ${service.dataDir} is not empty: --force replaces what is in it\n`,
    });
    expect((await command('restore', service.dataDir, file, '--force')).errors).toMatch(
      /^process \d+ uses .*: stop it first\n$/,
    );
    await service.kill('SIGTERM');
    const kept = await readFile(join(service.dataDir, 'session.key'));
    expect(await command('restore', service.dataDir, file, '--force')).toMatchObject({ code: 0, errors: '' });
    await service.restart();
    const { metrics } = await service.read<{ metrics: { totalBadgesIssued: number } }>('/api/analytics/aggregated');
    const { tip } = await service.read<{ tip: { height: number } }>('/api/chain/status');
    expect([metrics.totalBadgesIssued, tip.height]).toEqual([1, 1]);
    expect(await readFile(join(service.dataDir, 'session.key'))).toEqual(kept);
  });

  /** What a power cut, a full disk or a person may leave of a log, whose first two pages name the others. */
  const zeroed = async (path: string): Promise<void> => writeFile(path, (await readFile(path)).fill(0, 8_192));
  test.each<[string, (path: string) => Promise<void>]>([
    ['cut', async (path) => truncate(path, Math.floor((await stat(path)).size / 2))],
    ['overwritten', async (path) => writeFile(path, 'x'.repeat((await stat(path)).size))],
    ['zeroed', zeroed],
    ['emptied', (path) => truncate(path, 0)],
  ])('takes the place of a log that is %s, when told to, and keeps that one beside it', async (_how, harm) => {
    for (let height = 1; height <= 9; height += 1) await service.deliver(minting(height));
    await command('backup', service.dataDir, file);
    const told = async (): Promise<unknown[]> => {
      const { metrics } = await service.read<{ metrics: unknown }>('/api/analytics/aggregated');
      return [metrics, await service.read('/api/analytics/activity?limit=200')];
    };
    const before = await told();
    expect(before).toMatchObject([{ totalBadgesIssued: 9 }, {}]);
    await service.kill('SIGTERM');
    const log = join(service.dataDir, 'log', 'log.mdb');
    await harm(log);
    const damaged = await readFile(log);
    expect(await command('restore', service.dataDir, file)).toMatchObject({
      code: 1,
      errors: `DATA_DIR ${service.dataDir} is not empty: --force replaces what is in it\n`,
    });
    expect((await readFile(log)).equals(damaged)).toBe(true);
    const restored = await command('restore', service.dataDir, file, '--force');
    // `lmdb` may say a word of its own.
    expect(restored).toMatchObject({ code: 0 });
    expect(restored.output).toContain('The log that was there is damaged, and kept as ');
    const [kept = 'none'] = await keptIn(service);
    expect(restored.output).toContain(kept);
    expect((await readFile(kept)).equals(damaged)).toBe(true);
    await service.restart();
    expect(await told()).toEqual(before);
  });

  test('does not take the place of a log that was damaged under a service which still has it open', async () => {
    await service.deliver(minting(1));
    await command('backup', service.dataDir, file);
    const log = join(service.dataDir, 'log', 'log.mdb');
    const handle = await open(log, 'r+');
    // The word that it is LMDB's, which is read when it is opened.
    await handle.write(Buffer.alloc(4), 0, 4, 24);
    await handle.close();
    expect(await command('restore', service.dataDir, file, '--force')).toMatchObject({
      code: 1,
      errors: `process ${service.pid} uses ${join(service.dataDir, 'log')}: stop it first\n`,
    });
    expect(await keptIn(service)).toEqual([]);
    await service.kill('SIGTERM');
    expect(await command('restore', service.dataDir, file, '--force')).toMatchObject({ code: 0, errors: '' });
  });

  test("is its directory's owner's when it is restored, also when root does it, as with sudo", async () => {
    await command('backup', service.dataDir, file);
    const home = join(scratch, 'home');
    await mkdir(home);
    if (process.getuid?.() === 0) await chown(home, 65_534, 65_534);
    const { uid, gid } = await stat(home);
    const whose = async (...names: string[]) =>
      Promise.all(
        names.map(async (name) => stat(join(home, 'new/data', name)).then(({ uid, gid }) => ({ name, uid, gid }))),
      );
    // As it is set most often: DATA_DIR is `./data` by itself.
    const target = relative(process.cwd(), join(home, 'new/data'));
    expect((await command('restore', target, file)).code).toBe(0);
    const made = ['..', '.', 'log', 'log/log.mdb'];
    expect(await whose(...made)).toEqual(made.map((name) => ({ name, uid, gid })));
    expect((await command('restore', target, file, '--force')).code).toBe(0);
    // Whoever looks whether the log is used makes the lock.
    expect(await whose('log/log.mdb', 'log/log.mdb-lock')).toEqual(
      ['log/log.mdb', 'log/log.mdb-lock'].map((name) => ({ name, uid, gid })),
    );
  });
});
