import { badgeMinted, DEPLOYER, payload, recentBlock, tx } from './support/payloads.js';
import { TestService } from './support/service.js';

/** What a load balancer hears of the built service. */
jest.setTimeout(120_000);

test('what waits for its batch keeps nobody from being served, though each event has a block of its own', async () => {
  const service = await TestService.start({
    env: { STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_SIZE: '50', ANALYTICS_BATCH_TIMEOUT_MS: '60000' },
  });
  try {
    for (let height = 1; height <= 40; height += 1) {
      const minting = recentBlock(height, [tx(`mint ${height}`, [badgeMinted(height)])]);
      expect((await service.deliver(payload('raw', { apply: [minting] }))).status).toBe(200);
    }
    const { seq } = await service.read<{ seq: number }>('/api/analytics/aggregated');
    expect(seq).toBe(0);
    const ready = await fetch(`${service.url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true }]);
  } finally {
    await service.stop();
  }
});
