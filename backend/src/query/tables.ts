import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import type { PageTable, QueryAnswer, QuerySeries } from '../contract/index.js';
import type { Table, TableCell, TableColumn, TableType } from '../warehouse/table.js';

/** Answers as tables, for those who take them elsewhere. */

/** Items of a list: a column for each field that their schema names, in that order. */
export function listTable(schema: TObject, items: readonly object[]): Table {
  const columns = Object.entries(schema.properties).map(([name, field]) => ({ name, type: typeOf(field) }));
  const rows = items.map((item) => {
    const cells = item as Readonly<Record<string, TableCell>>;
    return columns.map(({ name }) => cells[name] ?? null);
  });
  return { columns, rows };
}

/** Of a field that may be null, the other one. */
function typeOf(schema: TSchema): TableType {
  const [option] = (schema['anyOf'] ?? []) as TSchema[];
  if (option !== undefined) return typeOf(option);
  switch (schema[Kind]) {
    case 'Integer':
      return 'integer';
    case 'Number':
      return 'number';
    case 'Boolean':
      return 'boolean';
    default:
      return schema['format'] === 'date-time' ? 'time' : 'text';
  }
}

/** Columns of nothing but numbers are numbers, whole ones where all are whole. */
export function pageTable({ columns, rows }: Pick<PageTable, 'columns' | 'rows'>): Table {
  const typeAt = (index: number): TableType => {
    const cells = rows.map((row) => row[index] ?? null).filter((cell) => cell !== null);
    if (cells.length === 0 || cells.some((cell) => typeof cell !== 'number')) return 'text';
    return cells.every((cell) => Number.isSafeInteger(cell)) ? 'integer' : 'number';
  };
  const typed = columns.map((name, index) => ({ name, type: typeAt(index) }));
  const cellsOf = (row: readonly TableCell[]): TableCell[] =>
    typed.map(({ type }, index) => {
      const cell = row[index] ?? null;
      return type === 'text' && cell !== null ? String(cell) : cell;
    });
  return { columns: typed, rows: rows.map(cellsOf) };
}

const COLUMNS: readonly TableColumn[] = [
  { name: 'metric', type: 'text' },
  { name: 'bucket', type: 'text' },
  { name: 'key', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'value', type: 'integer' },
];
const COMPARED: readonly TableColumn[] = [
  { name: 'previousBucket', type: 'text' },
  { name: 'previousValue', type: 'integer' },
];

type Shown = Pick<QuerySeries, 'key' | 'name' | 'values'> & { readonly previous?: { readonly values: number[] } };

/** An answer of the query call, a row a value: by bucket, then by group, each beside the bucket it is compared with. */
export function seriesTable({ metric, groupBy, buckets, values, previous, series, other }: QueryAnswer): Table {
  const all: Shown = { key: null, name: 'All', values, ...(previous !== null && { previous }) };
  const shown: readonly Shown[] = groupBy === 'none' ? [all] : [...series, ...(other === null ? [] : [other])];
  const rows = Array.from({ length: Math.max(buckets.length, previous?.buckets.length ?? 0) }, (_, ix) =>
    shown.map((one) => [
      ...[metric, buckets[ix] ?? null, one.key, one.name, one.values[ix] ?? null],
      ...(previous === null ? [] : [previous.buckets[ix] ?? null, one.previous?.values[ix] ?? null]),
    ]),
  );
  return { columns: previous === null ? COLUMNS : [...COLUMNS, ...COMPARED], rows: rows.flat() };
}
