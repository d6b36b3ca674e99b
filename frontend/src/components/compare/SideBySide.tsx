'use client';
import type { QueryAnswer, QueryMetric } from '@passportx/analytics-backend/contract';
import { allAnswers, mapAnswer } from '../../lib/answer';
import type { Ask } from '../../lib/api/query';
import { begunAt, intervalFor } from '../../lib/buckets';
import type { ChartData } from '../../lib/chart/option';
import { lengthOf } from '../../lib/dates';
import { formatCount, formatDifference } from '../../lib/format';
import { useMetrics } from '../../lib/hooks/useApi';
import { useCardChoice } from '../../lib/hooks/useCard';
import { useNow } from '../../lib/hooks/useNow';
import { METRICS } from '../../lib/metrics';
import { TimeChart } from '../charts/TimeChart';
import { Change } from '../ui/Change';
import { ChartFrame } from '../ui/ChartFrame';
import { Segments } from '../ui/Choices';
import { DataTable, tableFigures, type Column } from '../ui/DataTable';

/** One of the two: what it is called, and what it asks for. */
export interface Side {
  readonly name: string;
  /** As short as the head of a column has room for. */
  readonly short?: string;
  /** A period by its first day, as short as the end of a line has room for. */
  readonly begins?: string;
  readonly ask: Pick<Ask, 'range' | 'filters'>;
}

interface SideBySideProps {
  readonly a: Side;
  readonly b: Side;
  readonly metrics: readonly QueryMetric[];
}

interface Row {
  readonly metric: QueryMetric;
  readonly a: number;
  readonly b: number;
}

const lineName = ({ name, begins }: Side): string => (begins === undefined ? name : `from ${begins}`);

/** In % of `from`; null when that is nothing. */
const changeOf = (from: number, to: number): number | null =>
  from === 0 ? (to === 0 ? 0 : null) : (100 * (to - from)) / from;

const columnsOf = (a: Side, b: Side): Column<Row>[] => [
  {
    name: 'Number',
    value: ({ metric }) => METRICS[metric].label,
    cell: ({ metric }) => <span className="block leading-tight max-sm:whitespace-normal">{METRICS[metric].label}</span>,
  },
  {
    name: a.short ?? a.name,
    value: (row) => row.a,
    cell: (row) => <span className="font-semibold text-accent-ink">{formatCount(row.a)}</span>,
    numeric: true,
  },
  {
    name: b.short ?? b.name,
    value: (row) => row.b,
    cell: (row) => <span className="font-semibold text-[var(--teal-ink)]">{formatCount(row.b)}</span>,
    numeric: true,
  },
  {
    name: 'Difference',
    value: (row) => row.a - row.b,
    cell: (row) => formatDifference(row.a - row.b),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'In %',
    value: (row) => changeOf(row.b, row.a),
    cell: (row) => (
      <Change
        change={changeOf(row.b, row.a)}
        lessIsBetter={METRICS[row.metric].lessIsBetter ?? false}
        arrow={false}
        fresh="–"
      />
    ),
    numeric: true,
  },
];

/** The same numbers of both, and one of them over time: from the first day of each, so that they lie over each other. */
export function SideBySide({ a, b, metrics }: SideBySideProps) {
  const [shown, setShown] = useCardChoice('over-time', 'metric', metrics, metrics[0] ?? 'badgesIssued');
  const interval = intervalFor(lengthOf(a.ask.range) >= lengthOf(b.ask.range) ? a.ask.range : b.ask.range);
  const now = useNow(60_000);
  const answersA = useMetrics(metrics.map((metric) => ({ metric, interval, ...a.ask })));
  const answersB = useMetrics(metrics.map((metric) => ({ metric, interval, ...b.ask })));
  const both = allAnswers([...answersA, ...answersB]);
  const rows = mapAnswer(both, (all) =>
    metrics.map((metric, index): Row => ({
      metric,
      a: all[index]?.total ?? 0,
      b: all[metrics.length + index]?.total ?? 0,
    })),
  );
  const begun = (answer: QueryAnswer | undefined) => begunAt(now, answer?.buckets ?? [], interval);
  const place = metrics.indexOf(shown);
  const chart = mapAnswer(both, (all): ChartData => {
    const [first, second] = [all[place], all[metrics.length + place]];
    const longer = (first?.buckets.length ?? 0) >= (second?.buckets.length ?? 0) ? first : second;
    const [begunA, begunB] = [begun(first), begun(second)];
    const valuesOf = (answer: QueryAnswer | undefined, { count }: typeof begunA) =>
      answer?.values.slice(0, count) ?? [];
    return {
      interval,
      buckets: longer?.buckets ?? [],
      series: [
        { id: 'a', name: lineName(a), hue: 'violet', values: valuesOf(first, begunA), over: !begunA.open },
        { id: 'b', name: lineName(b), hue: 'teal', values: valuesOf(second, begunB), over: !begunB.open },
      ],
      shape: 'lines',
      open: begunA.open || begunB.open,
    };
  });
  const columns = columnsOf(a, b);
  return (
    <div className="flex flex-col gap-4">
      <ChartFrame
        id="numbers"
        title="Number by number"
        says={`${a.name} against ${b.name}.`}
        answer={rows}
        figures={(data) => tableFigures(columns, data)}
        isTable
      >
        {(data) => (
          <DataTable caption="Both, number by number" columns={columns} rows={data} keyOf={({ metric }) => metric} />
        )}
      </ChartFrame>
      <TimeChart
        id="over-time"
        title={METRICS[shown].label}
        says={METRICS[shown].says}
        controls={
          <Segments
            label="What is drawn"
            choices={metrics.map((id) => ({ id, label: METRICS[id].label }))}
            chosen={shown}
            onChoose={setShown}
          />
        }
        answer={chart}
      />
    </div>
  );
}
