import type { Answer } from '../../lib/answer';
import type { AnalyticsData, PeriodCount } from '../../lib/api/data';
import { countOf, formatCount, formatMonth, formatShortMonth } from '../../lib/format';
import { Change } from '../ui/Change';
import { ChartFrame } from '../ui/ChartFrame';
import { Columns } from '../charts/Columns';
import { RollingNumber } from '../ui/RollingNumber';

interface PanelProps {
  readonly title: string;
  readonly now: number;
  readonly nowSays: string;
  /** In %, against the full period before; undefined where the service gives none. */
  readonly change?: number | null;
  readonly series: readonly PeriodCount[];
  readonly nameOf: (period: string) => string;
  readonly tickOf: (period: string) => string;
  readonly noun: string;
}

function Panel({ title, now, nowSays, change, series, nameOf, tickOf, noun }: PanelProps) {
  const last = series.length - 1;
  return (
    <div className="flex min-w-0 flex-col">
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      <p className="mt-1 mb-4 flex flex-wrap items-baseline gap-x-2">
        <span className="text-xl font-semibold">
          <RollingNumber value={now} format={formatCount} />
        </span>
        <span className="text-sm text-ink-2">{nowSays}</span>
        {change !== undefined && <Change change={change} against="against the full period before" />}
      </p>
      <Columns
        caption={title}
        className="min-h-28"
        data={series.map(({ period, count }, index) => ({
          key: period,
          label: `${nameOf(period)}: ${countOf(count, noun)}`,
          value: count,
          strong: index === last,
          ...((last - index) % 3 === 0 ? { tick: tickOf(period) } : {}),
        }))}
      />
    </div>
  );
}

const rowsOf = (number: string, series: readonly PeriodCount[]) =>
  series.map(({ period, count }) => [number, period, count]);
const weekOnly = (week: string): string => week.slice(5);

interface GrowthMetricsProps {
  readonly answer: Answer<AnalyticsData['growthMetrics']>;
  readonly className: string;
}

export const GROWTH = 'Growth';

/** How fast it grows: the open week and month against the last full ones, and the twelve before. */
export function GrowthMetrics({ answer, className }: GrowthMetricsProps) {
  return (
    <ChartFrame
      id="growth"
      className={className}
      title={GROWTH}
      says="The open week or month so far against the full one before it, of all users; weeks begin on Monday, UTC."
      answer={answer}
      isEmpty={({ weeklyNewUsers, monthlyNewUsers, monthlyIssuance }) =>
        [weeklyNewUsers, monthlyNewUsers, monthlyIssuance].every((series) => series.every(({ count }) => count === 0))
      }
      emptyText="Nobody has come and nothing was issued in the last twelve months."
      figures={({ weeklyNewUsers, monthlyNewUsers, monthlyIssuance }) => ({
        columns: ['Number', 'Period', 'Count'],
        rows: [
          ...rowsOf('New users by week', weeklyNewUsers),
          ...rowsOf('New users by month', monthlyNewUsers),
          ...rowsOf('Badges issued by month', monthlyIssuance),
        ],
      })}
      skeleton="chart"
    >
      {(growth) => (
        <div className="grid gap-x-10 gap-y-8 md:grid-cols-3">
          <Panel
            title="New users by week"
            now={growth.newUsersThisWeek}
            nowSays="this week"
            change={growth.weeklyGrowth}
            series={growth.weeklyNewUsers}
            nameOf={(week) => `Week ${week}`}
            tickOf={weekOnly}
            noun="new user"
          />
          <Panel
            title="New users by month"
            now={growth.newUsersThisMonth}
            nowSays="this month"
            change={growth.monthlyGrowth}
            series={growth.monthlyNewUsers}
            nameOf={formatMonth}
            tickOf={formatShortMonth}
            noun="new user"
          />
          <Panel
            title="Badges issued by month"
            now={growth.issuedThisMonth}
            nowSays="this month"
            series={growth.monthlyIssuance}
            nameOf={formatMonth}
            tickOf={formatShortMonth}
            noun="badge"
          />
        </div>
      )}
    </ChartFrame>
  );
}
