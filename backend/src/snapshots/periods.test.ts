import { PERIODS } from '../contract/snapshots.js';
import { endOf, startOf } from './periods.js';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('periods', () => {
  it.each([
    ['hourly', '2026-02-11T12:59:59.999Z', '2026-02-11T12:00:00.000Z', '2026-02-11T13:00:00.000Z'],
    ['daily', '2028-02-29T23:59:59.999Z', '2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    ['weekly', '2027-01-03T23:59:59.999Z', '2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'],
    ['weekly', '2027-01-04T00:00:00.000Z', '2027-01-04T00:00:00.000Z', '2027-01-11T00:00:00.000Z'],
    ['weekly', '1969-12-31T00:00:00.000Z', '1969-12-29T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
  ] as const)('the %s period of %s begins at %s and ends before %s', (period, moment, start, end) => {
    expect(iso(startOf(period, Date.parse(moment)))).toBe(start);
    expect(iso(endOf(period, Date.parse(moment)))).toBe(end);
  });

  it.each(PERIODS)('%s: a start is in its own period, and no period leaves a gap', (period) => {
    const start = startOf(period, Date.UTC(2026, 1, 11, 12, 30));
    expect(startOf(period, start)).toBe(start);
    expect(startOf(period, endOf(period, start))).toBe(endOf(period, start));
    expect(startOf(period, start - 1)).toBeLessThan(start);
  });
});
