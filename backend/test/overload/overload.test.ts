import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityPage, Aggregated, DeliveryReceipt } from '../../src/contract/index.js';
import { folded } from '../badInput/verdict.js';
import { MEASURED, memoryOf } from '../support/memory.js';
import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from '../support/payloads.js';
import { TestService } from '../support/service.js';

/** More deliveries at once than the built service can take in. */
const CONNECTIONS = 60;
const MINTS = 1_000;
/** Little, so that a few deliveries are too many: twice this may be in memory, and a delivery has some 300 kB. */
const ENV = {
  STACKS_DEPLOYER: DEPLOYER,
  CHAINHOOK_BODY_LIMIT: '512kb',
  CHAINHOOK_MAX_WAIT_MS: '300',
  LOG_LEVEL: 'error',
};
/** An idle service has some 160 MB, its read model may have 384 MB, and 60,000 badges take some 30 MB. */
const MAX_PEAK_MB = 600;

/** One mint as a node writes it, for a thousand of them in a block. Every other height: none is the parent of another. */
const delivery = (index: number, mints = MINTS): unknown => {
  const body = payload('decoded', {
    apply: [recentBlock(1_000 - 2 * index, [tx(`mints ${index}`, [badgeMinted(0)])])],
  });
  const { events } = (body as OneMint).apply[0].transactions[0].metadata.receipt;
  const [event] = events;
  for (let i = 0; i < mints; i += 1) {
    const value = { ...event.data.value, 'badge-id': index * mints + i };
    events[i] = { ...event, data: { ...event.data, value } };
  }
  return body;
};

interface OneMint {
  readonly apply: [{ transactions: [{ metadata: { receipt: { events: [{ data: { value: object } }] } } }] }];
}

type Refusal = { readonly retryAfter: number; readonly detail: unknown };

/** Delivers until it is acknowledged. @returns facts that were accepted */
async function deliverUntilTaken(service: TestService, body: unknown, onRefused: (refusal: Refusal) => void) {
  for (;;) {
    // A connection that was kept, and closed as it was used again: nothing was answered, so it comes again.
    const response = await service.deliver(body).catch(() => undefined);
    if (response === undefined) continue;
    const told = (await response.json()) as DeliveryReceipt & { detail: unknown };
    if (response.ok) return told.accepted;
    expect(response.status).toBe(503);
    const retryAfter = Number(response.headers.get('retry-after'));
    onRefused({ retryAfter, detail: told.detail });
    await sleep(1_000 * retryAfter);
  }
}

test('deliveries beyond what it can take wait, are refused with Retry-After, and count once when they come again', async () => {
  const service = await TestService.start({ env: { ...ENV, ...MEASURED } });
  try {
    const refusals: Refusal[] = [];
    const all = Promise.all(
      Array.from({ length: CONNECTIONS }, (_, index) =>
        deliverUntilTaken(service, delivery(index), (refusal) => refusals.push(refusal)),
      ),
    );
    // It goes on to answer everyone else.
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    const counted = sum(await all);

    expect(refusals.length).toBeGreaterThan(0);
    expect(new Set(refusals.map(({ retryAfter }) => retryAfter))).toEqual(new Set([1]));
    expect(refusals[0]?.detail).toMatch(/^Busy: \d+ are under way, and no place came free within 300 ms\.$/);
    // Nothing of what was refused was taken in, and nothing of what was acknowledged is missing.
    expect(counted).toBe(CONNECTIONS * MINTS);
    await folded(service);
    const { metrics } = await service.read<Aggregated>('/api/analytics/aggregated');
    expect(metrics.totalBadgesIssued).toBe(CONNECTIONS * MINTS);
    expect((await memoryOf(service)).peak).toBeLessThan(MAX_PEAK_MB);

    // By itself it is as before: no wait, ready, and the newest badge on top.
    const next = payload('raw', { apply: [recentBlock(2_000, [tx('next', [badgeMinted(7_000_000)])])] });
    expect((await service.deliver(next)).status).toBe(200);
    await folded(service);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    const { items } = await service.read<ActivityPage>('/api/analytics/activity?limit=1');
    expect(items[0]?.badgeId).toBe('7000000');
  } finally {
    await service.stop();
  }
}, 120_000);

/** Some 360 bytes each: nearly as large as a body may be by default. */
const LARGE_MINTS = 100_000;
const LARGE = 3;
/** Two of 40 MB as text, as objects and as entries, beside the above and a read model that is at its 384 MB. */
const MAX_LARGE_PEAK_MB = 2_000;

test('the largest deliveries together take no more memory than is stated, and all are counted', async () => {
  const service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, LOG_LEVEL: 'error', ...MEASURED } });
  try {
    expect(JSON.stringify(delivery(1, LARGE_MINTS)).length).toBeGreaterThan(30_000_000);
    const taken = Array.from({ length: LARGE }, (_, index) =>
      deliverUntilTaken(service, delivery(index, LARGE_MINTS), () => undefined),
    );
    expect(sum(await Promise.all(taken))).toBe(LARGE * LARGE_MINTS);
    await folded(service);
    const { metrics } = await service.read<Aggregated>('/api/analytics/aggregated');
    expect(metrics.totalBadgesIssued).toBe(LARGE * LARGE_MINTS);
    const { peak } = await memoryOf(service);
    console.info(`${LARGE} deliveries of ${LARGE_MINTS} mints: ${peak} MB at the peak`);
    expect(peak).toBeLessThan(MAX_LARGE_PEAK_MB);
  } finally {
    await service.stop();
  }
}, 180_000);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
