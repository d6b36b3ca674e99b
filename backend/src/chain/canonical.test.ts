import { header, headers, names, Story } from '../../test/support/chainStory.js';
import type { Fact } from '../events/fact.js';
import type { BlockHeader } from './canonical.js';

/** The rules of canonical blocks, one scenario each. */
let story: Story;
beforeEach(() => {
  story = new Story();
});

describe('a chain without reorgs', () => {
  it('counts every block, with holes between them', () => {
    story.apply('100A', '101A', '105A');
    expect(story.counting).toBe('100A 101A 105A');
    expect(story.unproven).toBe('');
    expect(story.chain.tip()).toMatchObject({ hash: '105A' });
  });

  it('is the same when blocks come out of order, in one delivery or in several', () => {
    story.deliver({ apply: '103A 101A' });
    story.apply('102A', '100A');
    expect(story.counting).toBe('100A 101A 102A 103A');
    expect(story.unproven).toBe('');
  });

  it('changes nothing when a block is delivered again', () => {
    story.apply('100A', '101A');
    expect(story.deliver({ apply: '100A' })).toMatchObject({ entries: [], moves: { applied: [], rolledBack: [] } });
  });

  it('writes nothing more when copies that contradict each other come again', () => {
    story.apply('100A', '101A', '102A');
    const contradiction = { rollback: '101A', apply: '101A' };
    expect(story.deliver(contradiction).entries).toMatchObject([
      { hash: '102A', canonical: false },
      { hash: '101A', canonical: true, unproven: true },
    ]);
    for (let copies = 0; copies < 3; copies += 1) expect(story.deliver(contradiction).entries).toEqual([]);
  });

  it('says what became of each block, and why, in the order of its making', () => {
    const { entries, moves } = story.deliver({ apply: '101A 100A' });
    expect(entries).toMatchObject([
      { kind: 'block', hash: '100A', parent: '99A', canonical: true, reason: 'applied' },
      { kind: 'block', hash: '101A', height: 101, canonical: true },
    ]);
    expect(names(moves.applied)).toBe('101A 100A');
  });
});

describe('a reorg that the node tells', () => {
  it('of one block', () => {
    story.apply('100A', '101A');
    const { moves } = story.deliver({ rollback: '101A', apply: '101B<A' });
    expect(story.counting).toBe('100A 101B');
    expect(story.reason('101A')).toBe('rolled back');
    expect({ back: names(moves.rolledBack), applied: names(moves.applied) }).toEqual({ back: '101A', applied: '101B' });
  });

  it('of three blocks', () => {
    story.apply('100A', '101A', '102A', '103A');
    story.deliver({ rollback: '101A 102A 103A', apply: '101B<A 102B 103B 104B' });
    expect(story.counting).toBe('100A 101B 102B 103B 104B');
    expect(story.unproven).toBe('');
  });

  it('of a block that it never applied: the block is known from then on, and does not count', () => {
    story.apply('100A');
    const { moves } = story.deliver({ rollback: '101X<A', apply: '101B<A' });
    expect(story.counting).toBe('100A 101B');
    expect(names(moves.rolledBack)).toBe('');
    expect(story.blocks.get('101X')).toMatchObject({ canonical: false, reason: 'rolled back' });
  });

  it('of a block in between only: what descends from it goes with it', () => {
    story.apply('100A', '101A', '102A', '103A');
    story.deliver({ rollback: '101A' });
    expect(story.counting).toBe('100A');
    expect(story.reason('103A')).toBe('descends from 101A, rolled back');
  });

  it('and takes back in the same delivery moves no block', () => {
    story.apply('100A', '101A');
    expect(story.deliver({ rollback: '101A', apply: '101A' }).moves).toEqual({ applied: [], rolledBack: [] });
    expect(story.counting).toBe('100A 101A');
  });

  it('A → B → A: the first block counts again', () => {
    story.apply('100A', '101A');
    story.deliver({ rollback: '101A', apply: '101B<A' });
    story.deliver({ rollback: '101B<A', apply: '101A' });
    expect(story.counting).toBe('100A 101A');
  });

  it('A → B → C → A, by way of three forks', () => {
    story.apply('100A', '101A', '102A');
    story.deliver({ rollback: '102A 101A', apply: '101B<A 102B' });
    story.deliver({ rollback: '102B 101B<A', apply: '101C<A 102C' });
    story.deliver({ rollback: '102C 101C<A', apply: '101A 102A 103A' });
    expect(story.counting).toBe('100A 101A 102A 103A');
    expect(story.unproven).toBe('');
  });
});

