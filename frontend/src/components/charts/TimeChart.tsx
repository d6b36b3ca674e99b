'use client';
import { useState, type ReactNode } from 'react';
import type { Answer } from '../../lib/answer';
import type { SeriesInterval } from '../../lib/buckets';
import type { ChartData } from '../../lib/chart/option';
import { figuresOf } from '../../lib/chart/table';
import { ChartFrame } from '../ui/ChartFrame';
import { FiguresTable } from '../ui/Figures';
import { Legend } from './Legend';
import { Plot } from './Plot';

interface TimeChartProps {
  readonly id: string;
  readonly title: string;
  readonly says: ReactNode;
  readonly aside?: ReactNode;
  readonly controls?: ReactNode;
  readonly answer: Answer<ChartData>;
  readonly emptyText?: string;
  readonly className?: string;
  /** A press on a bucket; left out where there is nothing to narrow down to. */
  readonly onPick?: ((bucket: string) => void) | undefined;
  /** A press on a part of a stack. */
  readonly onPickSeries?: ((id: string) => void) | undefined;
}

const isFlat = ({ series }: ChartData): boolean =>
  series.every(({ values, before = [] }) => [...values, ...before].every((value) => value === 0));

const OPEN_BUCKETS: Record<SeriesInterval, string> = {
  hour: 'this hour',
  day: 'today',
  week: 'this week',
  month: 'this month',
};

/** What sets the bucket apart that is not over: it is no fall. */
const soFar = ({ open, shape, interval }: ChartData): string =>
  open ? ` ${shape === 'lines' ? 'Dashed' : 'Faint'}: ${OPEN_BUCKETS[interval]} so far.` : '';

/** A series over time in its card: picture, legend where lines cannot be labelled, and every figure as a table. */
export function TimeChart({ answer, onPick, onPickSeries, emptyText, ...frame }: TimeChartProps) {
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<Error | null>(null);
  const drawable: Answer<ChartData> =
    failure === null
      ? answer
      : {
          data: undefined,
          error: failure,
          refetch: () => {
            setFailure(null);
            setAttempt(attempt + 1);
          },
        };
  return (
    <ChartFrame
      {...frame}
      says={
        <>
          {frame.says}
          {answer.data && soFar(answer.data)}
        </>
      }
      answer={drawable}
      isEmpty={emptyText === undefined ? () => false : isFlat}
      {...(emptyText === undefined ? {} : { emptyText })}
      figures={figuresOf}
      skeleton="chart"
    >
      {(data) => (
        <>
          {data.shape === 'stack' && <Legend series={data.series} onPick={onPickSeries} />}
          <Plot
            key={attempt}
            title={frame.title}
            data={data}
            onPick={onPick}
            onFailed={() => setFailure(new Error('The code that draws it did not come.'))}
          />
          <div className="sr-only">
            <FiguresTable caption={`${frame.title}, every figure`} figures={figuresOf(data)} />
          </div>
        </>
      )}
    </ChartFrame>
  );
}
