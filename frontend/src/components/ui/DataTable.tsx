import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Figures } from '../../lib/chart/table';
import { LoadMore } from './LoadMore';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the cell says, for a table that is taken along; left out, the column is. */
  readonly value?: (row: Row) => string | number | null;
  /** Numbers stand right, in digits of equal width. */
  readonly numeric?: boolean;
  /** Left out where the page is narrow; the row must make sense without it. */
  readonly wideOnly?: boolean;
  /** The service can sort by it, under this name: the largest or latest first, unless it says otherwise. */
  readonly sort?: string;
  readonly ascending?: boolean;
}

interface DataTableProps<Row> {
  /** Says what the table holds, for those who do not see its card. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** The name it is sorted by now, and what to do to sort by another. */
  readonly sorted?: { readonly by: string; readonly onSort: (by: string) => void };
  /** Present while there are more rows than these. */
  readonly loadMore?: (() => Promise<void>) | undefined;
}

/** The rows of a table as figures. */
export const tableFigures = <Row,>(columns: readonly Column<Row>[], rows: readonly Row[]): Figures => {
  const told = columns.flatMap(({ name, value }) => (value ? [{ name, value }] : []));
  return { columns: told.map(({ name }) => name), rows: rows.map((row) => told.map(({ value }) => value(row))) };
};

/** A cell whose name can be pressed is as high as a finger in a narrow window, without more around it. */
const CELL = 'h-11 py-0 sm:py-2.5 md:h-auto';

/** A head of so many letters stays in one line also where the page is narrow. */
const SHORT_HEAD = 7;

const classOf = ({ numeric, wideOnly }: Column<never>, index: number): string =>
  [
    index === 0 ? 'w-full max-w-0 truncate text-left' : 'whitespace-nowrap pl-4',
    // In a card as wide as the page the columns share its width, else names and figures would stand far apart.
    index === 0 ? '' : numeric ? '@4xl:min-w-30' : '@4xl:min-w-44',
    numeric ? 'text-right tabular-nums' : 'text-left',
    wideOnly ? 'hidden sm:table-cell' : '',
  ].join(' ');

/** A plain table: the first column names the row, figures align right. */
export function DataTable<Row>({ caption, columns, rows, keyOf, sorted, loadMore }: DataTableProps<Row>) {
  return (
    <div className="@container">
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-xs text-ink-2">
            {columns.map((column, index) => (
              <th
                key={column.name}
                scope="col"
                className={`pb-2 align-middle font-medium ${column.name.length > SHORT_HEAD ? 'max-sm:whitespace-normal' : ''} ${classOf(column, index)}`}
                {...(column.sort !== undefined && column.sort === sorted?.by
                  ? { 'aria-sort': column.ascending ? 'ascending' : 'descending' }
                  : {})}
              >
                <Head column={column} sorted={sorted} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-b border-line last:border-0 hover:bg-sunk/50">
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.name} scope="row" className={`${CELL} font-normal ${classOf(column, index)}`}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.name} className={`${CELL} ${classOf(column, index)}`}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {loadMore && <LoadMore load={loadMore} />}
    </div>
  );
}

type HeadProps = { readonly column: Column<never>; readonly sorted: DataTableProps<never>['sorted'] };

function Head({ column: { name, sort, ascending }, sorted }: HeadProps) {
  if (sort === undefined || sorted === undefined) return name;
  const active = sort === sorted.by;
  const Arrow = ascending ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={() => sorted.onSort(sort)}
      className={`inline-flex min-h-6 items-center gap-0.5 hover:text-ink max-md:min-h-11 ${active ? 'font-semibold text-ink' : ''}`}
    >
      {name}
      {active && <Arrow aria-hidden size={12} />}
    </button>
  );
}
