'use client';
import type { AnalyticsSnapshot, Period, SnapshotMetric, Trend } from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { snapshotPaths } from '../../lib/api/paths';
import type { ChartData } from '../../lib/chart/option';
import { isoWeek } from '../../lib/buckets';
import { formatAverage, formatCount, formatMoment, formatPercent, formatRange, formatWeekday } from '../../lib/format';
import { addDays, lengthOf, type DayRange } from '../../lib/dates';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useApi } from '../../lib/hooks/useApi';
import { TimeChart } from '../charts/TimeChart';
import { PageHead } from '../shell/PageHead';
import { ChartFrame } from '../ui/ChartFrame';
import { Segments } from '../ui/Choices';
import { DataTable, tableFigures, type Column } from '../ui/DataTable';

const PERIODS: readonly {
  readonly id: Period;
  readonly label: string;
  /** Rows of the table, the newest. */
  readonly shown: number;
}[] = [
  { id: 'hourly', label: 'Hourly', shown: 48 },
  { id: 'daily', label: 'Daily', shown: 31 },
  { id: 'weekly', label: 'Weekly', shown: 27 },
];
/** Of more days the points of hours cannot be told apart. */
const HOURLY_DAYS = 14;

const NUMBERS: Record<SnapshotMetric, { readonly label: string; readonly says: string }> = {
  totalBadgesIssued: { label: 'Issued in all', says: 'Badges ever issued, at each period’s end.' },
  badgesIssuedThisPeriod: { label: 'Issued', says: 'Badges issued in each period.' },
  totalUsers: { label: 'Users', says: 'People ever seen, at each period’s end.' },
  newUsersThisPeriod: { label: 'New users', says: 'People first seen in each period.' },
  activeUsersThisPeriod: { label: 'Active users', says: 'People who were issued a badge in each period.' },
  retentionRate: {
    label: 'Retention, %',
    says: 'Of those first seen 31–60 days before, the % that was issued a badge in the 30 days up to each period’s end.',
  },
  totalCommunities: { label: 'Communities', says: 'Communities ever founded, at each period’s end.' },
  newCommunitiesThisPeriod: { label: 'New communities', says: 'Communities founded in each period.' },
  averageBadgesPerUser: { label: 'Badges a user', says: 'Badges issued, divided by users, at each period’s end.' },
  engagementRate: { label: 'Engagement, %', says: 'Of all users, the % that was ever issued a badge.' },
  averageBadgesPerCommunity: { label: 'Badges a community', says: 'Badges issued, divided by communities.' },
};
const NAMES = Object.keys(NUMBERS) as SnapshotMetric[];

const startOf = (timestamp: string, period: Period): string => {
  const day = timestamp.slice(0, 10);
  if (period === 'hourly') return formatMoment(timestamp);
  return period === 'daily' ? formatWeekday(day) : `Week ${isoWeek(day)}`;
};

const columnsOf = (period: Period): Column<AnalyticsSnapshot>[] => [
  {
    name: 'Period',
    value: ({ timestamp }) => timestamp,
    cell: ({ timestamp, takenAt }) => (
      <span title={`Taken ${formatMoment(takenAt)}`}>{startOf(timestamp, period)}</span>
    ),
  },
  {
    name: 'Issued',
    value: ({ metrics }) => metrics.badgesIssuedThisPeriod,
    cell: ({ metrics }) => <span className="font-semibold">{formatCount(metrics.badgesIssuedThisPeriod)}</span>,
    numeric: true,
  },
  {
    name: 'Active',
    value: ({ metrics }) => metrics.activeUsersThisPeriod,
    cell: ({ metrics }) => formatCount(metrics.activeUsersThisPeriod),
    numeric: true,
  },
  {
    name: 'New users',
    value: ({ metrics }) => metrics.newUsersThisPeriod,
    cell: ({ metrics }) => formatCount(metrics.newUsersThisPeriod),
    numeric: true,
  },
  {
    name: 'Retention',
    value: ({ metrics }) => metrics.retentionRate,
    cell: ({ metrics }) => formatPercent(metrics.retentionRate),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Badges a user',
    value: ({ metrics }) => metrics.averageBadgesPerUser,
    cell: ({ metrics }) => formatAverage(metrics.averageBadgesPerUser),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'In all',
    value: ({ metrics }) => metrics.totalBadgesIssued,
    cell: ({ metrics }) => formatCount(metrics.totalBadgesIssued),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'To log position',
    value: ({ seq }) => seq,
    cell: ({ seq }) => <span className="text-ink-2">{formatCount(seq)}</span>,
    numeric: true,
    wideOnly: true,
  },
];

