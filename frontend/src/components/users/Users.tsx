'use client';
import type { UserSummary } from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { paths } from '../../lib/api/paths';
import { formatCount, formatFullDay, shorten } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { useDashboard } from '../../lib/hooks/useDashboard';
import { isFiltered } from '../../lib/view';
import { MetricLines } from '../metrics/MetricLines';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import type { Column } from '../ui/DataTable';
import { LeftOut } from '../ui/LeftOut';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';
import { ENGAGEMENT, EngagementMetrics } from './EngagementMetrics';
import { GROWTH, GrowthMetrics } from './GrowthMetrics';
import { RETENTION, RetentionCohorts } from './RetentionCohorts';

const COLUMNS: readonly Column<UserSummary>[] = [
  {
    name: 'User',
    sort: 'principal',
    ascending: true,
    value: ({ principal }) => principal,
    cell: ({ principal }) => <NamedLink filter="user" id={principal} name={shorten(principal)} />,
  },
  {
    name: 'First seen',
    sort: 'firstSeen',
    value: ({ firstSeenAt }) => firstSeenAt,
    cell: ({ firstSeenAt }) => <span className="text-ink-2">{formatFullDay(firstSeenAt.slice(0, 10))}</span>,
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Last badge',
    sort: 'lastBadge',
    value: ({ lastBadgeAt }) => lastBadgeAt,
    cell: ({ lastBadgeAt }) => (
      <span className="text-ink-2">{lastBadgeAt === null ? 'none' : formatFullDay(lastBadgeAt.slice(0, 10))}</span>
    ),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Communities',
    sort: 'communities',
    value: ({ communities }) => communities,
    cell: ({ communities }) => formatCount(communities),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Held',
    sort: 'held',
    value: ({ badgesHeld }) => badgesHeld,
    cell: ({ badgesHeld }) => formatCount(badgesHeld),
    numeric: true,
  },
  {
    name: 'Issued',
    sort: 'badges',
    value: ({ badgesIssued }) => badgesIssued,
    cell: ({ badgesIssued }) => <span className="font-semibold">{formatCount(badgesIssued)}</span>,
    numeric: true,
  },
];

/** Who comes, who stays, who comes back. */
export function Users() {
  const view = useView();
  const dashboard = useDashboard(view.range);
  const filtered = isFiltered(view);
  return (
    <>
      <PageHead title="Users" filters={ALL_FILTERS} />
      <div className="flex flex-col gap-4">
        <MetricStats
          metrics={['totalUsers', 'newUsers', 'activeUsers', 'newMembers']}
          view={view}
          filters={view.filters}
        />
        <div className="grid gap-4 lg:grid-cols-12">
          <MetricLines
            id="acquisition"
            className="lg:col-span-6"
            title="People first seen"
            says="As recipient, member or creator; each once, ever. Paler: the period compared with."
            lines={[{ metric: 'newUsers', hue: 'amber', name: 'New' }]}
            view={view}
            filters={view.filters}
          />
          <MetricLines
            id="active"
            className="lg:col-span-6"
            title="Active people"
            says="Distinct people who were issued a badge, bucket by bucket. Paler: the period compared with."
            lines={[{ metric: 'activeUsers', hue: 'teal', name: 'Active' }]}
            view={view}
            filters={view.filters}
          />
          {!filtered && (
            <>
              <RetentionCohorts
                answer={mapAnswer(dashboard, ({ retentionCohorts }) => retentionCohorts)}
                className="lg:col-span-8"
              />
              <EngagementMetrics
                answer={mapAnswer(dashboard, ({ engagementMetrics }) => engagementMetrics)}
                className="lg:col-span-4"
              />
            </>
          )}
          <Ranking
            id="recipients"
            className="lg:col-span-12"
            title="Most badges received"
            says="Who was issued most badges in the days shown, revoked ones included."
            metric="badgesIssued"
            by="user"
            counts="Badges"
            bars
            view={view}
            filters={view.filters}
            emptyText="Nobody was issued a badge in these days."
          />
          {!filtered && (
            <GrowthMetrics
              answer={mapAnswer(dashboard, ({ growthMetrics }) => growthMetrics)}
              className="lg:col-span-12"
            />
          )}
          <ListingCard<UserSummary>
            id="all"
            className="lg:col-span-12"
            title="All users"
            says="Everyone ever seen."
            pathOf={(query) => paths.list('users', { ...query, limit: 20 })}
            search="Search users by principal"
            columns={COLUMNS}
            keyOf={({ principal }) => principal}
            sort="badges"
            noun="user"
            emptyText="No user has been seen yet."
          />
          {filtered && <LeftOut cards={[RETENTION, ENGAGEMENT, GROWTH]} />}
        </div>
      </div>
    </>
  );
}
