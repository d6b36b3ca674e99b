import { isMet, ratioOf, type Row } from './arithmetic.js';
import { vanished, worseThan, type Kept, type Machine } from './compare.js';
import { FACTS_PER_PRINT } from './workload/prints.js';

/** How a run is shown: a table for people, JSON for machines. */

const HEADINGS = ['what', 'measured', 'beside', '', 'ratio', 'aim', ''] as const;

/** What the figures count, and what no verdict means. */
const LEGEND = [
  `The events of intake and of stages are prints, those of a size, a rebuild and the analyzers are facts: ${FACTS_PER_PRINT.toFixed(2)} a print.`,
  'An aim that is for another size than was measured is printed with its size, and not judged.',
];

/** The table, with columns as wide as their widest cell, and its legend. */
export const table = (rows: readonly Row[]): string => [...lines(rows), '', ...LEGEND].join('\n');

/** Those of the table. */
export function lines(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => [
    row.what,
    `${figure(row.value)} ${row.unit}`,
    row.beside.what,
    `${figure(row.beside.value)} ${row.unit}`,
    figure(ratioOf(row)),
    aimOf(row),
    { true: 'met', false: 'NOT met', undefined: '' }[String(isMet(row)) as 'true' | 'false' | 'undefined'],
  ]);
  const all = [[...HEADINGS], ...cells];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)));
  return all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function aimOf({ aim, size }: Row): string {
  const ratio = 'atLeast' in aim ? `≥ ${aim.atLeast}` : `≤ ${aim.atMost}`;
  const isOther = size !== undefined && size.measured !== size.aimed;
  return isOther ? `${ratio} at ${size.aimed.toLocaleString('en')}` : ratio;
}

/** A row with the name of the measurement that gave it. */
export type Measured = Row & { readonly measurement: string };

/** The rows with their ratios, for `--compare`, and what they were measured on. */
export function json(
  rows: readonly Measured[],
  machine: Machine & Readonly<Record<string, string | number | boolean>>,
): string {
  return JSON.stringify(
    { machine, rows: rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) ?? null })) },
    null,
    2,
  );
}

/** What is worse than in the run of the file `path`, and what is no more. @param ran measurements of this run */
export function comparison(before: Kept, rows: readonly Row[], ran: readonly string[], path: string): string {
  const worse = worseThan(before, rows).map(
    ({ id, before: was, now }) => `  ${id}: ${figure(was)} before, ${figure(now)} now`,
  );
  const gone = vanished(before, rows, ran).map((id) => `  ${id}`);
  return [
    ...(worse.length === 0
      ? [`no ratio is worse than in ${path} by more than 10 %`]
      : [`worse than in ${path} by more than 10 %:`, ...worse]),
    ...(gone.length === 0 ? [] : [`in ${path}, and no more:`, ...gone]),
  ].join('\n');
}

/** Three digits that count; whole numbers with their thousands apart. */
function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
