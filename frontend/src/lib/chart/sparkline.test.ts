import { sparklinePath } from './sparkline';

test('the highest value touches the top, the lowest the bottom', () => {
  expect(sparklinePath([0, 10, 5], 20, 10)).toBe('M0.0 10.0L10.0 0.0L20.0 5.0');
});

test('a series that never changes runs through the middle', () => {
  expect(sparklinePath([3, 3], 20, 10)).toBe('M0.0 5.0L20.0 5.0');
});

test('one point is no line', () => {
  expect(sparklinePath([3], 20, 10)).toBe('');
});
