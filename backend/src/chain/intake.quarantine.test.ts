import { pino } from 'pino';
import { IntakeHarness, minting, NOTHING } from '../../test/support/intakeHarness.js';
import { badgeMinted, block, payload, tx, type DeliveryDescription } from '../../test/support/payloads.js';

/** What is not understood: set aside with a reason, and taken again later. */
let h: IntakeHarness;
beforeEach(async () => {
  h = await IntakeHarness.open();
});
afterEach(() => h.close());

describe('what is not understood', () => {
  it('is kept whole with its reason, once, and answered', async () => {
    const body = { hello: 'world' };
    expect(await h.intake.deliver(body)).toEqual({ ...NOTHING, quarantined: 1 });
    expect(await h.intake.deliver(body)).toEqual({ ...NOTHING, quarantined: 1 });
    expect(await h.quarantined()).toMatchObject([
      { source: 'chainhook', reason: 'neither a v1 payload (apply, rollback) nor a v2 one (event)', input: body },
    ]);
  });

  it('of a payload with a bad block is the whole payload, for its blocks belong together', async () => {
    const body = { apply: [{ block_identifier: { index: 1 } }], rollback: [] };
    expect(await h.intake.deliver(body)).toMatchObject({ quarantined: 1 });
    expect(await h.quarantined()).toMatchObject([
      { source: 'chainhook-v1', field: 'apply[0].parent_block_identifier', input: body },
    ]);
  });

  it.each(['raw', 'v2'] as const)('puts in doubt what it takes back, until it is understood (%s)', async (form) => {
    await h.deliver({ apply: [minting(100, [1]), minting(101, [2])] });
    const reorg = payload(form, { rollback: [minting(101, [2])], apply: [minting(101, [3], 'B', 'A')] });
    const unreadable = JSON.parse(
      JSON.stringify(reorg).replaceAll(/"timestamp":\d+/g, '"timestamp":"noon"'),
    ) as unknown;
    expect(await h.intake.deliver(unreadable)).toEqual({ ...NOTHING, quarantined: 1 });
    expect(h.intake.status().unproven).toMatchObject([
      { height: 101, reason: 'taken back in a payload that could not be read' },
    ]);
    expect(await h.countedBadges()).toEqual(['1', '2']);
    expect(await h.intake.replay({ input: reorg })).toEqual({
      ...NOTHING,
      ...{ accepted: 1, duplicates: 1, applied: 1, rolledBack: 1 },
    });
    expect(h.intake.status().unproven).toEqual([]);
    expect(await h.countedBadges()).toEqual(['1', '3']);
  });

  it.each(['raw', 'v2'] as const)(
    'of a payload with bad prints is their transaction; the rest counts (%s)',
    async (form) => {
      const bad = [badgeMinted(1, { level: true }), badgeMinted(2), badgeMinted(3, { issuer: 'nobody' })];
      const body = payload(form, { apply: [block(100, [tx('bad', bad), tx('good', [badgeMinted(4)])])] });
      expect(await h.intake.deliver(body)).toEqual({ ...NOTHING, accepted: 2, quarantined: 2, applied: 1 });
      expect(await h.countedBadges()).toEqual(['2', '4']);
      const [item, ...others] = await h.quarantined();
      expect(others).toEqual([]);
      expect(item).toMatchObject({
        source: form === 'v2' ? 'chainhook-v2' : 'chainhook-v1',
        reason: 'level is no uint: true',
      });
      expect(item?.field).toMatch(/^(event\.)?apply\[0\]\.transactions\[0\]\..*\.level$/);
      // Delivered again it is the same item, and its good print is known.
      expect(await h.intake.deliver(item?.input)).toEqual({ ...NOTHING, duplicates: 1, quarantined: 2 });
      expect(await h.quarantined()).toHaveLength(1);
    },
  );

  it('of one delivery is made durable together, and told in one line of the log, however many transactions it is', async () => {
    const lines: unknown[] = [];
    await h.restart({ logger: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }) });
    const addAll = jest.spyOn(h.quarantine, 'addAll');
    const transactions = Array.from({ length: 30 }, (_, n) => tx(`bad ${n}`, [badgeMinted(n, { level: true })]));
    const body = payload('raw', { apply: [block(100, transactions.slice(0, 20)), block(101, transactions.slice(20))] });
    expect(await h.intake.deliver(body)).toMatchObject({ accepted: 0, quarantined: 30 });
    expect(addAll).toHaveBeenCalledTimes(1);
    expect(await h.quarantine.count()).toBe(30);
    expect(lines).toMatchObject([{ msg: 'input set aside', count: 30, reason: 'level is no uint: true' }]);
  });

  it('of a block is kept without what else its node tells of it: 900 transactions are not 900 blocks', async () => {
    const transactions = Array.from({ length: 900 }, (_, n) => ({ ...tx(`bad ${n}`, []), metadata: n }));
    const whole = payload('raw', { apply: [block(100, [])] }) as { apply: Record<string, unknown>[] };
    const [told] = whole.apply;
    const body = {
      ...whole,
      apply: [{ ...told, transactions, metadata: { ...(told?.['metadata'] as object), extra: 'x'.repeat(1_000_000) } }],
    };
    expect(await h.intake.deliver(body)).toMatchObject({ quarantined: 900 });
    const { items } = await h.quarantine.list({ limit: 900 });
    expect(items).toHaveLength(900);
    for (const { input } of items) expect(JSON.stringify(input).length).toBeLessThan(1_000);
  });

  describe('and is taken again later', () => {
    const replay = (delivery: DeliveryDescription) => h.intake.replay({ input: payload('raw', delivery) });

    it('adds the facts of a block that counts', async () => {
      await h.deliver({ apply: [minting(100, [1])] });
      expect(await replay({ apply: [minting(100, [2])] })).toEqual({ ...NOTHING, accepted: 1 });
      expect(await h.countedBadges()).toEqual(['1', '2']);
    });

    it('does not resurrect a block that was rolled back; its facts count when the chain comes back to it', async () => {
      await h.deliver({ apply: [minting(100, [1])] });
      await h.deliver({ rollback: [block(100)] });
      expect(await replay({ apply: [minting(100, [2])] })).toEqual({ ...NOTHING, accepted: 1 });
      expect(await h.countedBadges()).toEqual([]);
      await h.deliver({ apply: [minting(100, [1])] });
      expect(await h.countedBadges()).toEqual(['1', '2']);
    });

    it('does not replace a block that took its height meanwhile', async () => {
      await h.deliver({ apply: [minting(100, [1], 'B')] });
      expect(await replay({ apply: [minting(100, [2])] })).toEqual({ ...NOTHING, accepted: 1 });
      expect(await h.countedBadges()).toEqual(['1']);
    });

    it('is counted as quarantined while it is not understood', async () => {
      await h.intake.deliver({ hello: 'world' });
      const [item] = await h.quarantined();
      if (item === undefined) throw new Error('no item');
      expect(await h.intake.replay(item)).toEqual({ ...NOTHING, quarantined: 1 });
      expect(await h.quarantined()).toHaveLength(1);
    });
  });
});
