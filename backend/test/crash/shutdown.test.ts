import { rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Aggregated } from '../../src/contract/index.js';
import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from '../support/payloads.js';
import { TestService, TOKENS } from '../support/service.js';
import { START_POINTS } from './phases.js';

/**
 * SIGTERM while deliveries come as fast as they are acknowledged: an orderly end, and nothing of it is lost. And the end of
 * a process of which a part failed.
 */
const SENDERS = 8;
const ENDS_WITHIN_MS = 10_000;

const OPTIONS = { env: { STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_TIMEOUT_MS: '5000' } };

let service: TestService;

describe('a service that runs', () => {
  beforeEach(async () => {
    service = await TestService.start(OPTIONS);
  });
  afterEach(() => service.stop());

  it('ends with 0 within 10 s of SIGTERM, folds what waits, and has everything that it acknowledged', async () => {
    const acknowledged: number[] = [];
    let next = 0;
    const sender = async (): Promise<void> => {
      for (;;) {
        const height = (next += 1);
        const minted = payload('raw', { apply: [recentBlock(height, [tx(`mint ${height}`, [badgeMinted(height)])])] });
        const response = await service.deliver(minted).catch(() => undefined);
        if (response?.status === 200) acknowledged.push(height);
        else return;
      }
    };
    const senders = Promise.all(Array.from({ length: SENDERS }, sender));
    await sleep(500);
    const exitCode = await Promise.race([
      service.kill('SIGTERM'),
      sleep(ENDS_WITHIN_MS, 'still running', { ref: false }),
    ]);
    await senders;
    expect(exitCode).toBe(0);
    expect(acknowledged.length).toBeGreaterThan(SENDERS);

    const said = service.output.length;
    await service.restart();
    // The checkpoint has all of it: nothing is left to be folded at the start.
    expect(service.output.slice(said)).not.toContain('no checkpoint to use');
    const figures = await (await fetch(`${service.url}/metrics`)).text();
    const figure = (name: string): string | undefined =>
      new RegExp(`^passportx_${name} (\\d+)$`, 'm').exec(figures)?.[1];
    expect([figure('batches'), figure('folded')]).toEqual(['0', figure('log_head')]);
    const { metrics } = await service.read<Aggregated>('/api/analytics/aggregated');
    expect(metrics.totalBadgesIssued).toBeGreaterThanOrEqual(acknowledged.length);
    expect(metrics.totalBadgesIssued).toBeLessThanOrEqual(next);
    const receipts = await Promise.all(
      acknowledged.map(async (height) => {
        const again = payload('raw', { apply: [recentBlock(height, [tx(`mint ${height}`, [badgeMinted(height)])])] });
        return (await service.deliver(again)).json() as Promise<{ accepted: number; duplicates: number }>;
      }),
    );
    expect(receipts.every(({ accepted, duplicates }) => accepted === 0 && duplicates === 1)).toBe(true);
  });

  it('is not held up by whoever sends half a delivery and no more', async () => {
    const slow = connect(service.port, '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('POST /api/chainhook/events HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n');
    slow.write(`authorization: Bearer ${TOKENS.chainhook}\r\ncontent-length: 1000\r\n\r\n{"apply":`);
    await sleep(100);
    expect(await service.kill('SIGTERM')).toBe(0);
    slow.destroy();
  });
});

describe('a service that starts', () => {
  let minted = 0;
  beforeAll(async () => {
    service = await TestService.start(OPTIONS);
  });
  afterAll(() => service.stop());

  it.each(START_POINTS)('ends in order when it is told to %s, and has everything at the next start', async (point) => {
    minted += 1;
    const mint = tx(`mint ${minted}`, [badgeMinted(minted)]);
    expect((await service.deliver(payload('raw', { apply: [recentBlock(minted, [mint])] }))).status).toBe(200);
    // Not in order: there is something to fold.
    await service.kill();
    const preload = pathToFileURL(resolve('backend/test/crash/failPoints.mjs')).href;
    const told = { NODE_OPTIONS: `--import ${preload}`, FAIL_POINT: point, FAIL_SIGNAL: 'SIGTERM' };
    const said = service.output.length;
    // One that ends in its last step may have been ready for a moment.
    await service.restart(told).catch(() => undefined);
    await service.ended;
    expect(await service.kill()).toBe(0);
    expect(service.output.slice(said)).toContain(`killed ${point}`);
    expect(service.output.slice(said)).toContain('"msg":"ending"');

    await service.restart();
    const { metrics } = await service.read<Aggregated>('/api/analytics/aggregated');
    expect(metrics.totalBadgesIssued).toBe(minted);
  });
});

describe('a service of which a part fails', () => {
  beforeEach(async () => {
    service = await TestService.prepare(OPTIONS);
  });
  afterEach(() => service.stop());

  it('ends, and says why, when the thread of the read model fails: it would never follow the log again', async () => {
    const flag = join(service.dataDir, 'throw');
    const preload = pathToFileURL(resolve('backend/test/crash/throwInThread.mjs')).href;
    await service.restart({ NODE_OPTIONS: `--import ${preload}`, THROW_WHEN: flag });
    const minted = payload('raw', { apply: [recentBlock(1, [tx('mint', [badgeMinted(1)])])] });
    expect((await service.deliver(minted)).status).toBe(200);

    await writeFile(flag, '');
    await service.ended;
    // Null: by a signal, should the database be at work as everything ends.
    expect([1, null]).toContain(await service.kill());
    expect(service.output).toContain('Error: an error of the thread');

    await rm(flag);
    await service.restart();
    const { metrics } = await service.read<Aggregated>('/api/analytics/aggregated');
    expect(metrics.totalBadgesIssued).toBe(1);
  });
});
