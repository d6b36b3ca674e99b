import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Aggregated, ChainStatus } from '../../src/contract/index.js';
import { StandInNode } from '../support/chainhookNode.js';
import { DEPLOYER } from '../support/payloads.js';
import { freePort, TestService } from '../support/service.js';

/**
 * The built service with a node of its own, killed while that tells its chain again: each start is a rescan, and between
 * two of them the chain has become another. The campaign's node knows no rescans.
 */
jest.setTimeout(600_000);

const ISSUER = `${DEPLOYER}.badge-issuer`;
const PRELOAD = pathToFileURL(resolve('backend/test/crash/failPoints.mjs')).href;
const WITHIN_MS = 60_000;

let node: StandInNode;
let service: TestService;
beforeAll(async () => {
  node = await StandInNode.start(20);
  service = await TestService.start({
    env: {
      STACKS_DEPLOYER: DEPLOYER,
      ANALYTICS_BATCH_TIMEOUT_MS: '20',
      CHAINHOOK_NODE_URL: node.url,
      CHAINHOOK_OBSERVER_PORT: String(await freePort()),
      CHAINHOOK_REWIND_BLOCKS: '3',
    },
  });
});
afterAll(async () => {
  await service.stop();
  await node.close();
});

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${WITHIN_MS} ms\n${service.output}`);
    await sleep(50);
  }
}
const status = (): Promise<ChainStatus> => service.read<ChainStatus>('/api/chain/status');
const issued = async (): Promise<number> =>
  (await service.read<Aggregated>('/api/analytics/aggregated')).metrics.totalBadgesIssued;
const streaming = (): Promise<void> =>
  until('streaming', async () => (await status()).predicates.every((predicate) => predicate.status === 'streaming'));

/** A life that ends where it is told to; no delivery but those of the rescan brings it there. */
async function killedAt(point: string): Promise<void> {
  const said = service.output.length;
  await service.restart({ NODE_OPTIONS: `--import ${PRELOAD}`, FAIL_POINT: point }).catch((error: unknown) => {
    if (!String(error).includes('SIGKILL')) throw error;
  });
  await Promise.race([service.ended, sleep(WITHIN_MS, undefined, { ref: false })]);
  expect(/^killed (.*)$/m.exec(service.output.slice(said))?.[1]).toBe(point.split(':')[0]);
}

/** From here up the chain is another, and the node tells of it only when it is asked anew. */
function become(fork: string, from: number, printing: number): void {
  const heights = Array.from({ length: printing }, (_, index) => from + index);
  node.blocks.splice(from - 1, Infinity, ...heights.map((height) => ({ height, fork, contracts: [ISSUER] })));
}

test('a service that is killed in rescans of chains that change ends with what the last one tells, each block once', async () => {
  await streaming();
  for (let height = 1; height <= 6; height += 1) await node.mine(ISSUER);
  await service.kill();

  // Blocks 5 and 6 went without a word; what counted goes when another block 7 names another parent.
  node.replaceFrom(5, 'B');
  node.blocks.push({ height: 7, fork: 'B', contracts: [ISSUER] });
  await killedAt('in a rollback, before its flush');
  await killedAt('in a rollback, after its flush');

  // They return, and with them two that nobody has seen.
  become('A', 5, 4);
  await killedAt('before the flush:1');
  await killedAt('after the flush:1');
  await killedAt('before the answer:3');
  await service.restart();
  // What is folded is on disk, which the tip need not be yet.
  await until('block 8', async () => (await issued()) === 8);
  await service.kill();

  // The last two went without a word, and nothing comes in their place.
  node.replaceFrom(7, 'C');
  await killedAt('at the end of a rescan, before its flush');
  await killedAt('at the end of a rescan, after its flush');

  await service.restart();
  await streaming();
  await until('the end of the rescan', async () => (await status()).unproven.length > 0);
  const { tip, unproven } = await status();
  expect([tip?.height, unproven.map(({ height }) => height)]).toEqual([8, [8, 7]]);
  await until('eight badges', async () => (await issued()) === 8);
});
