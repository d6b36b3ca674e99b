'use client';
import { Search } from 'lucide-react';
import { useDeferredValue, useId, useState, type ReactNode } from 'react';
import type { ListQuery } from '../../lib/api/paths';
import { countOf, formatCount } from '../../lib/format';
import { useListing } from '../../lib/hooks/useApi';
import { ChartFrame } from './ChartFrame';
import { DataTable, tableFigures, type Column } from './DataTable';

interface ListingCardProps<Row> {
  readonly id: string;
  readonly title: string;
  readonly says: ReactNode;
  /** Where the list is, sorted by one of the names that its columns know, and searched. */
  readonly pathOf: (query: Pick<ListQuery, 'sort' | 'q'>) => string;
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
export function ListingCard<Row>({ pathOf, columns, keyOf, sort, search, noun, ...frame }: ListingCardProps<Row>) {
  const [by, setBy] = useState(sort);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const { loadMore, ...answer } = useListing<Row>(pathOf({ sort: by, q: wanted === '' ? undefined : wanted }));
  const total = answer.data?.total;
  return (
    <ChartFrame
      {...frame}
      answer={answer}
      aside={
        total !== undefined && (
          <span className="text-sm whitespace-nowrap text-ink-2 tabular-nums" title={countOf(total, noun)}>
            {formatCount(total)}
          </span>
        )
      }
      {...(search === undefined ? {} : { controls: <SearchField label={search} text={text} onText={setText} /> })}
      {...(wanted === '' ? {} : { emptyText: `Nothing with “${wanted}” in it.` })}
      isEmpty={({ items }) => items.length === 0}
      figures={({ items }) => tableFigures(columns, items)}
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

interface SearchFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
}

/** As long as any id. */
const MAX_SEARCH = 200;

function SearchField({ label, text, onText }: SearchFieldProps) {
  const id = useId();
  return (
    <div className="relative w-full max-w-72">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <Search aria-hidden size={15} className="absolute top-1/2 left-3 -translate-y-1/2 text-ink-3" />
      <input
        id={id}
        type="search"
        placeholder={label}
        maxLength={MAX_SEARCH}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onText(event.target.value)}
        className="control w-full justify-start pl-9 font-normal placeholder:text-ink-3"
      />
    </div>
  );
}
