import { Story } from '../../test/support/chainStory.js';

/** Several predicates scan on their own: while one is past the window of a rescan, another may still deliver from it. */
let story: Story;
let slowest: number;
beforeEach(() => {
  story = new Story();
  slowest = 0;
  story.apply('99A', '100A', '102A', '104A');
  story.chain.beginRescan(100, (to) => slowest >= to);
});

it('nothing is in doubt while a predicate is not past the window, though another delivers what is above it', () => {
  story.apply('100A', '107A', '108A');
  expect(story.unproven).toBe('');
  slowest = 103;
  story.apply('102A', '109A');
  expect(story.unproven).toBe('');
});

it('what all of them left out is in doubt with the next block after the slowest is past', () => {
  story.apply('100A', '107A', '104A');
  slowest = 104;
  story.apply('108A');
  expect(story.unproven).toBe('102A');
});

it('or at once when the node says so and no block comes', () => {
  story.apply('100A', '104A');
  expect(story.chain.endRescan().entries).toEqual([]);
  slowest = 104;
  expect(story.chain.endRescan().entries).toMatchObject([{ hash: '102A', canonical: true, unproven: true }]);
  expect(story.chain.endRescan().entries).toEqual([]);
});

it('an end that could not be written comes again', () => {
  slowest = 104;
  story.chain.undo(story.chain.endRescan());
  expect(story.unproven).toBe('');
  story.chain.endRescan();
  expect(story.unproven).toBe('100A 102A 104A');
});

describe('an orphan that the node delivers when it begins anew', () => {
  const isPast = () => true;
  beforeEach(() => {
    story.apply('102B');
    expect(story.counting).toBe('99A 100A 102B 104A');
    story.chain.beginRescan(100, isPast);
  });

  it('counts in place of what the node leaves out', () => {
    story.apply('100A', '102A', '104A');
    expect(story.counting).toBe('99A 100A 102B 104A');
    story.apply('107A');
    expect(story.counting).toBe('99A 100A 102A 104A 107A');
    expect(story.unproven).toBe('');
    expect(story.reason('102A')).toBe('delivered again when the node began anew at 100');
    expect(story.reason('102B')).toBe('replaced by 102A');
  });

  it('is the late duplicate that it seemed, if the node also delivers what stands in its place', () => {
    story.apply('102A', '100A', '102B', '104A', '107A');
    expect(story.counting).toBe('99A 100A 102B 104A 107A');
    expect(story.unproven).toBe('');
  });

  it('likewise if the node delivers a child of another block above it', () => {
    story.apply('103B', '102A', '107A');
    expect(story.counting).toBe('99A 100A 102B 103B 104A 107A');
  });

  it('does not count if the node then takes it back, or what it stands on', () => {
    story.apply('102A', '104A');
    story.deliver({ rollback: '101A', apply: '107A' });
    expect(story.counting).toBe('99A 100A 102B 104A 107A');
    story.deliver({ rollback: '102A' });
    expect(story.counting).toBe('99A 100A 102B 104A 107A');
  });

  it('counts with its known parents, and what stands against those goes', () => {
    story.apply('103B', '104B');
    story.apply('102C', '103C');
    // 104A was there before 104B, which went with 102B.
    expect(story.counting).toBe('99A 100A 102C 103C 104A');
    story.chain.beginRescan(100, isPast);
    story.apply('100A', '104B', '107B');
    expect(story.counting).toBe('99A 100A 102B 103B 104B 107B');
    // The node left these out, though it stands on them: nothing but its word would prove them.
    expect(story.unproven).toBe('102B 103B');
  });
});

it('a rescan that begins while a delivery is being written outlives its undoing', () => {
  const decision = story.deliver({ apply: '105A' });
  story.chain.beginRescan(104, () => true);
  story.chain.undo(decision);
  story.apply('106A');
  expect(story.unproven).toBe('104A');
});
