import { bucketDays, bucketOf, intervalFor, intervalOf, isoWeek, weekStart } from './buckets';

test('ISO weeks belong to the year of their Thursday', () => {
  expect(['2026-01-01', '2027-01-01', '2024-12-30', '2026-11-25'].map(isoWeek)).toEqual([
    '2026-W01',
    '2026-W53',
    '2025-W01',
    '2026-W48',
  ]);
});

test('a week starts on the Monday that its name comes from', () => {
  for (const day of ['2026-01-01', '2027-01-01', '2024-12-30', '2026-11-25']) {
    const start = weekStart(isoWeek(day));
    expect(isoWeek(start)).toBe(isoWeek(day));
    expect(new Date(start).getUTCDay()).toBe(1);
  }
});

test('the bucket that is not over is the one that contains now', () => {
  const now = Date.parse('2026-11-25T18:40:15.000Z');
  expect((['hour', 'day', 'week', 'month'] as const).map((interval) => bucketOf(now, interval))).toEqual([
    '2026-11-25T18:00:00.000Z',
    '2026-11-25',
    '2026-W48',
    '2026-11',
  ]);
});

test('an interval leaves as many points as a line can tell apart', () => {
  expect(intervalFor({ from: '2026-11-25', to: '2026-11-25' })).toBe('hour');
  expect(intervalFor({ from: '2026-11-01', to: '2026-11-25' })).toBe('day');
  expect(intervalFor({ from: '2025-12-01', to: '2026-11-25' })).toBe('week');
});

test('a bucket has the days that its name says; what names none has none', () => {
  expect(bucketDays('2026-11-25', 'day')).toEqual({ from: '2026-11-25', to: '2026-11-25' });
  expect(bucketDays('2026-W48', 'week')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
  expect(bucketDays('2028-02', 'month')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  for (const [name, interval] of [
    ['2026-11-31', 'day'],
    ['2026-W54', 'week'],
    ['2026-W99', 'week'],
    ['this week', 'week'],
    ['2026-13', 'month'],
    ['2026', 'month'],
  ] as const)
    expect(bucketDays(name, interval)).toBeNull();
});

test('a length that was chosen holds while the range has it, and gives way to what suits a range that has not', () => {
  const week = { from: '2026-11-19', to: '2026-11-25' };
  expect(intervalOf(week, undefined)).toBe('day');
  expect(intervalOf(week, 'hour')).toBe('hour');
  expect(intervalOf({ from: '2026-08-28', to: '2026-11-25' }, 'hour')).toBe('day');
  expect(intervalOf(week, 'month')).toBe('day');
});
