import { hexToCV } from '@stacks/transactions';
import type { DeliveryReceipt } from '../src/contract/index.js';
import { CONTRACTS } from '../../scripts/chain/passport.js';
import { payloadV1, type Delivery } from '../../scripts/chain/payloadV1.js';
import { payloadV2 } from '../../scripts/chain/payloadV2.js';
import { plainClarity } from '../../scripts/chain/plainClarity.js';
import type { Block } from '../../scripts/chain/simulatedChain.js';
import { deliveriesOf, type Delivered } from './scenario/deliveries.js';
import { openPipeline, type Pipeline } from './scenario/pipeline.js';
import { perform, type Play } from './scenario/play.js';
import { totalsOfContracts, type Totals } from './scenario/totals.js';

/**
 * The whole way, once: real contracts run in the simnet, their blocks are delivered as unruly as nodes deliver, and the
 * metrics must show exactly what the contracts' own state says, before the reorg on one fork and after it on the other.
 */
let play: Play;
let delivered: Delivered;
let expected: { readonly beforeTheReorg: Totals; readonly atTheEnd: Totals };
/** A day after the last block. */
let now: number;

beforeAll(async () => {
  play = await perform();
  delivered = deliveriesOf(play);
  expected = {
    beforeTheReorg: totalsOfContracts(play.losing, play.people),
    atTheEnd: totalsOfContracts(play.winning, play.people),
  };
  now = ((play.future.at(-1)?.timeSec ?? 0) + 86_400) * 1_000;
});
afterAll(() => {
  play.losing.close();
  play.winning.close();
});

/** The prints of our contracts in `blocks`, of transactions that succeeded or of the others. */
function printsOf(blocks: readonly Block[], succeeded: boolean): Record<string, unknown>[] {
  const ours = new Set<string>(Object.values(CONTRACTS));
  return blocks
    .flatMap((block) => block.receipts)
    .filter((receipt) => (receipt.status === 'success') === succeeded)
    .flatMap((receipt) => receipt.outcome.events)
    .flatMap((event) => (event.type === 'print' && ours.has(event.contract) ? [event.valueHex] : []))
    .map((hex) => plainClarity(hexToCV(hex)) as Record<string, unknown>);
}

test('the play holds what the scenario must: blocks, prints, failures, copycats, other ids per fork', () => {
  const { past, lost, won, future } = play;
  const final = [...past, ...won, ...future];
  const prints = printsOf(final, true);
  expect(final.length).toBeGreaterThanOrEqual(50);
  expect(prints.length).toBeGreaterThanOrEqual(300);
  expect(new Set(prints.map((print) => print['event'])).size).toBe(17);

  const statuses = final.flatMap((block) => block.receipts.map((receipt) => receipt.status));
  expect(new Set(statuses)).toEqual(new Set(['success', 'abort_by_response', 'abort_by_post_condition']));
  // An undone mint printed an id that a real mint has as well.
  const minted = prints.filter((print) => print['event'] === 'badge-minted').map((print) => print['badge-id']);
  const undone = printsOf(final, false).filter((print) => print['event'] === 'badge-minted');
  expect(undone.length).toBeGreaterThan(0);
  expect(minted).toEqual(expect.arrayContaining(undone.map((print) => print['badge-id'])));

  expect(lost).toHaveLength(3);
  expect(won[0]?.parent).toBe(lost[0]?.parent);
  expect(expected.beforeTheReorg.communities['4']?.name).toBe(expected.atTheEnd.communities['5']?.name);
  const ids = (blocks: readonly Block[]): string[] =>
    blocks.flatMap((block) => block.receipts.map((receipt) => receipt.transaction.txId));
  const heightOf = (blocks: readonly Block[], txId: string): number | undefined =>
    blocks.find((block) => block.receipts.some((receipt) => receipt.transaction.txId === txId))?.height;
  const back = ids(lost).filter((txId) => ids(won).includes(txId));
  expect(back.length).toBeGreaterThanOrEqual(5);
  expect(back.length).toBeLessThan(ids(lost).length);
  expect(back.some((txId) => heightOf(lost, txId) !== heightOf(won, txId))).toBe(true);
});

describe.each([
  ['v1, raw values', (delivery: Delivery) => payloadV1(delivery, 'raw')],
  ['v1, decoded values', (delivery: Delivery) => payloadV1(delivery, 'decoded')],
  ['v2', (delivery: Delivery) => payloadV2(delivery)],
])('delivered as %s', (_form, payloadOf) => {
  let pipeline: Pipeline;
  beforeEach(async () => (pipeline = await openPipeline(now)));
  afterEach(() => pipeline.close());

  async function deliverAll(deliveries: readonly Delivery[]): Promise<DeliveryReceipt> {
    const sum = { accepted: 0, duplicates: 0, ignored: 0, quarantined: 0, applied: 0, rolledBack: 0 };
    for (const delivery of deliveries) {
      const receipt = await pipeline.deliver(payloadOf(delivery));
      for (const name of Object.keys(sum) as (keyof DeliveryReceipt)[]) sum[name] += receipt[name];
    }
    return sum;
  }

  test('the metrics show what the contracts of the fork that counts hold, before and after the reorg', async () => {
    const before = await deliverAll(delivered.untilTheReorg);
    expect(before).toMatchObject({ quarantined: 0, rolledBack: 0 });
    expect(before.duplicates).toBeGreaterThan(0);
    expect(before.ignored).toBeGreaterThan(0);
    expect(await pipeline.totals()).toEqual(expected.beforeTheReorg);

    expect(await deliverAll(delivered.theReorg)).toMatchObject({ quarantined: 0, applied: 4, rolledBack: 3 });
    expect(await deliverAll(delivered.afterwards)).toMatchObject({ quarantined: 0, rolledBack: 0 });
    expect(await pipeline.totals()).toEqual(expected.atTheEnd);
  });

  test('delivering everything a second time, in any part of it, changes nothing', async () => {
    const everything = [...delivered.untilTheReorg, ...delivered.theReorg, ...delivered.afterwards];
    await deliverAll(everything);
    const again = await deliverAll(delivered.afterwards.toReversed());
    expect(again).toMatchObject({ accepted: 0, quarantined: 0, applied: 0, rolledBack: 0 });
    expect(await pipeline.totals()).toEqual(expected.atTheEnd);
  });
});
