import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand right, in digits of equal width. */
  readonly numeric?: boolean;
  /** Left out where the page is narrow; the row must make sense without it. */
  readonly wideOnly?: boolean;
}

interface DataTableProps<Row> {
  /** Says what the table holds, for those who do not see its card. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** A plain table: the first column names the row, figures align right. */
export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  const classOf = ({ numeric, wideOnly }: Column<Row>, index: number) =>
    [
      index === 0 ? 'w-full max-w-0 truncate text-left' : 'whitespace-nowrap pl-4',
      numeric ? 'text-right tabular-nums' : 'text-left',
      wideOnly ? 'hidden sm:table-cell' : '',
    ].join(' ');
  return (
    <table className="w-full border-collapse">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-line text-xs text-ink-2">
          {columns.map((column, index) => (
            <th key={column.name} scope="col" className={`pb-2 font-medium ${classOf(column, index)}`}>
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-b border-line last:border-0">
            {columns.map((column, index) =>
              index === 0 ? (
                <th key={column.name} scope="row" className={`py-2.5 font-normal ${classOf(column, index)}`}>
                  {column.cell(row)}
                </th>
              ) : (
                <td key={column.name} className={`py-2.5 ${classOf(column, index)}`}>
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
