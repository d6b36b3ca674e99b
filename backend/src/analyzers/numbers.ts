/** Rounding as `docs/metrics.md` states it: two decimals, 0 (or null) where it would divide by zero, never −0. */

/** `part` of `whole` in %. */
export function percentage(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((10000 * part) / whole) / 100;
}

export function average(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round((100 * sum) / count) / 100;
}

/** From `previous` to `value` in %; null when there was nothing before. */
export function change(value: number, previous: number): number | null {
  return previous === 0 ? null : withoutMinusZero(Math.round((10000 * (value - previous)) / previous) / 100);
}

/** The average day of the last 7 against that of the last 30, in %. */
export function trendGrowth(last7: number, last30: number): number {
  return last30 === 0 ? 0 : withoutMinusZero(Math.round(100 * ((3000 * last7) / (7 * last30) - 100)) / 100);
}

const withoutMinusZero = (value: number): number => value + 0;
