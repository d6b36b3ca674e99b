import {
  changeSearch,
  comparedRange,
  hrefOf,
  parseView,
  searchToShare,
  selectionChanges,
  shiftRange,
  yearBefore,
} from './view';

const TODAY = '2026-11-20';

test('a link shows what its sender saw: days, comparison, filters and the day picked', () => {
  const view = parseView(
    '?from=2026-11-01&to=2026-11-14&compare=year&category=Education&level=3&day=2026-11-05',
    TODAY,
  );
  expect(view).toEqual({
    selection: { timeRange: 'custom', from: '2026-11-01', to: '2026-11-14' },
    range: { from: '2026-11-05', to: '2026-11-05' },
    compare: 'year',
    filters: { category: 'Education', level: '3' },
    day: '2026-11-05',
  });
});

test.each([
  '?day=2026-12-24',
  '?day=yesterday',
  '?compare=luck',
  '?level=high',
  '?category=',
  `?badge=${'x'.repeat(201)}`,
])('what an address says badly, as %p, is left out', (search) => {
  expect(parseView(search, TODAY)).toEqual(parseView('', TODAY));
});

test('a shared link names its days, since a preset moves on', () => {
  const search = 'range=7d&category=Education';
  expect(searchToShare(search, parseView(search, TODAY), TODAY)).toBe(
    '?category=Education&from=2026-11-14&to=2026-11-20',
  );
});

test('other days let go of the day that was picked among the old ones', () => {
  expect(changeSearch('?range=7d&day=2026-11-19&category=a', selectionChanges({ timeRange: '90d' }))).toBe(
    '?range=90d&category=a',
  );
  expect(changeSearch('?range=7d', selectionChanges({ timeRange: '30d' }))).toBe('');
});

test('a link to another page keeps days and filters, and leaves what was the page’s own', () => {
  expect(hrefOf('/badge/', 'range=7d&category=a&kind=badge_issued&id=1', { id: '2' })).toBe(
    '/badge/?id=2&range=7d&category=a',
  );
  expect(hrefOf('/chain/', '')).toBe('/chain/');
});

test('the year before has the same days, the 29th of February but one', () => {
  expect(comparedRange({ from: '2026-11-01', to: '2026-11-30' }, 'year')).toEqual({
    from: '2025-11-01',
    to: '2025-11-30',
  });
  expect(yearBefore('2028-02-29')).toBe('2027-02-28');
  expect(comparedRange({ from: '2026-11-01', to: '2026-11-30' }, 'none')).toBeNull();
});

test('days move by their own length, not beyond today', () => {
  const week = { from: '2026-11-07', to: '2026-11-13' };
  expect(shiftRange(week, -1, TODAY)).toEqual({ from: '2026-10-31', to: '2026-11-06' });
  expect(shiftRange(week, 1, '2026-11-16')).toEqual({ from: '2026-11-10', to: '2026-11-16' });
});
