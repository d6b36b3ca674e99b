import type { BlockEntry } from '../log/log.js';
import { header, headers, names, Story } from '../../test/support/chainStory.js';
import { BlockIndex } from './blocks.js';
import { CanonicalChain, type BlockHeader } from './canonical.js';

/** What counts although nothing proves it, and what settles that. */
let story: Story;
beforeEach(() => {
  story = new Story();
});

describe('unproven: where the truth cannot be known', () => {
  beforeEach(() => story.apply('100A', '103A'));

  it('what counts above a replaced block, and hangs in the air, does so no longer surely', () => {
    story.apply('100B');
    expect(story.counting).toBe('100B 103A');
    expect(story.unproven).toBe('103A');
    expect(story.reason('103A')).toBe('block 100 was replaced, and nothing known leads from here to what came');
  });

  it('likewise above a block that was rolled back', () => {
    story.deliver({ rollback: '100A' });
    expect(story.unproven).toBe('103A');
    expect(story.reason('103A')).toBe('block 100 was rolled back');
  });

  it('likewise above a block that turns out not to be the parent', () => {
    story.apply('101B');
    expect(story.counting).toBe('101B 103A');
    expect(story.unproven).toBe('103A');
  });

  it('but not what leads down to the block that came', () => {
    story.apply('105C', '106C', '108A');
    story.apply('104C');
    expect(story.counting).toBe('100A 104C 105C 106C 108A');
    expect(story.unproven).toBe('108A');
  });

  it('a vacant height that is filled puts nothing in doubt', () => {
    story.apply('101A');
    expect(story.unproven).toBe('');
  });

  it('except the block right above it, if that names another parent', () => {
    story.apply('102B');
    expect(story.counting).toBe('100A 102B 103A');
    expect(story.unproven).toBe('103A');
    expect(story.reason('103A')).toBe('its parent is not 102B');
  });

  describe('is cleared', () => {
    beforeEach(() => {
      story.apply('104A', '100B');
      expect(story.unproven).toBe('103A 104A');
    });

    it('for a block that is delivered again with one never seen, and for no other', () => {
      story.deliver({ rollback: '100B', apply: '103A 100C' });
      expect(story.unproven).toBe('104A');
      expect(story.reason('103A')).toBe('delivered again');
    });

    it('but not for one that is delivered again with nothing that is new, though it takes back what counted', () => {
      story.deliver({ rollback: '100B', apply: '103A' });
      expect(story.unproven).toBe('100A 103A 104A');
    });

    it('but not for one that is delivered again alone: it may come late', () => {
      story.apply('103A');
      story.deliver({ rollback: '100A', apply: '103A' });
      expect(story.unproven).toBe('103A 104A');
    });

    it('for a block that a new block names as parent, and for its parents', () => {
      story.apply('105A');
      expect(story.unproven).toBe('');
      expect(story.reason('103A')).toBe('ancestor of 105A');
    });

    it('for what descends from a new block', () => {
      story.apply('102A');
      expect(story.unproven).toBe('');
      expect(story.reason('104A')).toBe('descends from 102A');
    });

    it('by an admin who confirms, also for what that stands on', () => {
      const { entries, moves } = story.chain.confirm('104A');
      expect(names(entries as BlockEntry[])).toBe('104A 103A');
      expect(entries).toMatchObject([{ canonical: true, reason: 'confirmed by an admin' }, { canonical: true }]);
      expect(moves.applied).toEqual([]);
      expect(story.unproven).toBe('');
    });

    it('by an admin who retracts, with what descends', () => {
      const { moves } = story.chain.retract('103A');
      expect(names(moves.rolledBack)).toBe('104A 103A');
      expect(story.counting).toBe('100B');
      expect(story.unproven).toBe('');
    });
  });

  it('is not cleared by a second delivery where what we have below is not the parent', () => {
    story.apply('102B');
    story.deliver({ rollback: '100A', apply: '103A' });
    expect(story.unproven).toBe('102B 103A');
  });
});

