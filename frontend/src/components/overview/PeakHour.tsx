'use client';
import { mapAnswer, type Answer } from '../../lib/answer';
import type { AnalyticsData } from '../../lib/api/data';
import { addDays } from '../../lib/dates';
import { countOf, formatHour } from '../../lib/format';
import { useMetric } from '../../lib/hooks/useApi';
import { useToday } from '../../lib/hooks/useNow';
import { isFiltered, type View } from '../../lib/view';
import { Columns } from '../charts/Columns';
import { ChartFrame } from '../ui/ChartFrame';

interface PeakHourProps {
  readonly view: View;
  /** Of the last 30 days, unfiltered, the folds know it already. */
  readonly dashboard: Answer<AnalyticsData>;
  readonly className: string;
}

const HOURS = 24;
type Hourly = readonly number[];

const isQuiet = (hourly: Hourly): boolean => hourly.every((count) => count === 0);
/** The first of equals. */
const peakOf = (hourly: Hourly): number => hourly.indexOf(Math.max(...hourly));

/** At which hours of the day badges are issued, in the days shown, as the page is narrowed down. */
export function PeakHour({ view, dashboard, className }: PeakHourProps) {
  const { range, filters } = view;
  const today = useToday();
  const known = !isFiltered(view) && range.to === today && range.from === addDays(today, -29);
  const asked = useMetric(known ? null : { metric: 'badgesIssued', range, filters, groupBy: 'hour', limit: HOURS });
  const answer: Answer<Hourly> = known
    ? mapAnswer(dashboard, ({ hourlyIssuance }) => hourlyIssuance)
    : mapAnswer(asked, ({ series }) => {
        const totals = new Map(series.map(({ key, total }) => [Number(key), total]));
        return Array.from({ length: HOURS }, (_, hour) => totals.get(hour) ?? 0);
      });
  const { data } = answer;
  return (
    <ChartFrame
      id="peak-hour"
      className={className}
      title="When badges are issued"
      says={`By hour of day (UTC), in the days shown.${data && !isQuiet(data) ? ` Peak at ${formatHour(peakOf(data))}.` : ''}`}
      answer={answer}
      isEmpty={isQuiet}
      emptyText="No badge was issued in these days."
      figures={(hourly) => ({
        columns: ['Hour (UTC)', 'Issued'],
        rows: hourly.map((count, hour) => [formatHour(hour), count]),
      })}
      skeleton="chart"
    >
      {(hourly) => (
        <Columns
          caption="Badges issued by hour of day"
          className="min-h-44"
          data={hourly.map((count, hour) => ({
            key: String(hour),
            label: `${formatHour(hour)}: ${countOf(count, 'badge')}`,
            value: count,
            strong: hour === peakOf(hourly),
            ...(hour % 6 === 0 ? { tick: formatHour(hour) } : {}),
          }))}
        />
      )}
    </ChartFrame>
  );
}
