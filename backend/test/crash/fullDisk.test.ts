import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from '../support/payloads.js';
import { TestService, TOKENS } from '../support/service.js';
import type { Aggregated } from '../../src/contract/index.js';

/**
 * The whole service when its files cannot grow, in the ways that this machine has: the limit of a file's size
 * (`prlimit --fsize`), set and lifted while it runs, fails its writes as a full disk does; where a file system can be
 * mounted, a small one is filled up.
 */
const MINTS = 40;
const PATIENCE_MS = 60_000;

let service: TestService;

/** A way in which the disk gets full, and has room again. */
interface Way {
  readonly name: string;
  /** What the system says of a write then. */
  readonly reason: RegExp;
  /** @returns the directory for the data. */
  prepare(): Promise<string>;
  fill(dataDir: string): Promise<void>;
  makeRoom(dataDir: string): Promise<void>;
  remove(dataDir: string): Promise<void>;
}

const limitFiles = (bytes: number | 'unlimited'): void =>
  void execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${bytes}:`]);

const fileLimit: Way = {
  name: 'by the limit of a file',
  reason: /^Not ready: the log cannot be written: the file may not grow: \d+ bytes are needed/,
  prepare: () => mkdtemp(join(tmpdir(), 'passportx-full-')),
  fill: async (dataDir) => limitFiles((await stat(join(dataDir, 'log', 'log.mdb'))).size),
  makeRoom: () => Promise.resolve(limitFiles('unlimited')),
  remove: (dataDir) => rm(dataDir, { recursive: true }),
};

const FILE_SYSTEM = ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs'];
const smallFileSystem: Way = {
  name: 'by all that a small file system holds',
  reason: /^Not ready: the log cannot be written: the disk is full: \d+ bytes are needed, \d+ are left/,
  prepare: async () => {
    const dir = await mkdtemp(join(tmpdir(), 'passportx-full-'));
    execFileSync('mount', [...FILE_SYSTEM, dir]);
    return dir;
  },
  fill: async (dataDir) => {
    const { bavail, bsize } = await statfs(dataDir);
    // The service may take some of it meanwhile.
    await writeFile(join(dataDir, 'ballast'), Buffer.alloc(bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
    });
  },
  makeRoom: (dataDir) => rm(join(dataDir, 'ballast')),
  remove: async (dataDir) => {
    execFileSync('umount', [dataDir]);
    await rm(dataDir, { recursive: true });
  },
};

/** Mounting takes rights that users and containers seldom have. */
function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'passportx-full-'));
  const mounted = spawnSync('mount', [...FILE_SYSTEM, dir]).status === 0;
  const can = mounted && spawnSync('umount', [dir]).status === 0;
  rmdirSync(dir);
  return can;
}

/** Block `height` with badges of its own. */
const delivery = (height: number): unknown =>
  payload('raw', {
    apply: [
      recentBlock(height, [
        tx(
          `mints of ${height}`,
          Array.from({ length: MINTS }, (_, i) => badgeMinted(height * MINTS + i)),
        ),
      ]),
    ],
  });

const readiness = async (): Promise<{ status: number; detail?: string }> => {
  const response = await fetch(`${service.url}/health/ready`);
  return { status: response.status, ...((await response.json()) as { detail?: string }) };
};

const FROM_FOLDS = ['/api/analytics/aggregated'];
const FROM_READ_MODEL = [
  '/api/badges',
  '/api/analytics/activity',
  '/api/analytics/query?metric=badgesIssued&groupBy=badge&interval=total',
];

const statuses = (paths: readonly string[]): Promise<number[]> =>
  Promise.all(
    paths.map(async (path) => {
      const headers = { authorization: `Bearer ${TOKENS.viewer}` };
      return (await fetch(service.url + path, { headers })).status;
    }),
  );

async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (holds(answer) || Date.now() > deadline) return answer;
    await sleep(50);
  }
}

const linesOf = (message: string): string[] => service.output.split('\n').filter((line) => line.includes(message));

describe.each(canMount() ? [fileLimit, smallFileSystem] : [fileLimit])('a disk that is full $name', (way) => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await way.prepare();
    service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, DATA_DIR: dataDir } });
  });
  afterEach(async () => {
    await service.stop();
    await way.remove(dataDir);
  });

  it('acknowledges nothing that it cannot keep, is not ready, says why once, and goes on by itself when there is room', async () => {
    const acknowledged = new Set<number>();
    let height = 1;
    for (; height <= 20; height += 1) if ((await service.deliver(delivery(height))).ok) acknowledged.add(height);
    expect(acknowledged.size).toBe(20);
    expect(await readiness()).toMatchObject({ status: 200 });

    await way.fill(dataDir);
    const refused: number[] = [];
    const answers: unknown[] = [];
    for (; refused.length < 10 && height < 200; height += 1) {
      const response = await service.deliver(delivery(height));
      if (response.ok) {
        acknowledged.add(height);
        continue;
      }
      refused.push(height);
      const { detail } = (await response.json()) as { detail: string };
      answers.push({ status: response.status, retryAfter: response.headers.get('retry-after'), detail });
    }
    expect(answers).toEqual(
      Array.from({ length: 10 }, () => ({
        status: 503,
        retryAfter: '5',
        detail: expect.stringMatching(/^The store cannot be written at present/) as string,
      })),
    );
    expect(await readiness()).toMatchObject({
      status: 503,
      detail: expect.stringMatching(way.reason) as string,
    });
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    // What was folded is in memory; the read model may lack the room to follow the log, and says so.
    expect(await statuses(FROM_FOLDS)).toEqual([200]);
    for (const status of await statuses(FROM_READ_MODEL)) expect([200, 503]).toContain(status);
    expect(linesOf('store takes no writes')).toHaveLength(1);

    await way.makeRoom(dataDir);
    // Without a delivery: whoever asks for readiness before it delivers must see that there is room.
    expect(await until(readiness, ({ status }) => status === 200)).toMatchObject({ status: 200 });
    const takesAgain = (): Promise<string[]> => Promise.resolve(linesOf('store takes writes again'));
    expect(await until(takesAgain, ({ length }) => length > 0)).toHaveLength(1);
    // No other line tells of it, and none is printed beside the log.
    expect(linesOf('snapshots could not be taken')).toEqual([]);
    expect(service.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
    for (const again of [...refused, ...acknowledged])
      expect((await service.deliver(delivery(again))).status).toBe(200);
    const lists = (): Promise<number[]> => statuses(FROM_READ_MODEL);
    expect(new Set(await until(lists, (found) => found.every((each) => each === 200)))).toEqual(new Set([200]));
    const issued = (refused.length + acknowledged.size) * MINTS;
    const metrics = (): Promise<Aggregated> => service.read<Aggregated>('/api/analytics/aggregated');
    expect((await until(metrics, (told) => told.metrics.totalBadgesIssued >= issued)).metrics).toMatchObject({
      totalBadgesIssued: issued,
    });
    await service.kill();
    await service.restart();
    expect((await metrics()).metrics.totalBadgesIssued).toBe(issued);
  });
});
