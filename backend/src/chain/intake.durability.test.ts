import { barrier, diskFull, IntakeHarness, minting, NOTHING } from '../../test/support/intakeHarness.js';
import {
  badgeMinted,
  block,
  blockHash,
  payload,
  principal,
  print,
  timeOf,
  tx,
  type DeliveryDescription,
} from '../../test/support/payloads.js';
import { LogUnavailableError } from '../log/log.js';
import { BlockIndex } from './blocks.js';
import { BusyError } from './gate.js';
import type { Committed } from './intake.js';

/** Acknowledged means durable; what is not is forgotten exactly; what is survives a restart. */
let h: IntakeHarness;
beforeEach(async () => {
  h = await IntakeHarness.open();
});
afterEach(() => h.close());

describe('what cannot be written', () => {
  it('is refused and forgotten, so that its redelivery counts once', async () => {
    await h.deliver({ apply: [minting(100, [1]), minting(101, [2])] });
    const before = h.intake.status();
    const reorg = { rollback: [minting(101, [2])], apply: [minting(101, [3], 'B', 'A')] };
    h.log.steps.push(diskFull);
    await expect(h.deliver(reorg)).rejects.toThrow(new LogUnavailableError('no room on the disk'));
    expect(h.intake.status()).toEqual(before);
    expect(await h.deliver(reorg)).toEqual({ ...NOTHING, accepted: 1, applied: 1, rolledBack: 1 });
    expect(await h.countedBadges()).toEqual(['1', '3']);
  });

  it('takes with it everything that was decided on top of it', async () => {
    await h.deliver({ apply: [minting(100, [1])] });
    const before = h.intake.status();
    const { step, open } = barrier();
    h.log.steps.push(step, step);
    const first = { apply: [minting(101, [2])] };
    const second = { apply: [minting(101, [3], 'B', 'A')] };
    const answers = [h.deliver(first), h.deliver(first), h.deliver(second), h.deliver(second)];
    await new Promise(setImmediate);
    open(new LogUnavailableError('no room'));
    for (const answer of answers) await expect(answer).rejects.toThrow('no room');
    expect(await h.countedBadges()).toEqual(['1']);
    expect(await h.deliver(first)).toMatchObject({ accepted: 1, applied: 1, rolledBack: 0 });
    expect(h.intake.status()).toEqual({
      ...before,
      tip: { height: 101, hash: blockHash(101), atMs: timeOf(101) * 1000 },
    });
    expect(await h.deliver(second)).toMatchObject({ accepted: 1, applied: 1, rolledBack: 1 });
  });

  it('is forgotten even if what came after it was written all the same', async () => {
    const { step, open } = barrier();
    h.log.steps.push(step);
    const lost = { apply: [minting(100, [1])] };
    const written = { apply: [block(100, [tx('later', [badgeMinted(2)])]), minting(101, [3])] };
    const before = h.log.head;
    const answers = [h.deliver(lost), h.deliver(written)];
    while (h.log.head === before) await new Promise(setImmediate);
    open(new LogUnavailableError('no room'));
    for (const answer of answers) await expect(answer).rejects.toThrow('no room');
    // The log holds a fact of block 100 of which it does not know yet whether it counts.
    expect(await h.countedBadges()).toEqual(['3']);
    expect(h.intake.status().tip).toMatchObject({ height: 101 });
    expect(await h.deliver(written)).toEqual({ ...NOTHING, duplicates: 2, applied: 1 });
    expect(await h.deliver(lost)).toEqual({ ...NOTHING, accepted: 1 });
    expect(await h.countedBadges()).toEqual(['1', '2', '3']);
  });

  it('is forgotten alone, though what was decided before it reaches the disk while it is refused', async () => {
    const { step, open } = barrier();
    h.log.steps.push(step, diskFull);
    const [written, lost] = [{ apply: [minting(100, [1])] }, { apply: [minting(101, [2])] }];
    const answers = [h.deliver(written), h.deliver(lost)];
    await new Promise(setImmediate);
    open();
    expect(await answers[0]).toEqual({ ...NOTHING, accepted: 1, applied: 1 });
    await expect(answers[1]).rejects.toThrow('no room on the disk');
    expect(await h.deliver(lost)).toEqual({ ...NOTHING, accepted: 1, applied: 1 });
    expect(await h.countedBadges()).toEqual(['1', '2']);
  });

  it('forgets nothing of a rescan that what reached the disk before it has noted', async () => {
    await h.deliver({ apply: [minting(100, [1]), minting(101, [2])] });
    h.intake.beginRescan(100);
    const { step, open } = barrier();
    h.log.steps.push(step, step, diskFull);
    const answers = [
      h.deliver({ apply: [block(100, [tx('first', [badgeMinted(3)])])] }),
      h.deliver({ apply: [block(101, [tx('second', [badgeMinted(4)])])] }),
      h.deliver({ apply: [minting(105, [5])] }),
    ];
    await new Promise(setImmediate);
    open();
    await expect(answers[2]).rejects.toThrow('no room on the disk');
    await Promise.all(answers.slice(0, 2));
    await h.deliver({ apply: [minting(105, [5])] });
    expect(h.intake.isRescanning()).toBe(false);
    expect(h.intake.status().unproven).toEqual([]);
  });

  it('to quarantine is refused too; the rest of it is known when it comes again', async () => {
    const mixed = payload('raw', { apply: [block(100, [tx('a', [badgeMinted(1), print('what', {})])])] });
    const add = jest.spyOn(h.quarantine, 'addAll').mockRejectedValueOnce(new LogUnavailableError('no room'));
    await expect(h.intake.deliver(mixed)).rejects.toThrow('no room');
    expect(await h.intake.deliver(mixed)).toEqual({ ...NOTHING, duplicates: 1, quarantined: 1 });
    expect(add).toHaveBeenCalledTimes(2);
    expect(await h.quarantined()).toHaveLength(1);
  });
});

