import { niceScale, spread } from './scale';

test('ticks are round, whole, and reach above the highest value', () => {
  expect(niceScale(347, 4)).toEqual({ step: 100, max: 400 });
  expect(niceScale(9, 4)).toEqual({ step: 5, max: 10 });
  expect(niceScale(4_200_000, 4)).toEqual({ step: 2_000_000, max: 6_000_000 });
});

test('a chart of nothing still has a tick above its line', () => {
  expect(niceScale(0, 4)).toEqual({ step: 1, max: 1 });
  expect(niceScale(1, 4)).toEqual({ step: 1, max: 1 });
});

test('labels that do not touch stay where they are', () => {
  expect(spread([10, 60, 120], 16, 200)).toEqual([10, 60, 120]);
});

test('labels of lines that all end at zero stand one above the other, within the chart', () => {
  expect(spread([200, 200, 200], 16, 200)).toEqual([168, 184, 200]);
});

test('labels that touch part around their middle and push no further than they must', () => {
  expect(spread([100, 104], 16, 200)).toEqual([94, 110]);
  expect(spread([104, 100, 20], 16, 200)).toEqual([110, 94, 20]);
});
