import {
  arrange,
  clamp,
  describePlace,
  earlier,
  gapFor,
  inOrder,
  later,
  rise,
  rowsOf,
  step,
  type Placed,
} from './grid';

const at = (id: string, x: number, y: number, w: number, h: number): Placed => ({ id, x, y, w, h });
const placesOf = (widgets: readonly Placed[]): Record<string, string> =>
  Object.fromEntries(widgets.map(({ id, x, y, w, h }) => [id, `${x},${y} ${w}×${h}`]));

const LEAST = { w: 2, h: 1 };
const ROW = [at('a', 0, 0, 4, 2), at('b', 4, 0, 4, 2), at('c', 8, 0, 4, 2)];

test('a widget that is moved onto another takes its place, and the other makes way', () => {
  expect(placesOf(arrange(ROW, 'a', at('a', 4, 0, 4, 2)))).toEqual({ a: '4,0 4×2', b: '4,2 4×2', c: '8,0 4×2' });
});

test('what is pushed pushes on, and nothing lies over anything', () => {
  const column = [at('a', 0, 0, 6, 2), at('b', 0, 2, 6, 2), at('c', 0, 4, 12, 2)];
  expect(placesOf(arrange(column, 'a', { x: 0, y: 0, w: 6, h: 4 }))).toEqual({
    a: '0,0 6×4',
    b: '0,4 6×2',
    c: '0,6 12×2',
  });
});

test('gaps close: nothing stays lower than it must', () => {
  expect(placesOf(rise([at('a', 0, 3, 4, 2), at('b', 0, 9, 4, 2), at('c', 6, 5, 2, 1)]))).toEqual({
    a: '0,0 4×2',
    b: '0,2 4×2',
    c: '6,0 2×1',
  });
});

test('a widget that is moved down past another changes places with it', () => {
  const column = [at('a', 0, 0, 4, 2), at('b', 0, 2, 4, 2)];
  expect(placesOf(arrange(column, 'a', { x: 0, y: 3, w: 4, h: 2 }))).toEqual({ b: '0,0 4×2', a: '0,2 4×2' });
});

test('a step down by key passes what is below, and a step up brings it back', () => {
  const column = [at('a', 0, 0, 4, 2), at('b', 0, 2, 4, 2)];
  const down = step(column, 'a', { x: 0, y: 1, w: 4, h: 2 });
  expect(placesOf(down)).toEqual({ b: '0,0 4×2', a: '0,2 4×2' });
  expect(placesOf(step(down, 'a', { x: 0, y: 1, w: 4, h: 2 }))).toEqual({ a: '0,0 4×2', b: '0,2 4×2' });
});

const orderOf = (widgets: readonly Placed[]): string =>
  inOrder(widgets)
    .map(({ id }) => id)
    .join('');

test('a place earlier or later, two of one size change places, and back', () => {
  const swapped = earlier(ROW, 'b');
  expect(placesOf(swapped)).toEqual({ b: '0,0 4×2', a: '4,0 4×2', c: '8,0 4×2' });
  expect(placesOf(later(swapped, 'b'))).toEqual(placesOf(ROW));
  expect([orderOf(earlier(ROW, 'a')), orderOf(later(ROW, 'c')), orderOf(later(ROW, 'none'))]).toEqual([
    ...['abc', 'abc', 'abc'],
  ]);
});

test('a place earlier or later, of whatever sizes, one comes to stand before the other, and nothing over anything', () => {
  const board = [
    at('a', 0, 0, 3, 2),
    at('b', 3, 0, 9, 1),
    at('c', 3, 1, 6, 4),
    at('d', 9, 1, 3, 4),
    at('e', 0, 2, 3, 3),
  ];
  const before = orderOf(board);
  const pairs = [...before].slice(1).map((id, index) => [before[index] ?? '', id] as const);
  for (const [first, second] of pairs)
    for (const arranged of [earlier(board, second), later(board, first)]) {
      const order = orderOf(arranged);
      expect(order.indexOf(second)).toBeLessThan(order.indexOf(first));
      expect(placesOf(rise(arranged))).toEqual(placesOf(arranged));
    }
});

test('no place is off the grid, and none too small to say something', () => {
  expect(clamp({ x: -3, y: -1, w: 99, h: 99 }, LEAST)).toEqual({ x: 0, y: 0, w: 12, h: 12 });
  expect(clamp({ x: 11, y: 999, w: 0, h: 0 }, LEAST)).toEqual({ x: 10, y: 144, w: 2, h: 1 });
});

test('a new widget goes into the first gap that it fits in, else below', () => {
  expect(gapFor([ROW[0]!, ROW[2]!], { w: 4, h: 2 })).toEqual({ x: 4, y: 0, w: 4, h: 2 });
  expect(gapFor(ROW, { w: 4, h: 2 })).toEqual({ x: 0, y: 2, w: 4, h: 2 });
  expect(gapFor([], { w: 3, h: 2 })).toEqual({ x: 0, y: 0, w: 3, h: 2 });
});

test('widgets are read row by row, and their places are told in words', () => {
  expect(inOrder([at('d', 0, 2, 1, 1), ...ROW.toReversed()]).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  expect(rowsOf(ROW)).toBe(2);
  expect(describePlace(at('a', 4, 0, 3, 2))).toBe('column 5, row 1, 3 wide, 2 high');
});
