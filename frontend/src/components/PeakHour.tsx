import type { AnalyticsData } from '../lib/api/data';
import { countOf, formatHour } from '../lib/format';
import { ChartFrame, type FrameState } from './ChartFrame';
import { Columns } from './Columns';

export function PeakHour({
  state,
  peak,
}: {
  readonly state: FrameState;
  readonly peak: AnalyticsData['peak'] | undefined;
}) {
  const quiet = peak?.hourlyIssuance.every((count) => count === 0) ?? true;
  return (
    <ChartFrame
      className="lg:col-span-4"
      title="When badges are issued"
      says={`Hour of day (UTC), last 30 days.${peak && !quiet ? ` Peak at ${formatHour(peak.hour)}.` : ''}`}
      state={state === 'ready' && quiet ? 'empty' : state}
      emptyText="No badge was issued in the last 30 days."
      skeleton="chart"
    >
      {() => (
        <Columns
          caption="Badges issued by hour of day"
          className="min-h-44"
          data={(peak?.hourlyIssuance ?? []).map((count, hour) => ({
            key: String(hour),
            label: `${formatHour(hour)}: ${countOf(count, 'badge')}`,
            value: count,
            strong: hour === peak?.hour,
            ...(hour % 6 === 0 ? { tick: formatHour(hour) } : {}),
          }))}
        />
      )}
    </ChartFrame>
  );
}
