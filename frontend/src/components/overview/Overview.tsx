'use client';
import dynamic from 'next/dynamic';
import { mapAnswer } from '../../lib/answer';
import { isBrandNew, type AnalyticsData } from '../../lib/api/data';
import { lengthOf } from '../../lib/dates';
import { formatCount, formatDecimal, formatPercent } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { useDashboard } from '../../lib/hooks/useDashboard';
import { tellsEvents, useHappening } from '../../lib/hooks/useHappening';
import { useToday } from '../../lib/hooks/useNow';
import { METRICS } from '../../lib/metrics';
import { HEADLINE, MOST_ACTIVE } from '../../lib/overview';
import { isFiltered, type View } from '../../lib/view';
import { RecentActivity } from '../activity/RecentActivity';
import { TrendingBadges } from '../badges/TrendingBadges';
import { MetricLines } from '../metrics/MetricLines';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import { ReportButton } from '../shell/ReportButton';
import { RollingNumber } from '../ui/RollingNumber';
import { Stats } from '../ui/Stat';
import { BadgeDistributionChart } from './BadgeDistributionChart';
import { TimeSeriesChart } from './TimeSeriesChart';

/** What grows first, what shrinks last: the order in which one asks. */
const OverviewMore = dynamic(() => import('./OverviewMore'), {
  ssr: false,
  // As high as what comes, more or less: nothing below it shows, so nothing jumps.
  loading: () => <div aria-busy className="min-h-[44rem] lg:col-span-12" />,
});
/** Seen once, before the first block comes. */
const BrandNew = dynamic(() => import('../shell/BrandNew').then((part) => part.BrandNew), { ssr: false });

/** Whether the folds alone answer: whole days against the period before, nothing left out. */
const foldsAnswer = (view: View): boolean =>
  !isFiltered(view) && view.compare === 'previous' && lengthOf(view.range) > 2;

/** The page that one keeps open: what happens, to whom, where, and whether it grows. */
export function Overview() {
  const view = useView();
  const dashboard = useDashboard(view.range);
  const plain = foldsAnswer(view);
  const today = useToday();
  const happening = useHappening(view, dashboard);
  // What knows no filter is left out, and what stands beside it takes its place.
  const filtered = isFiltered(view);
  const events = tellsEvents(view);
  const third = filtered ? 'lg:col-span-6' : 'lg:col-span-4';
  if (dashboard.data !== undefined && isBrandNew(dashboard.data))
    return (
      <>
        <PageHead title="Overview" dated={false} says="Nothing has been counted yet" />
        <BrandNew />
      </>
    );
  return (
    <>
      <PageHead title="Overview" filters={ALL_FILTERS}>
        <ReportButton filters={view.filters} />
      </PageHead>
      <div className="flex flex-col gap-4">
        {plain ? (
          <Headline data={dashboard.data} failed={dashboard.error !== null} />
        ) : (
          <MetricStats metrics={HEADLINE} view={view} filters={view.filters} />
        )}
        <div className="grid gap-4 lg:grid-cols-12">
          {plain ? (
            <TimeSeriesChart answer={mapAnswer(dashboard, ({ timeSeries }) => timeSeries)} />
          ) : (
            <MetricLines
              id="over-time"
              className={events ? 'lg:col-span-8' : 'lg:col-span-12'}
              title="Badges issued and people reached"
              says="Badges issued, the people who were issued one, and people first seen. Paler: the period compared with."
              lines={[
                { metric: 'badgesIssued', hue: 'violet', name: 'Issued' },
                { metric: 'activeUsers', hue: 'teal', name: 'Active' },
                { metric: 'newUsers', hue: 'amber', name: 'New' },
              ]}
              view={view}
              filters={view.filters}
            />
          )}
          {events && (
            <RecentActivity
              answer={happening}
              withReorgs={!filtered && view.range.to === today}
              className="lg:col-span-4"
            />
          )}
          <BadgeDistributionChart view={view} dashboard={dashboard} by="category" className={third} />
          {!filtered && (
            <TrendingBadges
              answer={mapAnswer(dashboard, ({ trendingBadges }) => trendingBadges)}
              limit={6}
              className={third}
            />
          )}
          <Ranking
            {...MOST_ACTIVE}
            className={third}
            metric="badgesIssued"
            by="community"
            counts="Badges"
            limit={6}
            view={view}
            filters={view.filters}
            emptyText="No badge was issued in these days."
          />
          <OverviewMore view={view} dashboard={dashboard} />
        </div>
      </div>
    </>
  );
}

/** The numbers of the range with their change, and below them the totals since the first block. */
function Headline({ data, failed }: { readonly data: AnalyticsData | undefined; readonly failed: boolean }) {
  const today = useToday();
  const byMetric = new Map(data?.headline.map((item) => [item.metric, item]));
  // Today is not over: in a line this small it would only look like a fall.
  const over = (values: readonly number[] | undefined) => (data?.range.to === today ? values?.slice(0, -1) : values);
  return (
    <Stats
      stats={HEADLINE.map((metric) => ({
        id: metric,
        label: METRICS[metric].label,
        lessIsBetter: METRICS[metric].lessIsBetter,
        ...(byMetric.get(metric) ?? { value: undefined }),
        failed,
        spark: over(data?.sparklines[metric]),
      }))}
      footer={data && <Totals data={data} />}
    />
  );
}

function Totals({ data: { metrics, badges } }: { readonly data: AnalyticsData }) {
  const totals = [
    { name: 'totalBadgesIssued', label: 'badges issued', value: metrics.totalBadgesIssued, format: formatCount },
    { name: 'held', label: 'held today', value: badges.held, format: formatCount },
    { name: 'totalUsers', label: 'users', value: metrics.totalUsers, format: formatCount },
    { name: 'totalCommunities', label: 'communities', value: metrics.totalCommunities, format: formatCount },
    {
      name: 'averageBadgesPerUser',
      label: 'badges a user',
      value: metrics.averageBadgesPerUser,
      format: formatDecimal,
    },
    {
      name: 'engagementRate',
      label: 'of users were issued a badge',
      value: metrics.engagementRate,
      format: formatPercent,
    },
  ];
  return (
    <>
      <span className="text-ink-3">Since the first block</span>
      {totals.map(({ name, label, value, format }) => (
        <span key={name} data-metric={name} data-value={value}>
          <span className="font-semibold text-ink">
            <RollingNumber value={value} format={format} />
          </span>{' '}
          {label}
        </span>
      ))}
    </>
  );
}
