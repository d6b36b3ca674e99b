/** The arithmetic of the benchmark. Pure: times go in as numbers, and what comes out can be checked by hand. */

/** What was measured, beside a rival or a limit in the same unit. */
export interface Row {
  /** Names the row from one run to the next. */
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly beside: { readonly what: string; readonly value: number };
  readonly aim: Aim;
  /** The events it was measured at, and those that its aim is for: an aim is judged at its own size alone. */
  readonly size?: { readonly measured: number; readonly aimed: number };
}

/** Of the ratio `value / beside.value`. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number };

/** The value that `share` (0 to 1) of all values do not exceed, by nearest rank. @throws {RangeError} without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('a percentile of no values');
  return found;
}

/** Values from which on a 99th percentile is not one of the two largest, which tell of a single mishap. */
const LEAST_FOR_P99 = 200;

/** The upper end that so many values have: their 99th percentile, or the largest of fewer. */
export function upperEnd(count: number): { readonly name: 'p99' | 'max'; readonly share: number } {
  return count >= LEAST_FOR_P99 ? { name: 'p99', share: 0.99 } : { name: 'max', share: 1 };
}

export const ratioOf = ({ value, beside }: Row): number => value / beside.value;

/** Undefined where it was measured at another size than its aim is for. */
export function isMet(row: Row): boolean | undefined {
  if (row.size !== undefined && row.size.measured !== row.size.aimed) return undefined;
  const ratio = ratioOf(row);
  return 'atLeast' in row.aim ? ratio >= row.aim.atLeast : ratio <= row.aim.atMost;
}
