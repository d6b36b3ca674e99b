import { setTimeout as sleep } from 'node:timers/promises';
import type { Aggregated, ChainStatus } from '../src/contract/index.js';
import { StandInNode } from './support/chainhookNode.js';
import { DEPLOYER } from './support/payloads.js';
import { freePort, TestService, TOKENS } from './support/service.js';

/**
 * The built service and a node: registrations that end, on either side, cost no block and count none twice. The service
 * looks at its predicates every 5 s, so these tests take their time.
 */
jest.setTimeout(120_000);

const ISSUER = `${DEPLOYER}.badge-issuer`;
const ATTEMPT_DELAY_MS = 20;
const WITHIN_MS = 60_000;

describe('a service and its node', () => {
  let node: StandInNode;
  let port: number;
  let service: TestService;

  beforeEach(async () => {
    node = await StandInNode.start(ATTEMPT_DELAY_MS);
    port = await freePort();
    service = await TestService.start({
      env: {
        STACKS_DEPLOYER: DEPLOYER,
        CHAINHOOK_NODE_URL: node.url,
        CHAINHOOK_OBSERVER_PORT: String(port),
        CHAINHOOK_REWIND_BLOCKS: '3',
        CHAINHOOK_STALL_MS: '1000',
      },
    });
  });
  afterEach(async () => {
    await service.stop();
    await node.close();
  });

  const status = (): Promise<ChainStatus> => service.read<ChainStatus>('/api/chain/status');
  const badges = async (): Promise<number> =>
    (await service.read<Aggregated>('/api/analytics/aggregated')).metrics.totalBadgesIssued;
  const gauge = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await (await fetch(`${service.url}/metrics`)).text())?.[1]);

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + WITHIN_MS;
    while (!(await condition())) {
      if (Date.now() > deadline) {
        const { predicates } = await status();
        throw new Error(
          `not within ${WITHIN_MS} ms: ${node.posted.length} posted, ${JSON.stringify(predicates)}\n${service.output}`,
        );
      }
      await sleep(50);
    }
  }
  /** Registered with the node, and past every scan, as the service has seen for itself. */
  const streaming = (registrations: number): Promise<void> =>
    until(
      async () =>
        node.posted.length === 5 * registrations &&
        (await status()).predicates.every((predicate) => predicate.status === 'streaming'),
    );

  test("the node's port takes what the call for deliveries takes, by the same rules, and nothing else", async () => {
    await streaming(1);
    const post = (
      path: string,
      token: string | undefined,
      body: string,
      type = 'application/json',
    ): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': type, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body,
      });
    // A refusal would end the predicate: JSON of any shape and under any name is taken, and what it is not is set aside.
    for (const body of ['{"apply":[],"rollback":[]}', '{"__proto__":{"apply":[]}}', '7']) {
      const taken = await post('/payload', TOKENS.chainhook, body, 'text/plain');
      expect([body, taken.status]).toEqual([body, 200]);
      expect(await taken.json()).toMatchObject({ accepted: 0 });
    }
    expect((await post('/payload', TOKENS.chainhook, '{"cut o')).status).toBe(400);
    // Who may not is told so before what it says is read.
    expect((await post('/payload', undefined, '{"cut o')).status).toBe(401);
    expect((await post('/payload', 'guess', '{"cut o')).status).toBe(401);
    expect((await post('/payload', TOKENS.admin, '{"cut o')).status).toBe(403);
    expect((await post('/api/analytics/snapshot', TOKENS.admin, '{"period":"daily"}')).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(404);
  });

  test('a predicate that was interrupted comes back from before the last block seen: nothing lost, nothing twice', async () => {
    await streaming(1);
    for (let height = 1; height <= 6; height += 1) await node.mine(ISSUER);
    // Blocks 5 and 6 are replaced, and 7 comes on top, while nobody listens.
    node.end(ISSUER, 'interrupted');
    node.replaceFrom(5, 'B');
    await node.mine(ISSUER);
    expect(node.statusOf(node.predicates[0]?.uuid ?? '')).toBe('interrupted');

    await streaming(2);
    // Some blocks before the last one seen, or earlier: where a predicate was known to be when it was last looked at.
    const starts = node.posted.slice(5).map(({ networks }) => networks.devnet?.start_block ?? NaN);
    expect(starts).toHaveLength(5);
    expect(Math.max(...starts)).toBe(3);
    // Block 7 names another block 6 as its parent, so ours went; of block 5 nothing tells but that it did not come again.
    await until(async () => (await status()).unproven.length > 0);
    const { tip, unproven, reorgs } = await status();
    expect(tip?.height).toBe(7);
    expect(unproven.map(({ height }) => height)).toEqual([5]);
    expect(unproven[0]?.reason).toBe('not delivered again when the node began anew at 3');
    expect(reorgs.count).toBe(1);
    await until(async () => (await badges()) === 6);
    expect(await gauge('passportx_unproven_blocks')).toBe(1);
  });

  test('what a node could not deliver in three attempts, as the service was down, comes with the next start', async () => {
    await streaming(1);
    for (let height = 1; height <= 4; height += 1) await node.mine(ISSUER);
    const before = node.predicates.map(({ uuid }) => uuid);
    await service.kill();
    await node.mine(ISSUER);
    expect(node.attempts.slice(-3)).toEqual([0, 0, 0]);
    expect(node.statusOf(before[0] ?? '')).toBe('interrupted');
    await node.mine(ISSUER);

    await service.restart();
    await streaming(2);
    await until(async () => (await badges()) === 6);
    expect(node.predicates.some(({ uuid }) => before.includes(uuid))).toBe(false);
    expect((await status()).unproven).toEqual([]);
  });

  test('a scan that skips a block leaves it unproven until something brings it', async () => {
    await streaming(1);
    for (let height = 1; height <= 4; height += 1) await node.mine(ISSUER);
    node.skipped.add(3);
    node.end(ISSUER, 'unconfirmed_expiration');
    await streaming(2);
    await until(async () => (await status()).unproven.length > 0);
    expect((await status()).unproven.map(({ height }) => height)).toEqual([3]);
    expect(await badges()).toBe(4);
    // The block after next names the one above it as parent, which is no word on this one; the next scan is.
    node.skipped.clear();
    node.end(ISSUER, 'unconfirmed_expiration');
    await streaming(3);
    await until(async () => (await status()).unproven.length === 0);
    expect(await badges()).toBe(4);
  });

  test('a stall shows while the node has newer blocks and nothing comes, and ends with the next delivery', async () => {
    await streaming(1);
    await node.mine(ISSUER);
    expect((await status()).stalled).toBe(false);
    await sleep(1_100);
    // Nothing came for as long as the limit, but the node has nothing newer either.
    expect((await status()).stalled).toBe(false);
    const release = node.hold(ISSUER);
    node.tellsTip = true;
    const held = node.mine(ISSUER);
    await until(async () => (await status()).stalled);
    expect(await gauge('passportx_chain_stalled')).toBe(1);
    release();
    await held;
    expect((await status()).stalled).toBe(false);
    expect(await gauge('passportx_chain_stalled')).toBe(0);
  });
});
