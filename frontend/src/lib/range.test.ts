import { lengthOf } from './dates';
import { DEFAULT_SELECTION, formatSelection, parseSelection, resolveRange, type Selection } from './range';

const TODAY = '2026-11-20';

test('presets end today and have the days they promise', () => {
  const length = (timeRange: '7d' | '30d' | '90d' | 'month') => lengthOf(resolveRange({ timeRange }, TODAY));
  expect([length('7d'), length('30d'), length('90d'), length('month')]).toEqual([7, 30, 90, 20]);
});

test('what is chosen comes back from the address', () => {
  const chosen: Selection[] = [
    { timeRange: '7d' },
    { timeRange: 'custom', from: '2026-01-05', to: '2026-02-01' },
    DEFAULT_SELECTION,
  ];
  for (const selection of chosen) expect(parseSelection(formatSelection(selection))).toEqual(selection);
});

test.each([
  ['2026-11-01', '2026-11-19', '2026-11-01', '2026-11-19'],
  ['2026-11-01', '2026-11-25', '2026-11-01', TODAY],
  [TODAY, '2026-11-25', TODAY, TODAY],
  // The default's.
  ['2026-11-21', '2026-11-25', '2026-10-22', TODAY],
])('of %s to %s the days are shown that have begun', (from, to, first, last) => {
  expect(resolveRange({ timeRange: 'custom', from, to }, TODAY)).toEqual({ from: first, to: last });
});

test('the default leaves the address plain', () => {
  expect(formatSelection(DEFAULT_SELECTION)).toBe('');
});

test.each([
  '?range=2y',
  '?from=2026-02-30&to=2026-03-01',
  '?from=2026-03-02&to=2026-03-01',
  '?from=2020-01-01&to=2026-01-01',
  '?from=2026-01-01',
])('an address that says %p shows the default', (search) => {
  expect(parseSelection(search)).toEqual(DEFAULT_SELECTION);
});