describe('an orphan that comes again at a vacant height counts', () => {
  beforeEach(() => {
    story.apply('99A', '100A', '101A');
    story.deliver({ rollback: '101A 100A' });
    expect(story.counting).toBe('99A');
  });

  it('but unproven, with its parents: the delivery may be a late one', () => {
    story.apply('101A');
    expect(story.counting).toBe('99A 100A 101A');
    expect(story.unproven).toBe('100A 101A');
    expect(story.reason('100A')).toBe('101A came again after it was taken back, maybe late');
    story.apply('101A', '100A');
    expect(story.unproven).toBe('100A 101A');
  });

  it('whatever the order of its blocks, in one delivery or in two', () => {
    story.deliver({ apply: '100A 101A' });
    expect(story.unproven).toBe('100A 101A');
    story.deliver({ rollback: '101A 100A' });
    story.apply('100A', '101A');
    expect(story.unproven).toBe('100A 101A');
  });

  it('but moves no other block: where one stands against it or its parents, it waits', () => {
    story.apply('100B<A');
    story.apply('101A');
    expect(story.counting).toBe('99A 100B');
    story.apply('102A');
    expect(story.counting).toBe('99A 100A 101A 102A');
  });

  it('until a new block leads down to it', () => {
    story.apply('101A', '102A');
    expect(story.counting).toBe('99A 100A 101A 102A');
    expect(story.unproven).toBe('');
  });

  it('and moves others where its delivery takes back what counted, but proves nothing: it may be a copy', () => {
    story.apply('100B<A');
    story.deliver({ rollback: '100B<A', apply: '100A 101A' });
    expect(story.counting).toBe('99A 100A 101A');
    expect(story.unproven).toBe('100A 101A');
  });

  it('and proven where a block never seen comes with it', () => {
    story.apply('100B<A');
    story.deliver({ rollback: '100B<A', apply: '100A 103A' });
    expect(story.counting).toBe('99A 100A 103A');
    expect(story.unproven).toBe('');
  });

  it('is in doubt again when the block that named it as parent is taken back, unless more spoke for it', () => {
    story.apply('100B<A', '101A', '102A');
    expect(story.counting).toBe('99A 100A 101A 102A');
    story.deliver({ rollback: '102A' });
    expect(story.counting).toBe('99A 100A 101A');
    expect(story.unproven).toBe('100A 101A');
    story.apply('102C<A');
    expect(story.unproven).toBe('');
    story.deliver({ rollback: '102C<A', apply: '101A 102D<A' });
    expect(story.unproven).toBe('');
  });

  it('and unproven where another has told of that before', () => {
    story.apply('100B<A');
    story.deliver({ rollback: '100B<A' });
    story.deliver({ rollback: '100B<A', apply: '100A' });
    expect(story.counting).toBe('99A 100A');
    expect(story.unproven).toBe('100A');
  });
});

describe('what a payload takes back that could not be read', () => {
  beforeEach(() => {
    story.apply('99A', '100A', '101A', '103A');
    story.chain.doubt(['100A', '98A']);
  });

  it('is unproven, with what descends from it', () => {
    expect(story.counting).toBe('99A 100A 101A 103A');
    expect(story.reason('101A')).toBe('taken back in a payload that could not be read');
    expect(story.reason('103A')).toBe('block 100 was taken back in a payload that could not be read');
  });

  it('is taken back when it can be, as nothing has proven it since', () => {
    const { moves } = story.chain.deliverLate({ rollback: headers('100A'), apply: headers('100B<A') }, () => []);
    expect(names(moves.rolledBack)).toBe('101A 100A');
    expect(story.counting).toBe('99A 100B 103A');
  });

  it('is put in doubt however much of it there is', () => {
    const long = Array.from({ length: 200_000 }, (_, i) => `${1_000 + i}A`);
    story.deliver({ apply: long.join(' ') });
    story.chain.doubt(long);
    expect(story.chain.unproven()).toHaveLength(long.length + 3);
  });

  it('and counts on if it was delivered again since, with a block never seen', () => {
    story.deliver({ apply: '100A 101A 102A' });
    expect(story.unproven).toBe('');
    story.chain.deliverLate({ rollback: headers('100A'), apply: headers('100B<A') }, () => []);
    expect(story.counting).toBe('99A 100A 101A 102A 103A');
  });

  it('but not because a block names it as parent, of a predicate that is a fork behind', () => {
    story.apply('102A');
    expect(story.unproven).toBe('100A 101A');
    story.chain.deliverLate({ rollback: headers('100A'), apply: headers('100B<A') }, () => []);
    expect(story.counting).toBe('99A 100B');
  });

  it('nor because its parent comes', () => {
    story.deliver({ rollback: '99A' });
    story.apply('98A', '100D<C', '99C');
    story.chain.doubt(['100D']);
    story.apply('98A');
    expect(story.reason('100D')).toBe('taken back in a payload that could not be read');
  });

  it('is so whatever doubt it was in before', () => {
    story.apply('105A');
    story.deliver({ rollback: '103A' });
    expect(story.reason('105A')).toBe('block 103 was rolled back');
    story.chain.doubt(['105A']);
    story.chain.deliverLate({ rollback: headers('105A'), apply: [] }, () => []);
    expect(story.counting).toBe('99A 100A 101A');
  });

  it('takes nothing back that an admin confirmed, nor what that stands on', () => {
    story.chain.confirm('101A');
    expect(story.unproven).toBe('103A');
    story.chain.deliverLate({ rollback: headers('100A'), apply: headers('100B<A') }, () => []);
    expect(story.counting).toBe('99A 100A 101A 103A');
  });

  it('puts in doubt what is above it when it comes, and nothing that came since when it is read', () => {
    expect(story.unproven).toBe('100A 101A 103A');
    story.apply('105A');
    story.chain.deliverLate({ rollback: headers('100A'), apply: headers('100B<A') }, () => []);
    expect(story.unproven).toBe('103A');
    expect(story.counting).toBe('99A 100B 103A 105A');
  });

  it('and what the payload brings back in its place counts, with what is new on it', () => {
    story.deliver({ rollback: '101A 100A', apply: '100B<A' });
    story.chain.doubt(['100B']);
    story.chain.deliverLate({ rollback: headers('100B<A'), apply: headers('100A 102A') }, () => []);
    expect(story.counting).toBe('99A 100A 101A 102A 103A');
    expect(story.unproven).toBe('100A 103A');
  });

  it('is taken back also where it was told in a payload that could not be read either, and both are read in turn', () => {
    story.chain.doubt(['102A', '101A']);
    story.chain.deliverLate({ rollback: [], apply: headers('102A') }, () => []);
    expect(story.counting).toBe('99A 100A 101A 102A 103A');
    expect(story.unproven).toBe('100A 101A 103A');
    story.chain.deliverLate({ rollback: headers('102A 101A'), apply: headers('101B<A') }, () => []);
    expect(story.counting).toBe('99A 100A 101B');
  });

  it('counts on, proven, if the node came back to it meanwhile', () => {
    story.deliver({ rollback: '100B<A', apply: '100A 101A' });
    expect(story.unproven).toBe('103A');
    story.chain.deliverLate({ rollback: headers('100A'), apply: headers('100B<A') }, () => []);
    expect(story.counting).toBe('99A 100A 101A 103A');
  });
});

