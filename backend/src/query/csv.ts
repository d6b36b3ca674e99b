import type { Table, TableCell } from '../warehouse/table.js';

/**
 * CSV as RFC 4180 has it, with a header. Anyone on the chain writes names: a text that a spreadsheet would take for a
 * formula gets an apostrophe before it (OWASP, "CSV Injection"); numbers are left as they are.
 */
const FORMULA = /^[=+\-@\t\r\n]/;

export function csvOf({ columns, rows }: Table): string {
  return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: TableCell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
