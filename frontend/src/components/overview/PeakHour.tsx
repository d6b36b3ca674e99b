'use client';
import type { Answer } from '../../lib/answer';
import type { AnalyticsData } from '../../lib/api/data';
import { countOf, formatHour } from '../../lib/format';
import { Columns } from '../charts/Columns';
import { ChartFrame } from '../ui/ChartFrame';

interface PeakHourProps {
  readonly answer: Answer<AnalyticsData['peak']>;
  readonly className: string;
}

const isQuiet = ({ hourlyIssuance }: AnalyticsData['peak']): boolean => hourlyIssuance.every((count) => count === 0);

export function PeakHour({ answer, className }: PeakHourProps) {
  const { data } = answer;
  return (
    <ChartFrame
      id="peak-hour"
      className={className}
      title="When badges are issued"
      says={`Hour of day (UTC), last 30 days, all badges.${data && !isQuiet(data) ? ` Peak at ${formatHour(data.hour)}.` : ''}`}
      answer={answer}
      isEmpty={isQuiet}
      emptyText="No badge was issued in the last 30 days."
      figures={({ hourlyIssuance }) => ({
        columns: ['Hour (UTC)', 'Issued'],
        rows: hourlyIssuance.map((count, hour) => [formatHour(hour), count]),
      })}
      skeleton="chart"
    >
      {({ hour: peak, hourlyIssuance }) => (
        <Columns
          caption="Badges issued by hour of day"
          className="min-h-44"
          data={hourlyIssuance.map((count, hour) => ({
            key: String(hour),
            label: `${formatHour(hour)}: ${countOf(count, 'badge')}`,
            value: count,
            strong: hour === peak,
            ...(hour % 6 === 0 ? { tick: formatHour(hour) } : {}),
          }))}
        />
      )}
    </ChartFrame>
  );
}
