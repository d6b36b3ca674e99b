import { addDays, dayStart, fromCalendar, isDay, isoDay, lengthOf, rangeBefore, toCalendar } from './dates';

test('a day is that of UTC, wherever the reader sits', () => {
  expect(isoDay(Date.parse('2026-03-01T00:30:00+02:00'))).toBe('2026-02-28');
});

test.each(['2026-02-30', '2026-13-01', '2026-1-1', '', '2026-02-28T00:00'])('%p is no day', (text) => {
  expect(isDay(text)).toBe(false);
  expect(dayStart(text)).toBeNaN();
});

test('days are added over the end of a leap February', () => {
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});

test('the period before is as long and ends the day before', () => {
  const range = { from: '2026-11-01', to: '2026-11-30' };
  expect(rangeBefore(range)).toEqual({ from: '2026-10-02', to: '2026-10-31' });
  expect(lengthOf(rangeBefore(range))).toBe(lengthOf(range));
});

test('a day survives the way through the calendar widget', () => {
  for (const day of ['2026-03-29', '2026-10-25', '2026-12-31']) expect(fromCalendar(toCalendar(day))).toBe(day);
});
