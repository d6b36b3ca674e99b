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
const delivery = (index: number): unknown => {
  const body = payload('decoded', {
    apply: [recentBlock(1_000 - 2 * index, [tx(`mints ${index}`, [badgeMinted(0)])])],
  });
  const { events } = (body as OneMint).apply[0].transactions[0].metadata.receipt;
  const [event] = events;
  for (let i = 0; i < MINTS; i += 1) {
    const value = { ...event.data.value, 'badge-id': index * MINTS + i };
    events[i] = { ...event, data: { ...event.data, value } };
  }
  return body;
};

interface OneMint {
  readonly apply: [{ transactions: [{ metadata: { receipt: { events: [{ data: { value: object } }] } } }] }];
}

test('deliveries beyond what it can take wait, are refused with Retry-After, and count once when they come again', async () => {
  const service = await TestService.start({ env: { ...ENV, ...MEASURED } });
  try {
    const refusals: { retryAfter: number; detail: unknown }[] = [];
    let counted = 0;
    const deliverUntilTaken = async (body: unknown): Promise<void> => {
      for (;;) {
        // A connection that was kept, and closed as it was used again: nothing was answered, so it comes again.
        const response = await service.deliver(body).catch(() => undefined);
        if (response === undefined) continue;
        const told = (await response.json()) as DeliveryReceipt & { detail: unknown };
        counted += response.ok ? told.accepted : 0;
        if (response.ok) return;
        expect(response.status).toBe(503);
        const retryAfter = Number(response.headers.get('retry-after'));
        refusals.push({ retryAfter, detail: told.detail });
        await sleep(1_000 * retryAfter);
      }
    };
    const all = Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => deliverUntilTaken(delivery(index))));
    // It goes on to answer everyone else.
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    await all;

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
