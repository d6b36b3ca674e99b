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
const MINTS = 10;
/** As many nodes and tries of theirs as deliver at once, until so many were refused. */
const SENDERS = 16;
const REFUSALS = 10;
const EXPECTED: ReadonlySet<string> = new Set([
  'store takes no writes: nothing is acknowledged until it does',
  'read model could not catch up',
  'snapshots could not be taken, will be tried again',
]);
/** Level of a log line. */
const WARN = 40;
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

const badgesOf = (height: number): number[] => Array.from({ length: MINTS }, (_, i) => height * MINTS + i);
/** Block `height` with badges of its own. */
const delivery = (height: number): unknown =>
  payload('raw', {
    apply: [
      recentBlock(height, [
        tx(
          `mints of ${height}`,
          badgesOf(height).map((badge) => badgeMinted(badge)),
        ),
      ]),
    ],
  });
const deliver = (height: number): Promise<Response> => service.deliver(delivery(height));

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

/** All that the lists hold, page by page. */
async function lists(): Promise<Record<string, readonly object[]>> {
  const found: Record<string, object[]> = {};
  for (const list of ['issued-badges', 'badges', 'users', 'issuers']) {
    const items: object[] = (found[list] = []);
    for (let after: string | null = ''; after !== null;) {
      const page: ListPage = await service.read<ListPage>(`/api/${list}?limit=200${after && `&after=${after}`}`);
      items.push(...page.items);
      after = page.next;
    }
  }
  return found;
}
interface ListPage {
  readonly items: readonly object[];
  readonly next: string | null;
}

/** What the lines say that ask for attention. */
const troubles = (): string[] =>
  service.output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .filter(({ level }) => level >= WARN)
    .map(({ msg }) => msg);

const describeOnSmall = canMount() ? describe : describe.skip;
describe('a disk that is full by the limit of a file', () => {
  fillsUp(fileLimit);
});
describeOnSmall('a disk that is full by all that a small file system holds', () => {
  fillsUp(smallFileSystem);
});

function fillsUp(way: Way): void {
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
    for (; height <= 20; height += 1) if ((await deliver(height)).ok) acknowledged.add(height);
    expect(acknowledged.size).toBe(20);
    expect(await readiness()).toMatchObject({ status: 200 });

    await way.fill(dataDir);
    const refused: number[] = [];
    const answers: unknown[] = [];
    const sender = async (): Promise<void> => {
      while (refused.length < REFUSALS && height < 400) {
        const mine = height;
        height += 1;
        const response = await deliver(mine);
        if (response.ok) {
          acknowledged.add(mine);
          continue;
        }
        refused.push(mine);
        const { detail } = (await response.json()) as { detail: string };
        answers.push({ status: response.status, retryAfter: response.headers.get('retry-after'), detail });
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    expect(refused.length).toBeGreaterThanOrEqual(REFUSALS);
    expect(answers).toEqual(
      Array.from(refused, () => ({
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
    // Of each kind of trouble one line, but that each read which could not be answered has its own.
    const told = troubles().filter((message) => message !== 'request failed');
    expect(told.filter((message) => message.startsWith('store takes no writes'))).toHaveLength(1);
    expect(told).toEqual([...new Set(told)]);
    expect(told.filter((message) => !EXPECTED.has(message))).toEqual([]);
    expect(troubles().length - told.length).toBeLessThanOrEqual(FROM_READ_MODEL.length);
    expect(service.output.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
    for (const again of [...refused, ...acknowledged]) expect((await deliver(again)).status).toBe(200);
    const asked = (): Promise<number[]> => statuses(FROM_READ_MODEL);
    expect(new Set(await until(asked, (found) => found.every((each) => each === 200)))).toEqual(new Set([200]));
    const issued = (refused.length + acknowledged.size) * MINTS;
    const metrics = (): Promise<Aggregated> => service.read<Aggregated>('/api/analytics/aggregated');
    expect((await until(metrics, (told) => told.metrics.totalBadgesIssued >= issued)).metrics).toMatchObject({
      totalBadgesIssued: issued,
    });
    const listed = await lists();
    const ids = [...refused, ...acknowledged].flatMap(badgesOf).map(String).sort();
    expect(listed['issued-badges']?.map((item) => (item as { id: string }).id).sort()).toEqual(ids);
    expect(listed['badges']).toMatchObject([{ issued, held: issued }]);
    await service.kill();
    await service.restart();
    expect((await metrics()).metrics.totalBadgesIssued).toBe(issued);
    expect(await lists()).toEqual(listed);
  });
}
