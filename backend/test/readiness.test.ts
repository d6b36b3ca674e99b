import { badgeMinted, block, DEPLOYER, payload, recentBlock, tx } from './support/payloads.js';
import { TestService } from './support/service.js';

/** What a load balancer hears of the built service. */
jest.setTimeout(120_000);

test('what waits for its batch keeps nobody from being served, however many blocks come with a few events', async () => {
  const service = await TestService.start({
    env: { STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_SIZE: '50', ANALYTICS_BATCH_TIMEOUT_MS: '60000' },
  });
  try {
    const empty = Array.from({ length: 1_200 }, (_, index) => block(1 + index));
    const minting = recentBlock(1_201, [tx('mint', [badgeMinted(1)])]);
    for (const apply of [empty, [minting]]) expect((await service.deliver(payload('raw', { apply }))).status).toBe(200);
    const { seq } = await service.read<{ seq: number }>('/api/analytics/aggregated');
    expect(seq).toBe(0);
    const ready = await fetch(`${service.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  } finally {
    await service.stop();
  }
});
