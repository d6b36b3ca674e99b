import { pino } from 'pino';
import { barrier, IntakeHarness, minting, NOTHING, NOW } from '../../test/support/intakeHarness.js';
import {
  badgeMinted,
  block,
  blockHash,
  payload,
  PAYLOAD_FORMS,
  print,
  principal,
  SAMPLE_PRINTS,
  timeOf,
  tx,
} from '../../test/support/payloads.js';

/** What a delivery brings, how it is answered and what becomes of what it does not. */
let h: IntakeHarness;
beforeEach(async () => {
  h = await IntakeHarness.open();
});
afterEach(() => h.close());

describe('the answer to a delivery', () => {
  it.each(PAYLOAD_FORMS)('counts facts, foreign and failed prints, and blocks (%s)', async (form) => {
    const foreign = print('badge-minted', {}, { contract: `${principal('mallory')}.badge-issuer` });
    const transactions = [
      tx('all', SAMPLE_PRINTS),
      tx('foreign', [foreign]),
      tx('failed', [badgeMinted(8), badgeMinted(9)], { success: false }),
    ];
    const body = payload(form, { apply: [block(100, transactions), block(101)] });
    expect(await h.intake.deliver(body)).toEqual({ ...NOTHING, accepted: 18, ignored: 3, applied: 2 });
    expect(await h.intake.deliver(body)).toEqual({ ...NOTHING, duplicates: 18, ignored: 3 });
  });

  it('knows a fact again in another form, from another predicate', async () => {
    const delivery = { apply: [block(100, [tx('all', SAMPLE_PRINTS)])] };
    await h.intake.deliver(payload('v2', delivery));
    expect(await h.intake.deliver(payload('decoded', delivery))).toEqual({ ...NOTHING, duplicates: 18 });
    expect(await h.intake.deliver(payload('raw', delivery))).toEqual({ ...NOTHING, duplicates: 18 });
  });

  it('comes when everything is in the log', async () => {
    await h.deliver({ apply: [minting(100, [1, 2])] });
    expect((await h.entries()).map(({ kind }) => kind)).toEqual(['fact', 'fact', 'block']);
  });

  it('writes nothing for what is known', async () => {
    await h.deliver({ apply: [minting(100, [1])] });
    const { head } = h.log;
    await h.deliver({ apply: [minting(100, [1])] });
    expect(h.log.head).toBe(head);
  });

  it('tells a reorg', async () => {
    await h.deliver({ apply: [minting(100, [1]), minting(101, [2])] });
    const receipt = await h.deliver({ rollback: [minting(101, [2])], apply: [minting(101, [3, 4], 'B', 'A')] });
    expect(receipt).toEqual({ ...NOTHING, accepted: 2, applied: 1, rolledBack: 1 });
    expect(await h.countedBadges()).toEqual(['1', '3', '4']);
  });
});

