'use client';
import { mapAnswer } from '../../lib/answer';
import { useView } from '../../lib/hooks/useAddress';
import { useDashboard } from '../../lib/hooks/useDashboard';
import { Breakdown } from '../metrics/Breakdown';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { HeldBy } from '../overview/HeldBy';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import { TrendingBadges } from './TrendingBadges';

/** What is issued: how much over time, by what and by whom, which badges lead and which rise. */
export function Badges() {
  const view = useView();
  const dashboard = useDashboard(view.range);
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
          <Ranking
            id="top"
            className="lg:col-span-4"
            title="Most issued"
            says="In the days shown, against the period compared with."
            metric="badgesIssued"
            by="badge"
            counts="Issued"
            limit={10}
            view={view}
            filters={view.filters}
            emptyText="No badge was issued in these days."
          />
          <HeldBy view={view} dashboard={dashboard} by="category" className="lg:col-span-4" />
          <HeldBy view={view} dashboard={dashboard} by="level" className="lg:col-span-4" />
          <Ranking
            id="issuers"
            className="lg:col-span-4"
            title="Issuers"
            says="Who issued most in the days shown."
            metric="badgesIssued"
            by="issuer"
            counts="Issued"
            limit={7}
            view={view}
            filters={view.filters}
            emptyText="Nobody issued a badge in these days."
          />
          <TrendingBadges
            answer={mapAnswer(dashboard, ({ trendingBadges }) => trendingBadges)}
            className="lg:col-span-4"
          />
        </div>
      </div>
    </>
  );
}
