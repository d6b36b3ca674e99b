import fc from 'fast-check';

/**
 * Moments that break calendars: the first and last milliseconds of days, weeks, months, years, of a leap day and of a
 * week 53, and those that lie just in or just out of the windows of the metrics as seen from a given now.
 */
const DAY = 86_400_000;

const EDGES = [
  '2025-12-29T00:00:00.000Z', // Monday of 2026-W01, still in 2025
  '2026-01-01T00:00:00.000Z',
  '2026-03-31T23:59:59.999Z',
  '2026-12-27T23:59:59.999Z', // last moment before 2026-W53
  '2026-12-31T23:59:59.999Z',
  '2027-01-01T00:00:00.000Z', // in 2026-W53, a new month and year
  '2027-01-03T23:59:59.999Z', // last moment of 2026-W53
  '2027-01-04T00:00:00.000Z',
  '2028-02-29T12:34:56.789Z',
  '2028-03-01T00:00:00.000Z',
].map((iso) => Date.parse(iso));

export const nows: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2029, 0, 1) }),
);

/** Days before today that are the first or the last of a window of section 5, and their neighbours. */
const WINDOW_DAYS = [
  -8, -7, -1, 0, 1, 6, 7, 8, 13, 14, 28, 29, 30, 31, 32, 59, 60, 61, 62, 77, 83, 84, 90, 334, 365, 366,
];

/** Event times around `now`, in ms: many on the edges of windows, some after `now`, some more than a year before. */
export function instantsAround(now: number): fc.Arbitrary<number> {
  const midnight = now - (now % DAY);
  const date = new Date(now);
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const monthBefore = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1);
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const year = Date.UTC(date.getUTCFullYear(), 0, 1);
  const monday = midnight - ((date.getUTCDay() + 6) % 7) * DAY;
  const starts = [...WINDOW_DAYS.map((days) => midnight - days * DAY), month, monthBefore, nextMonth, year, monday];
  const edge = fc
    .tuple(fc.constantFrom(now, ...starts, monday - 7 * DAY, monday + 7 * DAY), fc.constantFrom(-1, 0, 0, 1))
    .map(([ms, shift]) => ms + shift);
  return fc.oneof(
    { weight: 4, arbitrary: edge },
    { weight: 4, arbitrary: fc.integer({ min: -2 * DAY, max: 65 * DAY }).map((before) => now - before) },
    { weight: 2, arbitrary: fc.integer({ min: -40 * DAY, max: 420 * DAY }).map((before) => now - before) },
  );
}

/** A range of UTC days as ms of their midnights, near `now`: one day to a year, past, present or to come. */
export function rangesAround(now: number): fc.Arbitrary<{ fromMs: number; toMs: number }> {
  const midnight = now - (now % DAY);
  return fc
    .tuple(
      fc.integer({ min: -5, max: 70 }),
      fc.oneof({ weight: 9, arbitrary: fc.nat(45) }, { weight: 1, arbitrary: fc.nat(366) }),
    )
    .map(([before, length]) => ({
      fromMs: midnight - before * DAY,
      toMs: midnight - (before - length) * DAY,
    }));
}
