/** The figures behind a picture as a table: for those who do not see it, for those who want to read it, and as CSV. */
import { csvText } from '@passportx/analytics-backend/contract/csv';
import { formatBucket } from '../buckets';
import { formatCount, formatDecimal } from '../format';
import type { ChartData } from './option';

export interface Figures {
  readonly columns: readonly string[];
  /** The first cell names the row. Numbers stay numbers, so that a spreadsheet can count with them. */
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Where the first cells are buckets: how long each is. */
  readonly interval?: ChartData['interval'];
}

/** What a table can be taken along as. */
export const TABLE_FORMATS = [
  { format: 'csv', name: 'CSV' },
  { format: 'json', name: 'JSON' },
  { format: 'parquet', name: 'Parquet' },
] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number]['format'];

/** A row a bucket; the day as ISO says it, since a table that is saved has no locale. */
export function figuresOf({ interval, buckets, bucketsBefore, series }: ChartData): Figures {
  const compared = bucketsBefore === undefined ? [] : series.filter(({ before }) => before !== undefined);
  return {
    interval,
    columns: [
      interval.charAt(0).toUpperCase() + interval.slice(1),
      ...series.map(({ name }) => name),
      ...compared.map(({ name }) => `${name} before`),
    ],
    rows: buckets.map((bucket, index) => [
      bucket,
      ...series.map(({ values }) => values[index] ?? 0),
      ...compared.map(({ before }) => before?.[index] ?? null),
    ]),
  };
}

/** How a cell is read on the page. */
export function formatCell(cell: string | number | null, interval?: ChartData['interval']): string {
  if (cell === null) return '–';
  if (typeof cell === 'number') return Number.isInteger(cell) ? formatCount(cell) : formatDecimal(cell);
  return interval === undefined ? cell : formatBucket(cell, interval);
}

export const toCsv = ({ columns, rows }: Pick<Figures, 'columns' | 'rows'>): string => csvText(columns, rows);

/** One object a row, by the names of the columns, those alike numbered. */
export function toJson({ columns, rows }: Pick<Figures, 'columns' | 'rows'>): string {
  const names = columnNames(columns);
  const objects = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
  return JSON.stringify(objects, null, 2);
}

/** Names that a column of a file can have: no two alike, whatever their case, and no quotes, which communities may have in theirs. */
export function columnNames(columns: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return columns.map((column) => {
    const name = column.replaceAll(/["\p{Cc}]/gu, ' ').slice(0, 90);
    const place = (seen.get(name.toLowerCase()) ?? 0) + 1;
    seen.set(name.toLowerCase(), place);
    return place === 1 ? name : `${name} (${place})`;
  });
}
