import { startHeight } from './predicates.js';

describe('where a registration starts', () => {
  test.each([
    ['nothing seen, no first block given: the beginning of the chain', undefined, undefined, 1],
    ['nothing seen: the first block given', undefined, 5_000, 5_000],
    ['a first block of 0 is the beginning too', undefined, 0, 1],
    ['the last block seen less the rewind', 10_000, undefined, 9_700],
    ['a rewind beyond the beginning of the chain', 100, undefined, 1],
    ['a rewind does not go below the first block given', 10_000, 9_900, 9_900],
    ['a first block given beyond the last one seen would leave a hole, and is not used', 10_000, 20_000, 9_700],
  ])('%s', (_, tip, startBlock, expected) => {
    expect(startHeight(tip, 300, startBlock)).toBe(expected);
  });
});
