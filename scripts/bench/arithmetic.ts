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

export const ratioOf = ({ value, beside }: Row): number => value / beside.value;

export function isMet(row: Row): boolean {
  const ratio = ratioOf(row);
  return 'atLeast' in row.aim ? ratio >= row.aim.atLeast : ratio <= row.aim.atMost;
}

/** Of a run as `--json` prints it. */
export type Kept = readonly { readonly id: string; readonly ratio: number }[];

export interface Worse {
  readonly id: string;
  readonly before: number;
  readonly now: number;
}

/** A ratio that changes by no more is taken for noise. */
const TOLERANCE = 0.1;

/** The rows whose ratio became worse by more than a tenth; rows that only one of the two runs has are left out. */
export function worseThan(before: Kept, rows: readonly Row[]): Worse[] {
  const known = new Map(before.map(({ id, ratio }) => [id, ratio]));
  return rows.flatMap((row) => {
    const was = known.get(row.id);
    if (was === undefined) return [];
    const now = ratioOf(row);
    const worse = 'atLeast' in row.aim ? now < was * (1 - TOLERANCE) : now > was * (1 + TOLERANCE);
    return worse ? [{ id: row.id, before: was, now }] : [];
  });
}
