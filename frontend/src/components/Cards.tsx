import type { Reorg } from '@passportx/analytics-backend/contract';
import type { AnalyticsData } from '../lib/api/data';
import type { IsoDay } from '../lib/dates';
import { BadgeDistributionChart } from './BadgeDistributionChart';
import type { FrameState } from './ChartFrame';
import { Communities } from './Communities';
import { EngagementMetrics } from './EngagementMetrics';
import { GrowthMetrics } from './GrowthMetrics';
import { Headline } from './Headline';
import { PeakHour } from './PeakHour';
import { RecentActivity } from './RecentActivity';
import { RetentionCohorts } from './RetentionCohorts';
import { TimeSeriesChart } from './TimeSeriesChart';
import { TopBadges } from './TopBadges';
import { TrendingBadges } from './TrendingBadges';

interface CardsProps {
  /** Undefined while the first answer is under way: every card then shows the shape of what will come. */
  readonly data: AnalyticsData | undefined;
  readonly today: IsoDay;
  readonly reorgs: readonly Reorg[];
  readonly loadMore: () => Promise<void>;
}

/** The cards of the overview on their grid of twelve columns, from what changes by the second to what changes by the month. */
export function Cards({ data, today, reorgs, loadMore }: CardsProps) {
  const stateOf = (isEmpty: (data: AnalyticsData) => boolean): FrameState => {
    if (!data) return 'loading';
    return isEmpty(data) ? 'empty' : 'ready';
  };
  const always = stateOf(() => false);
  return (
    <div className="flex flex-col gap-4">
      {data ? <Headline data={data} today={today} /> : <HeadlineSkeleton />}
      <div className="grid gap-4 lg:grid-cols-12">
        <TimeSeriesChart state={always} points={data?.timeSeries ?? []} today={today} />
        <RecentActivity state={always} activity={data?.recentActivities} reorgs={reorgs} loadMore={loadMore} />
        <BadgeDistributionChart
          state={stateOf(({ badgeDistribution }) => badgeDistribution.byCategory.length === 0)}
          distribution={data?.badgeDistribution}
        />
        <TopBadges state={stateOf(({ topBadges }) => topBadges.length === 0)} badges={data?.topBadges ?? []} />
        <TrendingBadges
          state={stateOf(({ trendingBadges }) =>
            trendingBadges.every(({ issuanceLast30Days }) => issuanceLast30Days === 0),
          )}
          badges={data?.trendingBadges ?? []}
        />
        <Communities state={stateOf(({ communities }) => communities.total === 0)} communities={data?.communities} />
        <EngagementMetrics
          state={stateOf(({ engagementMetrics }) => engagementMetrics.totalUsers === 0)}
          engagement={data?.engagementMetrics}
        />
        <RetentionCohorts state={always} cohorts={data?.retentionCohorts ?? []} />
        <PeakHour state={always} peak={data?.peak} />
        <GrowthMetrics state={always} growth={data?.growthMetrics} />
      </div>
    </div>
  );
}

function HeadlineSkeleton() {
  return (
    <div aria-hidden className="overflow-hidden rounded-card border border-line bg-card">
      <div className="grid grid-cols-2 gap-px bg-line md:grid-cols-3 lg:grid-cols-6">
        {Array.from({ length: 6 }, (_, cell) => (
          <div key={cell} className="h-30 bg-card p-5">
            <div className="h-4 w-24 animate-sheen rounded bg-sunk" />
            <div className="mt-3 h-7 w-28 animate-sheen rounded bg-sunk" />
          </div>
        ))}
      </div>
      <div className="h-11 border-t border-line" />
    </div>
  );
}
