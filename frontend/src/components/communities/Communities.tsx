'use client';
import { useView } from '../../lib/hooks/useAddress';
import { Breakdown } from '../metrics/Breakdown';
import { MetricLines } from '../metrics/MetricLines';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';

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
            lines={[{ metric: 'newMembers', hue: 'teal', name: 'Joined' }]}
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
        </div>
      </div>
    </>
  );
}