describe('started again', () => {
  const story: DeliveryDescription[] = [
    { apply: [minting(100, [1]), minting(101, [2]), minting(105, [3])] },
    { apply: [minting(101, [4], 'B', 'A')] },
    { rollback: [minting(101, [4], 'B', 'A')], apply: [minting(101, [2]), minting(102, [5])] },
    { apply: [minting(101, [4, 6], 'B', 'A')] },
    { rollback: [minting(102, [5])], apply: [minting(102, [7], 'C', 'A'), minting(103, [8], 'C')] },
    { apply: [minting(105, [3])] },
  ];

  it('at any moment, it decides and stands as if it had never stopped', async () => {
    const receipts = [];
    const statuses = [];
    for (const delivery of story) {
      receipts.push(await h.deliver(delivery));
      statuses.push(h.intake.status());
    }
    const badges = await h.countedBadges();

    await h.close();
    h = await IntakeHarness.open();
    for (const [i, delivery] of story.entries()) {
      await h.restart();
      expect(h.intake.status()).toEqual({ ...(statuses[i - 1] ?? h.intake.status()), lastDeliveryAtMs: null });
      expect(await h.deliver(delivery)).toEqual(receipts[i]);
    }
    expect(await h.countedBadges()).toEqual(badges);
  });

  it('with a checkpoint it reads only what came after', async () => {
    const index = new BlockIndex();
    for (const [i, delivery] of story.entries()) {
      if (i === 3) for await (const commit of h.log.read(0)) index.record(commit);
      await h.deliver(delivery);
    }
    const expected = { ...h.intake.status(), lastDeliveryAtMs: null };
    const dump = JSON.parse(JSON.stringify(index.dump())) as ReturnType<BlockIndex['dump']>;
    const read = jest.spyOn(h.log, 'read');
    await h.restart({ blocks: BlockIndex.load(dump) });
    expect(read).toHaveBeenCalledWith(index.seq);
    expect(h.intake.status()).toEqual(expected);
    expect(await h.intake.deliver(payload('raw', { apply: [minting(100, [1])] }))).toEqual({
      ...NOTHING,
      duplicates: 1,
    });
  });

  it('with a checkpoint of a log that was longer, it believes the log', async () => {
    await h.deliver({ apply: [minting(100, [1])] });
    const ahead = BlockIndex.load({ ...new BlockIndex().dump(), seq: 1_000 });
    await h.restart({ blocks: ahead });
    expect(h.intake.status().tip).toMatchObject({ height: 100 });
  });
});

