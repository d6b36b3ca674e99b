'use client';
import type { BadgeSummary } from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { LIST_FILTERS, paths } from '../../lib/api/paths';
import { formatCategory, formatCount, formatFullDay } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { useDashboard } from '../../lib/hooks/useDashboard';
import { TRENDING } from '../../lib/overview';
import { isFiltered } from '../../lib/view';
import { Breakdown } from '../metrics/Breakdown';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { BadgeDistributionChart } from '../overview/BadgeDistributionChart';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import { Change } from '../ui/Change';
import type { Column } from '../ui/DataTable';
import { LeftOut } from '../ui/LeftOut';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';
import { TopBadges } from './TopBadges';
import { TrendingBadges } from './TrendingBadges';

const COLUMNS: readonly Column<BadgeSummary>[] = [
  {
    name: 'Badge',
    sort: 'name',
    ascending: true,
    value: ({ badgeName }) => badgeName,
    cell: ({ badgeId, badgeName }) => <NamedLink filter="badge" id={badgeId} name={badgeName} />,
  },
  {
    name: 'Category',
    value: ({ category }) => category,
    cell: ({ category }) => <span className="text-ink-2">{formatCategory(category)}</span>,
    wideOnly: true,
  },
  {
    name: 'Created',
    sort: 'created',
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => (
      <span className="text-ink-2">{createdAt === null ? 'unknown' : formatFullDay(createdAt.slice(0, 10))}</span>
    ),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'People',
    sort: 'recipients',
    value: ({ recipients }) => recipients,
    cell: ({ recipients }) => formatCount(recipients),
    numeric: true,
    wideOnly: true,
  },
  { name: 'Held', sort: 'held', value: ({ held }) => held, cell: ({ held }) => formatCount(held), numeric: true },
  {
    name: '30 days',
    sort: 'last30',
    value: ({ issuanceLast30Days }) => issuanceLast30Days,
    cell: ({ issuanceLast30Days }) => formatCount(issuanceLast30Days),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Growth',
    value: ({ growth }) => growth,
    cell: ({ growth }) => <Change change={growth} arrow={false} />,
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Issued',
    sort: 'issued',
    value: ({ issued }) => issued,
    cell: ({ issued }) => <span className="font-semibold">{formatCount(issued)}</span>,
    numeric: true,
  },
];

/** What is issued: how much over time, by what and by whom, which badges lead and which rise. */
export function Badges() {
  const view = useView();
  const dashboard = useDashboard(view.range);
  const filtered = isFiltered(view);
  const third = filtered ? 'lg:col-span-6' : 'lg:col-span-4';
  return (
    <>
      <PageHead title="Badges" filters={ALL_FILTERS} />
      <div className="flex flex-col gap-4">
        <MetricStats
          metrics={['badgesIssued', 'activeUsers', 'activeIssuers', 'badgesRevoked', 'activeBadges']}
          view={view}
          filters={view.filters}
        />
        <div className="grid gap-4 lg:grid-cols-12">
          <Breakdown
            id="issuance"
            className="lg:col-span-8"
            title="Badges issued over time"
            says="Mints by block time, revoked ones included. A press on a column shows its days, on a name only that part."
            metric="badgesIssued"
            by={['category', 'level', 'issuer', 'community', 'badge']}
            view={view}
            filters={view.filters}
            emptyText="No badge was issued in these days."
          />
          <TopBadges view={view} limit={10} className="lg:col-span-4" />
          <div className={`flex flex-col gap-4 ${third}`}>
            <BadgeDistributionChart view={view} dashboard={dashboard} by="category" className="flex-1" />
            <BadgeDistributionChart view={view} dashboard={dashboard} by="level" className="flex-1" />
          </div>
          <Ranking
            id="issuers"
            className={third}
            title="Issuers"
            says="Who issued most in the days shown."
            metric="badgesIssued"
            by="issuer"
            counts="Issued"
            limit={10}
            view={view}
            filters={view.filters}
            emptyText="Nobody issued a badge in these days."
          />
          {!filtered && (
            <TrendingBadges answer={mapAnswer(dashboard, ({ trendingBadges }) => trendingBadges)} className={third} />
          )}
          <ListingCard<BadgeSummary>
            id="all"
            className="lg:col-span-12"
            title="All badges"
            says="Since the first block; growth is that of the last 7 days against the last 30."
            knows={LIST_FILTERS.badges}
            pathOf={(query) => paths.list('badges', { ...query, limit: 20 })}
            search="Search badges by name or id"
            columns={COLUMNS}
            keyOf={({ badgeId }) => badgeId}
            sort="issued"
            noun="badge"
            emptyText="No badge has been designed yet."
          />
          {filtered && <LeftOut cards={[TRENDING.title]} />}
        </div>
      </div>
    </>
  );
}
