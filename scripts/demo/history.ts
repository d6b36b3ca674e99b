import { SimulatedChain, type Block } from '../chain/simulatedChain.js';
import type { Random } from './random.js';
import { DAY_SEC, rhythm } from './rhythm.js';
import type { Story } from './story.js';
import { World } from './world.js';

/** Blocks of some days, mined as fast as the simnet goes and dated back; handed on a few at a time. */
/** Blocks handed on together: the service is then busy with some while the next ones are mined. */
const CHUNK = 40;

export interface History {
  readonly chain: SimulatedChain;
  readonly world: World;
}

/**
 * @param days of the history, today included.
 * @param onChunk given the next blocks, and the part of the history that is done, from 0 to 1; may take its time.
 */
export async function mineHistory(
  story: Story,
  random: Random,
  nowSec: number,
  days: number,
  onChunk: (blocks: readonly Block[], done: number) => Promise<void>,
): Promise<History> {
  const chain = await SimulatedChain.start();
  const world = new World();
  const startSec = nowSec - (nowSec % DAY_SEC) - (days - 1) * DAY_SEC;
  const slots = rhythm(random, startSec, nowSec);
  let previous: Promise<void> = Promise.resolve();
  let chunk: Block[] = [];
  let lastDay = -1;
  for (const [index, slot] of slots.entries()) {
    const progress = (slot.timeSec - startSec) / (nowSec - startSec);
    const day = Math.floor((slot.timeSec - startSec) / DAY_SEC);
    const transactions = [];
    while (lastDay < day) transactions.push(...story.milestones(world, ++lastDay));
    // What a milestone founds is known, and can be used, one block later.
    if (transactions.length === 0)
      for (let i = 0; i < slot.transactions; i++) transactions.push(story.next(world, progress));
    const block = chain.mine(slot.timeSec, transactions);
    world.observe(block);
    chunk.push(block);
    if (chunk.length < CHUNK && index < slots.length - 1) continue;
    await previous;
    previous = onChunk(chunk, (index + 1) / slots.length);
    // It is waited for one chunk later; until then its failure must not pass for one that nobody handles.
    previous.catch(() => undefined);
    // Mining does not yield: without this the chunk would leave only after the next one is mined.
    await new Promise(setImmediate);
    chunk = [];
  }
  await previous;
  return { chain, world };
}
