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

test.each([
  [
    'what came and went in it has not moved',
    [
      ['', 'a'],
      ['a', 'b'],
    ],
    0,
    [],
  ],
  [
    'what went and came back has not either',
    [
      ['', 'c'],
      ['x', ''],
      ['', 'x'],
    ],
    0,
    [],
  ],
  [
    'what came before and after is of it',
    [
      ['', 'a'],
      ['x', 'b'],
      ['', 'c'],
    ],
    1,
    ['a', 'b', 'c'],
  ],
  [
    'whatever decided it',
    [
      ['x', ''],
      ['y', ''],
      ['', 'a'],
    ],
    2,
    ['a'],
  ],
])('many decisions in one commit are one reorg: %s', (_what, decisions, deepest, applied) => {
  const index = new BlockIndex();
  const blocks = (hashes: string | undefined) => [...(hashes ?? '')].map((hash) => ({ height: 1, hash }));
  index.noteMoves({ rolledBack: [], applied: blocks('xy') }, 1);
  for (const [went, came] of decisions) index.noteMoves({ rolledBack: blocks(went), applied: blocks(came) }, 3);
  expect(index.reorgs).toMatchObject({ count: Number(deepest > 0), deepest });
  expect((index.reorgs.last?.applied ?? []).map(({ hash }) => hash).sort()).toEqual(applied);
});
