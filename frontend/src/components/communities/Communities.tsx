'use client';
import type { CommunitySummary } from '@passportx/analytics-backend/contract';
import { paths } from '../../lib/api/paths';
import { formatCount, formatFullDay, shorten } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { Breakdown } from '../metrics/Breakdown';
import { MetricLines } from '../metrics/MetricLines';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import type { Column } from '../ui/DataTable';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';

const COLUMNS: readonly Column<CommunitySummary>[] = [
  {
    name: 'Community',
    sort: 'name',
    ascending: true,
    value: ({ name }) => name,
    cell: ({ communityId, name, active }) => (
      <span className="flex min-w-0 items-center gap-2">
        <NamedLink filter="community" id={communityId} name={name} />
        {!active && <span className="rounded-full bg-sunk px-2 py-0.5 text-xs text-ink-2">inactive</span>}
      </span>
    ),
  },
  {
    name: 'Owner',
    value: ({ owner }) => owner,
    cell: ({ owner }) => <NamedLink filter="user" id={owner} name={shorten(owner)} />,
    wideOnly: true,
  },
  {
    name: 'Founded',
    sort: 'created',
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <span className="text-ink-2">{formatFullDay(createdAt.slice(0, 10))}</span>,
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'New members, 30 days',
    value: ({ newMembersLast30Days }) => newMembersLast30Days,
    cell: ({ newMembersLast30Days }) => formatCount(newMembersLast30Days),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Members',
    sort: 'members',
    value: ({ members }) => members,
    cell: ({ members }) => formatCount(members),
    numeric: true,
  },
  {
    name: 'Badges, 30 days',
    sort: 'last30',
    value: ({ badgesIssuedLast30Days }) => badgesIssuedLast30Days,
    cell: ({ badgesIssuedLast30Days }) => formatCount(badgesIssuedLast30Days),
    numeric: true,
    wideOnly: true,
  },
  {
    name: 'Badges',
    sort: 'badges',
    value: ({ badgesIssued }) => badgesIssued,
    cell: ({ badgesIssued }) => <span className="font-semibold">{formatCount(badgesIssued)}</span>,
    numeric: true,
  },
];

/** Where people gather: how communities grow, which lead, and all of them. */
export function Communities() {
  const view = useView();
  return (
    <>
      <PageHead title="Communities" filters={ALL_FILTERS} />
      <div className="flex flex-col gap-4">
        <MetricStats
          metrics={['totalCommunities', 'newCommunities', 'totalMembers', 'newMembers', 'badgesIssued']}
          view={view}
          filters={view.filters}
        />
        <div className="grid gap-4 lg:grid-cols-12">
          <MetricLines
            id="growth"
            className="lg:col-span-8"
            title="Memberships begun"
            says="People who became members, creators included. Paler: the period compared with."
            lines={[{ metric: 'newMembers', hue: 'amber', name: 'Joined' }]}
            view={view}
            filters={view.filters}
          />
          <Ranking
            id="members"
            className="lg:col-span-4"
            title="Fastest growing"
            says="New members in the days shown."
            metric="newMembers"
            by="community"
            counts="Joined"
            view={view}
            filters={view.filters}
            emptyText="Nobody joined a community in these days."
          />
          <Breakdown
            id="badges"
            className="lg:col-span-8"
            title="Badges issued in communities"
            says="Each badge in the community that its event names, else in its issuer’s."
            metric="badgesIssued"
            by={['community', 'category']}
            view={view}
            filters={view.filters}
            emptyText="No badge was issued in these days."
          />
          <Ranking
            id="active"
            className="lg:col-span-4"
            title="Most active"
            says="Badges issued in the days shown."
            metric="badgesIssued"
            by="community"
            counts="Badges"
            view={view}
            filters={view.filters}
            emptyText="No badge was issued in these days."
          />
          <ListingCard<CommunitySummary>
            id="all"
            className="lg:col-span-12"
            title="All communities"
            says="Since the first block."
            pathOf={(query) => paths.list('communities', { ...query, limit: 20 })}
            search="Search communities by name or id"
            columns={COLUMNS}
            keyOf={({ communityId }) => communityId}
            sort="badges"
            noun="community"
            emptyText="No community has been founded yet."
          />
        </div>
      </div>
    </>
  );
}