describe('exactly once', () => {
  it('equal prints of one transaction are as many facts, however often they come', async () => {
    const twice = { apply: [block(100, [tx('a', [badgeMinted(1), badgeMinted(1)])])] };
    expect(await h.deliver(twice)).toMatchObject({ accepted: 2 });
    expect(await h.deliver(twice)).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it('blocks of many commits are known again, in whatever order they come', async () => {
    const heights = Array.from({ length: 20 }, (_, i) => 100 + i);
    for (const height of heights) await h.deliver({ apply: [minting(height, [height])] });
    for (const height of heights) await h.deliver({ apply: [minting(height, [height, height + 50])] });
    for (const round of [heights, heights.toReversed()]) {
      const again = round.map((height) => minting(height, [height, height + 50]));
      expect(await h.deliver({ apply: again })).toEqual({ ...NOTHING, duplicates: 40 });
    }
  });

  it('what a second delivery adds to a block stands at the height of the first, whatever height it says', async () => {
    await h.deliver({ apply: [minting(100, [1])] });
    await h.deliver({ apply: [{ ...minting(100, [2]), height: 101 }] });
    const heights = (await h.entries()).map((entry) =>
      entry.kind === 'fact' ? entry.fact.chain?.height : entry.kind === 'block' ? entry.height : undefined,
    );
    expect(heights).toEqual([100, 100, 100]);
    expect(await h.countedBadges()).toEqual(['1', '2']);
  });

  it('a transaction that is listed twice in one block counts once', async () => {
    const again = tx('a', [badgeMinted(1)]);
    expect(await h.deliver({ apply: [block(100, [again, again])] })).toMatchObject({ accepted: 1, duplicates: 1 });
  });

  it('a block that stands twice in one payload counts once', async () => {
    const once = minting(100, [1]);
    expect(await h.deliver({ apply: [once, once] })).toEqual({ ...NOTHING, accepted: 1, duplicates: 1, applied: 1 });
  });

  it('two predicates deliver different parts of one block, one of them late and with an overlap', async () => {
    const [mint, revoke, join] = SAMPLE_PRINTS.filter(({ event }) => /minted|revoked|added/.test(event)).map((sample) =>
      tx(sample.event, [sample]),
    );
    if (mint === undefined || revoke === undefined || join === undefined) throw new Error('no samples');
    expect(await h.deliver({ apply: [block(100, [mint, revoke])] })).toMatchObject({ applied: 1, duplicates: 0 });
    await h.deliver({ apply: [block(101)] });
    const { accepted, duplicates, applied } = await h.deliver({ apply: [block(100, [revoke, join])] });
    expect({ applied, overlap: duplicates > 0, more: accepted > 0 }).toEqual({ applied: 0, overlap: true, more: true });
    expect(await h.deliver({ apply: [block(100, [mint, revoke, join])] })).toMatchObject({ accepted: 0 });
  });

  it('one payload delivered twenty times at once counts once, and is answered only when it is durable', async () => {
    const { step, open } = barrier();
    h.log.steps.push(step);
    let answered = 0;
    const answers = Array.from({ length: 20 }, () =>
      h.deliver({ apply: [minting(100, [1, 2])] }).finally(() => (answered += 1)),
    );
    await new Promise(setImmediate);
    expect(answered).toBe(0);
    open();
    const receipts = await Promise.all(answers);
    expect(receipts.map(({ accepted }) => accepted).sort()).toEqual([...Array<number>(19).fill(0), 2]);
    expect(await h.countedBadges()).toEqual(['1', '2']);
  });

  it('deliveries at once do not wait for each other’s flush: many share a commit', async () => {
    const { step, open } = barrier();
    for (let i = 0; i < 50; i += 1) h.log.steps.push(step);
    const answers = Array.from({ length: 50 }, (_, i) => h.deliver({ apply: [minting(100 + i, [i])] }));
    await new Promise(setImmediate);
    expect(h.log.steps).toHaveLength(0);
    open();
    await Promise.all(answers);
    const commits = [];
    for await (const { seq } of h.log.read(0)) commits.push(seq);
    expect(commits.length).toBeLessThan(10);
    expect(await h.countedBadges()).toHaveLength(50);
  });
});

describe('status', () => {
  const [low, other] = [minting(101, [2]), minting(101, [3], 'B', 'A')];
  const toB = { rollback: [low], apply: [other] };
  const toA = { rollback: [other], apply: [low] };
  it.each([
    ['there, and there again', [toB, toA, toB], 1],
    ['there and back', [toB, toA], 0],
    ['on its own', [toB], 1],
  ])('counts reorgs that share a flush as whoever reads the log does: %s', async (_what, deliveries, count) => {
    await h.deliver({ apply: [minting(100, [1]), low] });
    const { step, open } = barrier();
    // Those that wait behind the first share the commit after its own.
    h.log.steps.push(step);
    h.log.steps.push(...deliveries.map(() => step));
    const answers = [
      h.deliver({ apply: [minting(90, [9], 'C')] }),
      ...deliveries.map((delivery) => h.deliver(delivery)),
    ];
    await new Promise(setImmediate);
    open();
    await Promise.all(answers);
    const { reorgs, tip } = h.intake.status();
    await h.restart();
    expect(h.intake.status()).toMatchObject({ reorgs, tip });
    expect(reorgs).toMatchObject({ count, deepest: count });
  });

  it('of an empty log knows nothing', () => {
    expect(h.intake.status()).toEqual({
      tip: null,
      lastDeliveryAtMs: null,
      reorgs: { count: 0, deepest: 0, last: null },
      unproven: [],
      unprovenCount: 0,
      queued: 0,
    });
  });

  it('tells the tip, the last delivery and the reorgs by block time', async () => {
    await h.deliver({ apply: [block(100), block(101), block(102)] });
    await h.deliver({ rollback: [block(102), block(101)], apply: [block(101, [], { fork: 'B', parentFork: 'A' })] });
    await h.deliver({ rollback: [block(101, [], { fork: 'B', parentFork: 'A' })], apply: [block(101)] });
    expect(h.intake.status()).toMatchObject({
      tip: { height: 101, hash: blockHash(101), atMs: timeOf(101) * 1000 },
      lastDeliveryAtMs: NOW,
      reorgs: {
        count: 2,
        deepest: 2,
        last: {
          atMs: timeOf(101) * 1000,
          rolledBack: [{ height: 101, hash: blockHash(101, 'B') }],
          applied: [{ height: 101, hash: blockHash(101) }],
        },
      },
    });
  });

  it('says in one line of bounded length that a word on a low block took back all that stands on it', async () => {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
    await h.restart({ logger: pino({ base: null }, { write }) });
    await h.deliver({ apply: Array.from({ length: 1_200 }, (_, index) => block(100 + index)) });
    expect(await h.intake.retract(blockHash(100))).toEqual({ ...NOTHING, rolledBack: 1_200 });
    const [line, ...others] = lines.filter(({ msg }) => msg === 'blocks ceased to count');
    expect(others).toEqual([]);
    expect(line).toMatchObject({ counts: { rolledBack: 1_200, applied: 0 }, applied: [] });
    expect((line?.['rolledBack'] as unknown[]).length).toBe(1_000);
  });

  it('hears signals and timers while it reads a long log', async () => {
    for (let from = 1; from <= 10_001; from += 2_500)
      await h.deliver({ apply: Array.from({ length: 2_500 }, (_, index) => block(from + index)) });
    let heard = false;
    const opened = h.restart().then(() => heard);
    setImmediate(() => (heard = true));
    expect(await opened).toBe(true);
  });

  it('counts what nothing proves beyond what it lists', async () => {
    await h.deliver({ apply: Array.from({ length: 1_200 }, (_, index) => block(100 + index)) });
    // All but its block are left out.
    h.intake.beginRescan(100);
    await h.deliver({ apply: [block(100), block(2_000)] });
    const { unproven, unprovenCount } = h.intake.status();
    expect([unproven.length, unprovenCount]).toEqual([1_000, 1_199]);
  });

  it('lists what nothing proves, and an admin settles it', async () => {
    await h.deliver({ apply: [block(100), block(103), block(105)] });
    await h.deliver({ apply: [block(100, [], { fork: 'B' })] });
    expect(h.intake.status().unproven).toMatchObject([
      {
        height: 105,
        hash: blockHash(105),
        atMs: timeOf(105) * 1000,
        reason: expect.stringContaining('block 100') as string,
      },
      { height: 103 },
    ]);
    expect(await h.intake.confirm(blockHash(103))).toEqual(NOTHING);
    expect(await h.intake.retract(blockHash(105))).toEqual({ ...NOTHING, rolledBack: 1 });
    expect(h.intake.status().unproven).toEqual([]);
    expect(await h.intake.confirm(blockHash(1))).toBeUndefined();
    expect(await h.intake.retract(blockHash(1))).toBeUndefined();
    await h.restart();
    expect(h.intake.status()).toMatchObject({ tip: { height: 103 }, unproven: [] });
  });

  it('lists what a node left out when it began anew', async () => {
    await h.deliver({ apply: [block(100), block(102)] });
    h.intake.beginRescan(100);
    await h.deliver({ apply: [block(100), block(104)] });
    expect(h.intake.status().unproven).toMatchObject([{ height: 102 }]);
  });
});
