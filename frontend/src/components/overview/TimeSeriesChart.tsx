'use client';
import { mapAnswer, type Answer } from '../../lib/answer';
import type { TimePoint } from '../../lib/api/data';
import type { ChartData } from '../../lib/chart/option';
import type { IsoDay } from '../../lib/dates';
import { useToday } from '../../lib/hooks/useNow';
import { usePick } from '../../lib/hooks/usePick';
import { OVER_TIME } from '../../lib/overview';
import { TimeChart } from '../charts/TimeChart';

const LINES = [
  { figure: 'issued', name: 'Issued', hue: 'violet' },
  { figure: 'activeUsers', name: 'Active', hue: 'teal' },
  { figure: 'newUsers', name: 'New', hue: 'amber' },
] as const;

const toChart = (points: readonly TimePoint[], today: IsoDay): ChartData => ({
  interval: 'day',
  buckets: points.map(({ date }) => date),
  bucketsBefore: points.map(({ before }) => before.date),
  series: LINES.map(({ figure, name, hue }) => ({
    id: figure,
    name,
    hue,
    values: points.map((point) => point[figure]),
    before: points.map(({ before }) => before[figure]),
  })),
  shape: 'lines',
  open: points.at(-1)?.date === today,
});

/** Badges issued, active and new users day by day, as the folds know them. */
export function TimeSeriesChart({ answer }: { readonly answer: Answer<readonly TimePoint[]> }) {
  const today = useToday();
  const pick = usePick();
  return (
    <TimeChart
      {...OVER_TIME}
      className="lg:col-span-8"
      answer={mapAnswer(answer, (points) => toChart(points, today))}
      onPick={pick.bucket('day')}
    />
  );
}
