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
    picked: { day: '2026-11-05' },
  });
});

test('what is picked has only those of its days that are selected and not to come', () => {
  const shown = (search: string) => {
    const { range, picked } = parseView(search, TODAY);
    return { ...range, picked: Object.keys(picked) };
  };
  // The 30 days begin on Thursday, 22 October; today is a Friday.
  expect(shown('?week=2026-W43')).toEqual({ from: '2026-10-22', to: '2026-10-25', picked: ['week'] });
  expect(shown('?week=2026-W47')).toEqual({ from: '2026-11-16', to: TODAY, picked: ['week'] });
  expect(shown('?from=2026-09-10&to=2026-11-01&month=2026-09')).toMatchObject({ from: '2026-09-10', to: '2026-09-30' });
  // A week of a month, a day of that week; what lies outside of it is not picked.
  const month = '?range=90d&month=2026-10';
  expect(shown(`${month}&week=2026-W40`)).toEqual({ from: '2026-10-01', to: '2026-10-04', picked: ['month', 'week'] });
  expect(shown(`${month}&week=2026-W40&day=2026-10-03`)).toMatchObject({ from: '2026-10-03', to: '2026-10-03' });
  expect(shown(`${month}&week=2026-W40&day=2026-10-05`)).toMatchObject({ picked: ['month', 'week'] });
});

test('days to come are not shown, whatever the address says', () => {
  expect(parseView('?from=2026-11-16&to=2026-12-24', TODAY).range).toEqual({ from: '2026-11-16', to: TODAY });
  expect(searchToShare('?from=2026-11-16&to=2026-12-24', TODAY)).toBe('?from=2026-11-16&to=2026-11-20');
});

test.each([
  '?day=2026-12-24',
  '?day=yesterday',
  '?week=2026-W50',
  '?month=2026-09',
  '?compare=luck',
  '?level=high',
  '?category=',
  `?badge=${'x'.repeat(201)}`,
])('what an address says badly, as %p, is left out', (search) => {
  expect(parseView(search, TODAY)).toEqual(parseView('', TODAY));
});

test('a shared link names its days, since a preset moves on', () => {
  expect(searchToShare('range=7d&category=Education', TODAY)).toBe('?category=Education&from=2026-11-14&to=2026-11-20');
});

test('other days let go of what was picked among the old ones', () => {
  const picked = 'month=2026-11&week=2026-W47&day=2026-11-19';
  expect(changeSearch(`?range=7d&${picked}&category=a`, selectionChanges({ timeRange: '90d' }))).toBe(
    '?range=90d&category=a',
  );
  expect(changeSearch('?range=7d', selectionChanges({ timeRange: '30d' }))).toBe('');
});

test('a link to another page keeps days and filters, and leaves what was the page’s own', () => {
  expect(hrefOf('/badge/', 'range=90d&week=2026-W47&category=a&kind=badge_issued&id=1', { id: '2' })).toBe(
    '/badge/?id=2&range=90d&week=2026-W47&category=a',
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
