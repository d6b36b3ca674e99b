import type { Delivery } from '../chain/payloadV1.js';
import type { Block } from '../chain/simulatedChain.js';
import { mineHistory, type History } from './history.js';
import { LiveChain, type Reorg } from './live.js';
import { Random } from './random.js';
import { Story } from './story.js';

const NOW_SEC = Date.UTC(2026, 1, 14, 12) / 1_000;

async function tell(
  seed: number,
  days = 3,
): Promise<{ history: History; story: Story; random: Random; blocks: Block[] }> {
  const random = new Random(seed);
  const story = new Story(random);
  const blocks: Block[] = [];
  const history = await mineHistory(story, random, NOW_SEC, days, async (chunk) => void blocks.push(...chunk));
  return { history, story, random, blocks };
}

test('the same seed tells the same history, another seed another one', async () => {
  const [first, again, other] = [await tell(7), await tell(7), await tell(8)];
  const hashes = ({ blocks }: { blocks: Block[] }): string[] => blocks.map((block) => block.hash);
  expect(hashes(again)).toEqual(hashes(first));
  expect(hashes(other)).not.toEqual(hashes(first));
  expect(first.blocks).toEqual(first.history.chain.blocks);
  for (const { history } of [first, again, other]) history.chain.close();
});

test('the history ends before now, is in order, and nearly all of it succeeds', async () => {
  const { history, blocks } = await tell(1, 8);
  const times = blocks.map((block) => block.timeSec);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(times.at(-1)).toBeLessThan(NOW_SEC);
  const receipts = blocks.flatMap((block) => block.receipts);
  const failed = receipts.filter((receipt) => receipt.status !== 'success').length;
  expect(failed).toBeGreaterThan(0);
  expect(failed / receipts.length).toBeLessThan(0.1);
  history.chain.close();
});

test('live deliveries form one chain: what is rolled back was the tip, what comes stands on what is left', async () => {
  const { history, story, random, blocks } = await tell(1);
  const canonical = [...blocks];
  const undone: string[] = [];
  const end = new AbortController();
  const reorgs: Reorg[] = [];
  const post = async ({ rollback = [], apply }: Delivery): Promise<void> => {
    for (const block of rollback) {
      expect(canonical.pop()).toEqual(block);
      undone.push(...block.receipts.map((receipt) => receipt.transaction.txId));
    }
    for (const block of apply) {
      const tip = canonical.at(-1);
      expect([block.parent, block.height]).toEqual([tip?.hash, (tip?.height ?? 0) + 1]);
      expect(block.timeSec).toBeGreaterThan(tip?.timeSec ?? 0);
      canonical.push(block);
    }
    // A plain block after the second reorganisation brings back what still waited.
    if (reorgs.length >= 2 && rollback.length === 0) end.abort();
  };
  const tempo = { block: 1, firstReorg: 0, betweenReorgs: 0 };
  const onReorg = (reorg: Reorg): void => void reorgs.push(reorg);
  await new LiveChain(history, { story, random, tempo, post, onReorg, signal: end.signal }).run();

  expect(reorgs.length).toBeGreaterThanOrEqual(2);
  const mined = canonical.flatMap((block) => block.receipts.map((receipt) => receipt.transaction.txId));
  expect(new Set(mined).size).toBe(mined.length);
  expect(mined).toEqual(expect.arrayContaining(undone));
});
