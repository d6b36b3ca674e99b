import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { badgeMinted, block, DEPLOYER, payload, tx } from '../support/payloads.js';
import { TestService } from '../support/service.js';
import type { Aggregated } from '../../src/contract/index.js';

/**
 * The whole service when its files cannot grow: the limit of a file's size (`prlimit --fsize`), set and lifted while it
 * runs, fails its writes as a full disk does.
 */
const MINTS = 40;
const PATIENCE_MS = 20_000;

let service: TestService;
beforeEach(async () => {
  service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER } });
});
afterEach(() => service.stop());

const limitFiles = (bytes: number | 'unlimited'): void =>
  void execFileSync('prlimit', ['--pid', String(service.pid), `--fsize=${bytes}:`]);

/** Block `height` with badges of its own. */
const delivery = (height: number): unknown =>
  payload('raw', {
    apply: [
      block(height, [
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

async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (holds(answer) || Date.now() > deadline) return answer;
    await sleep(50);
  }
}

const linesOf = (message: string): string[] => service.output.split('\n').filter((line) => line.includes(message));

it('acknowledges nothing that it cannot keep, is not ready, says why once, and goes on by itself when there is room', async () => {
  const acknowledged = new Set<number>();
  let height = 1;
  for (; height <= 20; height += 1) if ((await service.deliver(delivery(height))).ok) acknowledged.add(height);
  expect(acknowledged.size).toBe(20);
  expect(await readiness()).toMatchObject({ status: 200 });

  limitFiles((await stat(join(service.dataDir, 'log', 'log.mdb'))).size);
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
      detail: 'The log could not be written; nothing of this request was kept.',
    })),
  );
  expect(await readiness()).toMatchObject({
    status: 503,
    detail: expect.stringMatching(/^Not ready: the log cannot be written: File too large/) as string,
  });
  expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
  expect(linesOf('store takes no writes')).toHaveLength(1);

  limitFiles('unlimited');
  // Without a delivery: whoever asks for readiness before it delivers must see that there is room.
  expect(await until(readiness, ({ status }) => status === 200)).toMatchObject({ status: 200 });
  expect(linesOf('store takes writes again')).toHaveLength(1);
  for (const again of [...refused, ...acknowledged]) expect((await service.deliver(delivery(again))).status).toBe(200);
  const issued = (refused.length + acknowledged.size) * MINTS;
  const metrics = (): Promise<Aggregated> => service.read<Aggregated>('/api/analytics/aggregated');
  expect((await until(metrics, (told) => told.metrics.totalBadgesIssued >= issued)).metrics).toMatchObject({
    totalBadgesIssued: issued,
  });
  await service.kill();
  await service.restart();
  expect((await metrics()).metrics.totalBadgesIssued).toBe(issued);
});