function toChart({ trend }: Trend, period: Period, label: string): ChartData {
  const interval = ({ hourly: 'hour', daily: 'day', weekly: 'week' } as const)[period];
  return {
    interval,
    buckets: trend.map(({ date }) => (interval === 'week' ? isoWeek(date.slice(0, 10)) : date)),
    series: [{ id: 'value', name: label, hue: 'violet', values: trend.map(({ value }) => value) }],
    shape: 'lines',
    open: false,
    decimals: trend.some(({ value }) => !Number.isInteger(value)),
  };
}

/** Of hours, the last of the days only. */
const daysOf = (period: Period, range: DayRange): DayRange =>
  period === 'hourly' && lengthOf(range) > HOURLY_DAYS
    ? { from: addDays(range.to, 1 - HOURLY_DAYS), to: range.to }
    : range;

/** The numbers as they stood at the end of each hour, day or week: kept, and taken again when a late block changes them. */
export function Snapshots() {
  const { query, change } = useAddress();
  const period = PERIODS.find(({ id }) => id === query.get('period')) ?? PERIODS[1];
  const metric = NAMES.find((name) => name === query.get('metric')) ?? 'totalUsers';
  const { id = 'daily', shown = 31 } = period ?? {};
  const range = daysOf(id, useView().range);
  const trend = useApi<Trend>(snapshotPaths.trend(metric, id, range));
  const snapshots = useApi<AnalyticsSnapshot[]>(snapshotPaths.list(id, range, shown));
  const columns = columnsOf(id);
  const { label, says } = NUMBERS[metric];
  return (
    <>
      <PageHead
        title="Snapshots"
        compared={false}
        says={`The numbers as they stood at the end of each period, ${formatRange(range)}, UTC`}
      />
      <div className="mb-4 flex flex-wrap gap-3">
        <Segments
          label="Period"
          choices={PERIODS}
          chosen={id}
          onChoose={(chosen) => change({ period: chosen === 'daily' ? null : chosen })}
        />
      </div>
      <div className="flex flex-col gap-4">
        <TimeChart
          id="trend"
          title={label}
          says={says}
          controls={
            <Segments
              label="Number"
              choices={NAMES.map((name) => ({ id: name, label: NUMBERS[name].label }))}
              chosen={metric}
              onChoose={(chosen) => change({ metric: chosen === 'totalUsers' ? null : chosen })}
            />
          }
          emptyText="There is none of these days: a snapshot comes when its period ends."
          answer={mapAnswer(trend, (data) => toChart(data, id, label))}
        />
        <ChartFrame
          id="snapshots"
          title="Snapshots"
          says={`The last ${shown} of the days shown, newest first; the period that is open now is not among them unless it was asked for.`}
          answer={snapshots}
          isEmpty={(rows) => rows.length === 0}
          emptyText="There is none of these days: it comes when its period ends."
          figures={(rows) => tableFigures(columns, rows)}
          isTable
        >
          {(rows) => (
            <DataTable caption="Snapshots" columns={columns} rows={rows} keyOf={({ timestamp }) => timestamp} />
          )}
        </ChartFrame>
      </div>
    </>
  );
}
