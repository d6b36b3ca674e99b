/**
 * CSV as RFC 4180 has it, with a header: what the service writes and what the page writes are one. Anyone on the chain writes
 * names: a text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"); numbers are
 * left as they are.
 */
const FORMULA = /^[=+\-@\t\r\n]/;

export type CsvCell = string | number | boolean | null;

export const csvText = (header: readonly string[], rows: readonly (readonly CsvCell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

function cell(value: CsvCell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