describe('a reorg that the node does not tell', () => {
  it('a block never seen replaces the one at its height, and what descends from that', () => {
    story.apply('100A', '101A', '102A');
    story.apply('101B<A');
    expect(story.counting).toBe('100A 101B');
    expect(story.reason('101A')).toBe('replaced by 101B');
    expect(story.reason('102A')).toBe('descends from 101A, replaced by 101B');
  });

  it('of two blocks at one height in one delivery the later one counts', () => {
    story.deliver({ apply: '100A 100B' });
    expect(story.counting).toBe('100B');
  });

  it('the tip may move backwards', () => {
    story.apply('100A', '101A', '102A', '103A');
    story.apply('101B<A');
    expect(story.chain.tip()).toMatchObject({ hash: '101B', height: 101 });
  });

  it('a block below that is not the parent is retracted', () => {
    story.apply('100A', '101A');
    story.apply('102B');
    expect(story.counting).toBe('100A 102B');
    expect(story.reason('101A')).toBe('not the parent of 102B');
  });

  it('a late duplicate of an orphan does not bring it back', () => {
    story.apply('100A', '101A');
    story.deliver({ rollback: '101A', apply: '101B<A' });
    expect(story.deliver({ apply: '101A' }).entries).toMatchObject([
      { canonical: false, reason: 'came again beside 101B' },
    ]);
    expect(story.deliver({ apply: '101A' }).entries).toEqual([]);
    expect(story.counting).toBe('100A 101B');
  });

  it('a later block that names an orphan as parent does, with all known parents of it', () => {
    story.apply('100A', '101A', '102A');
    story.deliver({ rollback: '102A 101A', apply: '101B<A 102B' });
    const { entries } = story.deliver({ apply: '103A' });
    expect(story.counting).toBe('100A 101A 102A 103A');
    expect(entries).toMatchObject([
      { hash: '101B', canonical: false, reason: 'replaced by 101A' },
      { hash: '102B', canonical: false, reason: 'descends from 101B, replaced by 101A' },
      { hash: '101A', canonical: true, reason: 'ancestor of 103A' },
      { hash: '102A', canonical: true, reason: 'ancestor of 103A' },
      { hash: '103A', canonical: true, reason: 'applied' },
    ]);
    expect(story.unproven).toBe('');
  });

  it('an orphan at a height that nobody holds counts again, on what stands below it', () => {
    story.apply('100A', '101A');
    story.deliver({ rollback: '101A' });
    story.apply('101A');
    expect(story.counting).toBe('100A 101A');
  });
});

describe('what was understood late', () => {
  const late = (delivery: { rollback?: string; apply?: string }) =>
    story.chain.deliverLate(
      { rollback: headers(delivery.rollback ?? ''), apply: headers(delivery.apply ?? '') },
      () => [],
    );

  it('does not bring back a block that was rolled back meanwhile', () => {
    story.apply('100A', '101A');
    story.deliver({ rollback: '101A' });
    late({ apply: '101A' });
    expect(story.counting).toBe('100A');
  });

  it('does not roll back a block that counts', () => {
    story.apply('100A');
    late({ rollback: '100A' });
    expect(story.counting).toBe('100A');
  });

  it('fills a gap that it fits in', () => {
    story.apply('100A', '102A');
    late({ apply: '101A' });
    expect(story.counting).toBe('100A 101A 102A');
  });

  it.each(['101B<A', '102B', '103B', '101B<C'])('does not count where it contradicts what counts: %s', (name) => {
    story.apply('100A', '102A');
    late({ apply: name });
    expect(story.counting).toBe('100A 102A');
    expect(story.blocks.get(header(name).hash)).toMatchObject({ canonical: false });
  });
});

describe('a decision that could not be written', () => {
  const all = () => ({
    counting: story.counting,
    unproven: story.unproven,
    entries: [...story.blocks.all()],
    tip: story.chain.tip(),
  });

  it.each<[string, Parameters<Story['deliver']>[0]]>([
    ['a new block', { apply: '105A' }],
    ['a replacement that puts others in doubt', { apply: '100B' }],
    ['a reorg', { rollback: '104A 103A', apply: '103B<A 104B 105B' }],
    ['an orphan that comes back', { apply: '101B 102B 103B' }],
    ['the end of a rescan', { apply: '106A' }],
  ])('is undone as if it had never been: %s', (_what, delivery) => {
    story.apply('100A', '101B', '102B', '100A', '103A', '104A');
    story.chain.beginRescan(100);
    const before = all();
    const decision = story.deliver(delivery);
    expect(all()).not.toEqual(before);
    story.chain.undo(decision);
    expect(all()).toEqual(before);
    expect(story.deliver(delivery).entries).toEqual(decision.entries);
  });
});

it('facts stand before the entries of all blocks; of a known block that is rolled back none are asked for', () => {
  story.apply('100A');
  const factsOf = ({ hash }: BlockHeader) => [{ id: hash } as Fact];
  const { entries } = story.chain.deliver({ rollback: headers('100A 99X'), apply: headers('101B 100B') }, factsOf);
  expect(
    entries.map((entry) => (entry.kind === 'fact' ? `fact of ${entry.fact.id}` : entry.kind === 'block' && entry.hash)),
  ).toEqual(['fact of 99X', 'fact of 100B', 'fact of 101B', '100A', '99X', '100B', '101B']);
});

it('blocks that name each other as parents lead nobody in a circle', () => {
  const blocks = [
    { hash: 'x', height: 100, parent: 'y', atMs: 0 },
    { hash: 'y', height: 100, parent: 'x', atMs: 0 },
    { hash: 'z', height: 101, parent: 'z', atMs: 0 },
  ];
  for (const block of blocks) story.chain.deliver({ rollback: [], apply: [block] }, () => []);
  story.chain.deliver({ rollback: blocks, apply: [] }, () => []);
  expect(story.counting).toBe('');
});

it('more blocks of one parent than a call takes arguments are taken in, and taken back, one by one', () => {
  const brood = Array.from({ length: 150_000 }, (_, n) => ({
    hash: `child ${n}`,
    height: 101,
    parent: '100A',
    atMs: 0,
  }));
  story.apply('100A');
  story.chain.deliver({ rollback: brood, apply: [] }, () => []);
  story.deliver({ rollback: '100A' });
  expect(story.counting).toBe('');
  const first = brood.slice(0, 1);
  story.apply('100A');
  story.chain.deliver({ rollback: brood, apply: first }, () => []);
  expect(story.chain.tip()?.hash).toBe('child 0');
});

it('a tip far above the rest may go', () => {
  story.apply('100A', '900000000A');
  story.deliver({ rollback: '900000000A' });
  expect(story.chain.tip()).toMatchObject({ hash: '100A' });
});
