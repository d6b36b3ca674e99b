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
