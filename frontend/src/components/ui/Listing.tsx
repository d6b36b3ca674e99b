'use client';
import { useDeferredValue, type ReactNode } from 'react';
import { exportPath, type ListQuery } from '../../lib/api/paths';
import { countOf, formatCount } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { useCardChoice, useCardText } from '../../lib/hooks/useCard';
import { useListing } from '../../lib/hooks/useListing';
import { DIMENSION_LABELS } from '../../lib/metrics';
import { FILTERS, type FilterName, type Filters } from '../../lib/view';
import { ChartFrame } from './ChartFrame';
import { DataTable, tableFigures, type Column } from './DataTable';
import { SearchField } from './SearchField';

interface ListingCardProps<Row> {
  readonly id: string;
  readonly title: string;
  readonly says: ReactNode;
  /** Where the list is, sorted by one of the names that its columns know, searched, and narrowed down. */
  readonly pathOf: (query: Omit<ListQuery, 'limit'>) => string;
  /** What it is a list of, whatever the page is narrowed down to. */
  readonly of?: Filters;
  /** Filters of the page that it obeys; of the rest it says that it does not. */
  readonly knows?: readonly FilterName[];
  /** What can be searched for; left out where the list cannot be. */
  readonly search?: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What it is sorted by at first. */
  readonly sort: string;
  /** One row in a word, for the count. */
  readonly noun: string;
  readonly emptyText: string;
  readonly className?: string;
}

/** A whole list of the service, sorted by the heads of its columns, a page at a time. */
export function ListingCard<Row>({
  pathOf,
  of = {},
  knows = [],
  columns,
  keyOf,
  sort,
  search,
  noun,
  says,
  ...frame
}: ListingCardProps<Row>) {
  const { filters } = useView();
  const set = FILTERS.filter((name) => filters[name] !== undefined && of[name] === undefined);
  const obeyed = set.filter((name) => knows.includes(name));
  const rest = set.filter((name) => !knows.includes(name)).map((name) => DIMENSION_LABELS[name].toLowerCase());
  const sorts = columns.flatMap((column) => (column.sort === undefined ? [] : [column.sort]));
  const [by, setBy] = useCardChoice(frame.id, 'sort', sorts, sort);
  const [text, setText] = useCardText(frame.id, 'search');
  const wanted = useDeferredValue(text.trim());
  const narrowed: Filters = Object.fromEntries(obeyed.map((name) => [name, filters[name]]));
  const path = pathOf({ sort: by, q: wanted === '' ? undefined : wanted, ...narrowed, ...of });
  const { loadMore, ...answer } = useListing<Row>(path);
  const total = answer.data?.total;
  return (
    <ChartFrame
      {...frame}
      says={
        <>
          {says}
          {rest.length > 0 && ` Not narrowed down by ${rest.join(' or ')}.`}
        </>
      }
      answer={answer}
      aside={
        total !== undefined && (
          <span className="text-sm whitespace-nowrap text-ink-2 tabular-nums" title={countOf(total, noun)}>
            {formatCount(total)}
          </span>
        )
      }
      {...(search === undefined
        ? {}
        : { controls: <SearchField className="max-w-72" label={search} text={text} onText={setText} /> })}
      {...(obeyed.length === 0 ? {} : { emptyText: 'Nothing matches the filters of the page.' })}
      {...(wanted === '' ? {} : { emptyText: `Nothing with “${wanted}” in it.` })}
      isEmpty={({ items }) => items.length === 0}
      figures={({ items }) => tableFigures(columns, items)}
      exportPath={(format) => exportPath(path, format)}
      isTable
    >
      {({ items, hasMore }) => (
        <DataTable
          caption={frame.title}
          columns={columns}
          rows={items}
          keyOf={keyOf}
          sorted={{ by, onSort: setBy }}
          loadMore={hasMore ? loadMore : undefined}
        />
      )}
    </ChartFrame>
  );
}