describe('a node that registers anew delivers some blocks again', () => {
  beforeEach(() => {
    story.apply('99A', '100A', '102A', '104A');
    story.chain.beginRescan(100);
  });

  it('and what it leaves out is in doubt, once it has gone beyond', () => {
    story.apply('100A', '104A');
    expect(story.unproven).toBe('');
    story.apply('107A');
    expect(story.counting).toBe('99A 100A 102A 104A 107A');
    expect(story.unproven).toBe('102A');
    expect(story.reason('102A')).toBe('not delivered again when the node began anew at 100');
  });

  it('and what comes only then stays in doubt: it may come late', () => {
    story.apply('107A', '100A', '102A', '104A');
    expect(story.unproven).toBe('100A 102A 104A');
  });

  it('all of them: nothing is in doubt, then or later', () => {
    story.deliver({ apply: '100A 102A 104A 106A' });
    story.apply('107A');
    expect(story.unproven).toBe('');
  });

  it('of another fork', () => {
    story.deliver({ apply: '100A 102B 104B 106B' });
    expect(story.counting).toBe('99A 100A 102B 104B 106B');
    expect(story.unproven).toBe('');
  });
});

describe('what does not count because of another block', () => {
  beforeEach(() => story.apply('100A', '101B<A'));

  it('counts again when that one is taken back, unproven', () => {
    story.apply('101A');
    expect(story.counting).toBe('100A 101A');
    story.deliver({ rollback: '101A' });
    expect(story.counting).toBe('100A 101B');
    expect(story.unproven).toBe('101B');
    expect(story.reason('101B')).toBe('101B counts again, as what stood in its place is gone');
    story.apply('102B');
    expect(story.unproven).toBe('');
  });

  it('with what descends from it', () => {
    story.apply('102B', '101A');
    story.deliver({ rollback: '101A' });
    expect(story.counting).toBe('100A 101B 102B');
    expect(story.unproven).toBe('101B 102B');
  });

  it('also when that one was not its height, but named another parent', () => {
    story.apply('102A');
    expect(story.counting).toBe('100A 102A');
    story.deliver({ rollback: '102A' });
    expect(story.counting).toBe('100A 101B');
  });

  it('not when it was taken back itself, known to count or not', () => {
    story.apply('101A');
    story.deliver({ rollback: '101B' });
    story.deliver({ rollback: '101A' });
    expect(story.counting).toBe('100A');
  });

  it('waits for the next when another stands in its place', () => {
    story.apply('101A');
    story.deliver({ rollback: '101A', apply: '101C<A' });
    expect(story.counting).toBe('100A 101C');
    expect(story.reason('101B')).toBe('replaced by 101C');
    story.deliver({ rollback: '101C<A' });
    expect(story.counting).toBe('100A 101B');
  });

  it('as one that comes again while another holds its height', () => {
    story.deliver({ rollback: '101B<A' });
    story.apply('101A', '101B<A');
    expect(story.reason('101B')).toBe('came again beside 101A');
    story.deliver({ rollback: '101A' });
    expect(story.counting).toBe('100A 101B');
    expect(story.unproven).toBe('101B');
  });

  it('is remembered over a restart, and forgotten with a decision that is undone', () => {
    story.apply('101A');
    const again = new CanonicalChain(BlockIndex.load(story.blocks.dump()));
    const decision = again.deliver({ rollback: headers('101A'), apply: [] }, () => []);
    expect(names(decision.moves.applied)).toBe('101B');
    again.undo(decision);
    expect(again.tip()?.hash).toBe('101A');
    expect(names(again.deliver({ rollback: headers('101A'), apply: [] }, () => []).moves.applied)).toBe('101B');
  });
});

