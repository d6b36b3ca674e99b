import fc from 'fast-check';
import {
  dayOf,
  daysOfMonth,
  daysOfWeek,
  hourOf,
  isoDate,
  lastDays,
  monthName,
  monthOf,
  parseDate,
  rangeBefore,
  startOfDay,
  weekName,
  weekOf,
} from './calendar.js';

const day = (text: string): number => dayOf(Date.parse(`${text}T12:00:00Z`));

describe('days', () => {
  it('begin and end at midnight UTC', () => {
    expect(dayOf(Date.parse('2026-02-14T00:00:00.000Z'))).toBe(day('2026-02-14'));
    expect(dayOf(Date.parse('2026-02-14T23:59:59.999Z'))).toBe(day('2026-02-14'));
    expect(dayOf(-1)).toBe(-1);
    expect(hourOf(Date.parse('1970-01-02T01:59:59Z'))).toBe(25);
    expect(startOfDay(day('2026-02-14'))).toBe(Date.parse('2026-02-14T00:00:00Z'));
  });

  it('have 24 hours also where local clocks are put forward', () => {
    // 2026-03-29 is when Europe changes to summer time.
    expect(startOfDay(day('2026-03-30')) - startOfDay(day('2026-03-29'))).toBe(86_400_000);
  });

  it('are written and read as ISO dates, and only real dates are read', () => {
    expect(isoDate(day('2024-02-29'))).toBe('2024-02-29');
    expect(parseDate('2024-02-29')).toBe(day('2024-02-29'));
    for (const wrong of ['2023-02-29', '2026-2-14', '2026-13-01', '2026-04-31', '14.02.2026', '2026-02-14T00:00', '']) {
      expect(parseDate(wrong)).toBeUndefined();
    }
  });
});

describe('weeks', () => {
  it.each([
    ['2026-02-14', '2026-W07'],
    ['2026-12-31', '2026-W53'],
    ['2027-01-03', '2026-W53'],
    ['2027-01-04', '2027-W01'],
    ['2025-12-28', '2025-W52'],
    ['2025-12-29', '2026-W01'],
    ['2021-01-01', '2020-W53'],
    ['2024-12-30', '2025-W01'],
  ])('%s is in %s', (date, week) => {
    expect(weekName(weekOf(day(date)))).toBe(week);
  });

  it('run from Monday to Sunday', () => {
    const { from, to } = daysOfWeek(weekOf(day('2026-02-14')));
    expect([isoDate(from), isoDate(to)]).toEqual(['2026-02-09', '2026-02-15']);
    expect([weekOf(from), weekOf(to), weekOf(to + 1)]).toEqual([weekOf(from), weekOf(from), weekOf(from) + 1]);
  });
});

describe('months', () => {
  it('agree with Date over eight centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: day('1600-01-01'), max: day('2400-12-31') }), (anyDay) => {
        expect(monthName(monthOf(anyDay))).toBe(isoDate(anyDay).slice(0, 7));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2026-12', '2026-12-01', '2026-12-31'],
  ])('%s runs from %s to %s', (name, first, last) => {
    const { from, to } = daysOfMonth(monthOf(day(first)));
    expect([monthName(monthOf(from)), isoDate(from), isoDate(to)]).toEqual([name, first, last]);
  });
});

describe('ranges', () => {
  it('of the last days include today, and the range before is as long', () => {
    const range = lastDays(30, Date.parse('2026-03-01T00:00:00Z'));
    expect([isoDate(range.from), isoDate(range.to)]).toEqual(['2026-01-31', '2026-03-01']);
    const before = rangeBefore(range);
    expect([isoDate(before.from), isoDate(before.to)]).toEqual(['2026-01-01', '2026-01-30']);
  });
});
