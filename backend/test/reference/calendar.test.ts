import { dayOf, daysOf, hourOf, lastMonths, lastWeeks, mondayOf, plusDays, plusMonths, weekOf } from './calendar.js';

/** Cases from the ISO 8601 calendar as printed, since the reference has nothing else to be held against. */
describe('calendar of the reference', () => {
  it.each([
    ['2026-12-27', '2026-W52'],
    ['2026-12-28', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2025-12-29', '2026-W01'],
    ['2021-01-03', '2020-W53'],
    ['2024-12-30', '2025-W01'],
    ['2026-02-09', '2026-W07'],
    ['1970-01-01', '1970-W01'],
  ])('%s lies in %s', (day, week) => expect(weekOf(day)).toBe(week));

  it('knows the last millisecond of a day and the first of the next', () => {
    expect(dayOf(Date.UTC(2028, 1, 28, 23, 59, 59, 999))).toBe('2028-02-28');
    expect(dayOf(Date.UTC(2028, 1, 29))).toBe('2028-02-29');
    expect(hourOf(Date.UTC(2028, 1, 28, 23, 59, 59, 999))).toBe(23);
  });

  it('walks over leap days and ends of months and years', () => {
    expect(plusDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(plusDays('2027-03-01', -1)).toBe('2027-02-28');
    expect(plusMonths('2027-01', -1)).toBe('2026-12');
    expect(mondayOf('2027-01-03')).toBe('2026-12-28');
    expect(daysOf({ from: '2026-12-31', to: '2027-01-01' })).toEqual(['2026-12-31', '2027-01-01']);
    expect(lastWeeks('2027-01-04', 3)).toEqual(['2026-W52', '2026-W53', '2027-W01']);
    expect(lastMonths('2027-01-31', 3)).toEqual(['2026-11', '2026-12', '2027-01']);
  });
});
