'use client';
import type { QueryMetric } from '@passportx/analytics-backend/contract';
import type { ReactNode } from 'react';
import { allAnswers, mapAnswer } from '../../lib/answer';
import { toLines } from '../../lib/api/query';
import type { Hue } from '../../lib/chart/option';
import { useMetrics } from '../../lib/hooks/useApi';
import { useCardInterval } from '../../lib/hooks/useCard';
import { useNow } from '../../lib/hooks/useNow';
import { usePick } from '../../lib/hooks/usePick';
import { METRICS, obeys } from '../../lib/metrics';
import type { Filters, View } from '../../lib/view';
import { TimeChart } from '../charts/TimeChart';
import { IntervalPicker } from './IntervalPicker';

export interface MetricLine {
  readonly metric: QueryMetric;
  readonly hue: Hue;
  /** Shorter than the metric's own label, for the end of a line. */
  readonly name?: string;
}

interface MetricLinesProps {
  readonly id: string;
  readonly title: string;
  readonly says: ReactNode;
  readonly lines: readonly MetricLine[];
  readonly view: Pick<View, 'range' | 'compare'>;
  readonly filters: Filters;
  readonly className?: string;
  readonly emptyText?: string;
}

/** Metrics over time as lines, the period compared with paler; those that do not know a filter are left out. */
export function MetricLines({
  lines,
  view: { range, compare },
  filters,
  emptyText = 'Nothing happened in these days.',
  ...frame
}: MetricLinesProps) {
  const now = useNow(10_000);
  const [interval, setInterval] = useCardInterval(frame.id, range);
  const pick = usePick();
  const told = lines.filter(({ metric }) => obeys(metric, filters));
  const answers = useMetrics(told.map(({ metric }) => ({ metric, range, compare, filters, interval })));
  const answer = mapAnswer(allAnswers(answers), (all) =>
    toLines(
      all.flatMap((one, index) => {
        const line = told[index];
        return line ? [{ answer: one, name: line.name ?? METRICS[line.metric].label, hue: line.hue }] : [];
      }),
      now,
    ),
  );
  return (
    <TimeChart
      {...frame}
      emptyText={emptyText}
      answer={answer}
      controls={<IntervalPicker range={range} interval={interval} onChoose={setInterval} />}
      onPick={pick.bucket(interval)}
    />
  );
}