it('what only a block that is displaced named as parent is in doubt, as that of one that is taken back', () => {
  story.apply('100A', '101A');
  story.deliver({ rollback: '101A', apply: '101B<A' });
  story.apply('102A', '103A<B');
  expect(story.counting).toBe('100A 101A 103A');
  expect(story.unproven).toBe('101A');
});

it('a rescan proves nothing that was taken back since', () => {
  story.apply('100A', '101A', '102A');
  story.chain.beginRescan(100, () => false);
  story.apply('100A', '101A', '102A');
  story.deliver({ rollback: '102A' });
  story.apply('102A');
  expect(story.unproven).toBe('102A');
});

describe('of a payload that is read late', () => {
  beforeEach(() => story.apply('100A', '101B<A'));

  it('what stands against another waits for that one to go, as any other', () => {
    story.chain.deliverLate({ rollback: [], apply: headers('101A') }, () => []);
    expect(story.reason('101A')).toBe('understood late, came again beside 101B');
    story.deliver({ rollback: '101B<A' });
    expect(story.counting).toBe('100A 101A');
    expect(story.unproven).toBe('101A');
  });

  it('what it takes back waits for nothing from when it came', () => {
    story.apply('101C<A');
    story.chain.doubt(['101B']);
    story.chain.deliverLate({ rollback: headers('101B<A'), apply: [] }, () => []);
    story.deliver({ rollback: '101C<A' });
    expect(story.counting).toBe('100A');
  });
});

it('what is taken back and applied in one delivery goes with what it stands on', () => {
  story.apply('100A', '101A');
  story.deliver({ rollback: '101A 100A', apply: '100A 101A 101B' });
  expect(story.counting).toBe('101B');
});

it('a fork of ten thousand blocks waits, comes back and is taken back without walking it for each', () => {
  const fork = (name: string, parent: string): BlockHeader[] =>
    Array.from({ length: 10_000 }, (_, i) => header(`${101 + i}${name}${i === 0 ? parent : ''}`));
  const [long, again] = [fork('A', ''), fork('A', '')];
  story.apply('100A');
  story.chain.deliver({ rollback: [], apply: long }, () => []);
  story.apply('101B<A', '101C<A');
  story.chain.deliver({ rollback: [], apply: again }, () => []);
  expect(story.counting).toBe('100A 101C');
  story.deliver({ rollback: '101C<A' });
  expect(story.chain.tip()?.hash).toBe('10100A');
  story.chain.deliver({ rollback: long, apply: [] }, () => []);
  expect(story.counting).toBe('100A 101B');
});

it('what came since a node began anew stands against orphans also where it lies below', () => {
  story.apply('100A', '101A', '102A');
  story.chain.beginRescan(102, () => false);
  story.apply('101B<A', '102A');
  expect(story.counting).toBe('100A 101B');
});

it('the word of an admin, or its own, is more than that of a child', () => {
  story.apply('100A', '101A', '102A');
  story.deliver({ rollback: '102A 101A', apply: '101B<A' });
  story.apply('103A<A');
  expect(story.reason('101A')).toBe('ancestor of 103A');
  story.chain.confirm('101A');
  story.deliver({ rollback: '103A' });
  expect(story.unproven).toBe('102A');
});
