import { isMet, ratioOf, type Row, type Worse } from './arithmetic.js';

/** How a run is shown: a table for people, JSON for machines. */

const HEADINGS = ['what', 'measured', 'beside', '', 'ratio', 'aim', ''] as const;

/** The table; columns as wide as their widest cell. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    `${figure(row.value)} ${row.unit}`,
    row.beside.what,
    `${figure(row.beside.value)} ${row.unit}`,
    figure(ratioOf(row)),
    'atLeast' in row.aim ? `≥ ${row.aim.atLeast}` : `≤ ${row.aim.atMost}`,
    isMet(row) ? 'met' : 'NOT met',
  ]);
  const lines = [[...HEADINGS], ...cells];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The rows with their ratios, for `--compare`, and what they were measured on. */
export function json(rows: readonly Row[], machine: Readonly<Record<string, string | number | boolean>>): string {
  return JSON.stringify(
    { machine, rows: rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) })) },
    null,
    2,
  );
}

export function comparison(worse: readonly Worse[], path: string): string {
  if (worse.length === 0) return `no ratio is worse than in ${path} by more than 10 %`;
  const lines = worse.map(({ id, before, now }) => `  ${id}: ${figure(before)} before, ${figure(now)} now`);
  return [`worse than in ${path} by more than 10 %:`, ...lines].join('\n');
}

/** Three digits that count; whole numbers with their thousands apart. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
