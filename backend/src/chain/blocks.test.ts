import { Value } from '@sinclair/typebox/value';
import { MovedBlocks } from '../contract/index.js';
import { BlockIndex } from './blocks.js';

test('of a reorg of a whole chain a list of bounded length is kept, and how many blocks it moved', () => {
  const blocks = Array.from({ length: 60_000 }, (_, index) => ({ height: 60_000 - index, hash: `0x${index}` }));
  const index = new BlockIndex();
  index.noteMoves({ rolledBack: blocks, applied: blocks }, 1);
  const { count, deepest, last } = index.reorgs;
  expect({ count, deepest }).toEqual({ count: 1, deepest: 60_000 });
  expect(last).toMatchObject({ counts: { rolledBack: 60_000, applied: 60_000 } });
  expect(last?.rolledBack.map(({ height }) => height)).toEqual(
    Array.from({ length: 1_000 }, (_, offset) => 60_000 - offset),
  );
  expect(last?.applied.map(({ height }) => height)).toEqual(Array.from({ length: 1_000 }, (_, offset) => offset + 1));
  expect(Value.Check(MovedBlocks, last)).toBe(true);
});