describe('listeners', () => {
  it('are told what became durable, in the order of the log, and of nothing else', async () => {
    const told: Committed[] = [];
    const stop = h.intake.onCommitted((committed) => told.push(committed));
    await Promise.all([
      h.deliver({ apply: [minting(100, [1])] }),
      h.deliver({ apply: [minting(100, [1])] }),
      h.deliver({ rollback: [minting(100, [1])], apply: [minting(100, [2], 'B')] }),
    ]);
    expect(told.flatMap((committed) => committed.entries)).toEqual(await h.entries());
    expect(told.map(({ rolledBack, applied }) => [rolledBack.length, applied.length])).toEqual([
      [0, 1],
      [1, 1],
    ]);
    stop();
    await h.deliver({ apply: [minting(101, [3])] });
    expect(told).toHaveLength(2);
  });

  it('that fail harm neither the delivery nor each other', async () => {
    let calls = 0;
    h.intake.onCommitted(() => {
      throw new Error('broken');
    });
    h.intake.onCommitted(() => (calls += 1));
    expect(await h.deliver({ apply: [minting(100, [1])] })).toMatchObject({ accepted: 1 });
    expect(calls).toBe(1);
  });
});

it('one delivery more than there are places is refused after its wait; nothing of it is taken in', async () => {
  await h.restart({ limits: { maxPending: 2, maxWaitMs: 20 } });
  const { step, open } = barrier();
  h.log.steps.push(step, step);
  const under = [h.deliver({ apply: [minting(100, [1])] }), h.deliver({ apply: [minting(101, [2])] })];
  const refused = { apply: [minting(102, [3])] };
  await expect(h.deliver(refused)).rejects.toThrow(BusyError);
  expect(h.intake.status().queued).toBe(2);
  open();
  await Promise.all(under);
  expect(await h.countedBadges()).toEqual(['1', '2']);
  expect(await h.deliver(refused)).toMatchObject({ accepted: 1, applied: 1 });
});

it('deliveries wait for room when tens of thousands of entries are on their way to a slow disk, and none is refused', async () => {
  const batch = (height: number): unknown => {
    const ids = Array.from({ length: 5_000 }, (_, i) => height * 10_000 + i);
    const lists = { 'badge-ids': ids, 'template-ids': ids, recipients: ids.map(() => principal('alice')) };
    const fields = { ...lists, 'batch-id': 1, issuer: principal('issuer'), count: ids.length };
    return payload('decoded', { apply: [block(height, [tx('batch', [print('batch-badges-minted', fields)])])] });
  };
  const { step, open } = barrier();
  h.log.steps.push(step);
  // In decreasing height, so that none is the parent of another and each is a decision of its own.
  const answers = Array.from({ length: 14 }, (_, i) => h.intake.deliver(batch(200 - 2 * i)));
  // The first hangs; those behind it reach the disk, but not beyond what may be under way.
  while (h.log.head < 9 * 5_001) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(h.log.head).toBe(9 * 5_001);
  open();
  for (const receipt of await Promise.all(answers)) expect(receipt).toMatchObject({ accepted: 5_000, applied: 1 });
  expect(h.log.head).toBe(14 * 5_001);
});
