'use client';
import type { QueryMetric, QuerySeries } from '@passportx/analytics-backend/contract';
import type { ReactNode } from 'react';
import { formatCount } from '../../lib/format';
import { useMetric } from '../../lib/hooks/useApi';
import { DIMENSION_LABELS } from '../../lib/metrics';
import type { FilterName, Filters, View } from '../../lib/view';
import { Change } from '../ui/Change';
import { ChartFrame } from '../ui/ChartFrame';
import { DataTable, tableFigures, type Column } from '../ui/DataTable';
import { Named } from '../ui/Named';
import { groupName } from './Breakdown';

interface RankingProps {
  readonly id: string;
  readonly title: string;
  readonly says: ReactNode;
  readonly metric: QueryMetric;
  /** What is ranked. */
  readonly by: Extract<FilterName, 'badge' | 'community' | 'issuer' | 'user'>;
  /** Name of the column of counts. */
  readonly counts: string;
  readonly view: Pick<View, 'range' | 'compare'>;
  readonly filters: Filters;
  readonly limit?: number;
  /** Where there is room: each count as a bar beside the largest. */
  readonly bars?: boolean;
  readonly className?: string;
  readonly emptyText?: string;
}

function Share({ count, largest }: { readonly count: number; readonly largest: number }) {
  return (
    <span aria-hidden className="block h-2 w-48 overflow-hidden rounded-full bg-sunk lg:w-64 @4xl:w-lg">
      <span
        className="block h-full min-w-1 rounded-full bg-violet transition-[width] duration-400"
        style={{ width: `${(100 * count) / Math.max(1, largest)}%` }}
      />
    </span>
  );
}

interface Look {
  readonly by: RankingProps['by'];
  readonly counts: string;
  readonly compared: boolean;
  /** The longest bar; undefined where none are drawn. */
  readonly largest: number | undefined;
}

const columnsOf = ({ by, counts, compared, largest }: Look): Column<QuerySeries>[] => [
  {
    name: DIMENSION_LABELS[by],
    value: ({ key, name }) => (by === 'issuer' || by === 'user' ? key : name),
    cell: ({ key, name }) =>
      key === null ? (
        <span className="text-ink-2">No community</span>
      ) : (
        <Named filter={by} id={key} name={groupName(by, key, name)} />
      ),
  },
  ...(largest === undefined
    ? []
    : [
        {
          name: 'Beside the largest',
          cell: ({ total }: QuerySeries) => <Share count={total} largest={largest} />,
          wideOnly: true,
        },
      ]),
  ...(compared
    ? [
        {
          name: 'Change',
          value: ({ previous }: QuerySeries) => previous?.change ?? null,
          cell: ({ total, previous }: QuerySeries) =>
            previous && (
              <Change change={total === 0 && previous.total === 0 ? 0 : previous.change} arrow={false} fresh="new" />
            ),
          numeric: true,
        },
      ]
    : []),
  {
    name: counts,
    value: ({ total }) => total,
    cell: ({ total }) => <span className="font-semibold">{formatCount(total)}</span>,
    numeric: true,
  },
];

/** The largest groups of a metric in the days shown, each with its change. */
export function Ranking({
  metric,
  by,
  counts,
  view: { range, compare },
  filters,
  limit = 8,
  bars = false,
  ...frame
}: RankingProps) {
  const answer = useMetric({ metric, range, compare, filters, groupBy: by, limit });
  const largest = bars ? (answer.data?.series[0]?.total ?? 0) : undefined;
  const columns = columnsOf({ by, counts, compared: compare !== 'none', largest });
  const rowsOf = (series: readonly QuerySeries[]) => series.filter(({ total }) => total > 0);
  return (
    <ChartFrame
      {...frame}
      answer={answer}
      isEmpty={({ series }) => rowsOf(series).length === 0}
      figures={({ series }) => tableFigures(columns, rowsOf(series))}
      isTable
    >
      {({ series }) => (
        <DataTable caption={frame.title} columns={columns} rows={rowsOf(series)} keyOf={({ key }) => key ?? ''} />
      )}
    </ChartFrame>
  );
}
