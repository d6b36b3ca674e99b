'use client';
import { mapAnswer } from '../../lib/answer';
import { useView } from '../../lib/hooks/useAddress';
import { useDashboard } from '../../lib/hooks/useDashboard';
import { MetricLines } from '../metrics/MetricLines';
import { MetricStats } from '../metrics/MetricStats';
import { Ranking } from '../metrics/Ranking';
import { ALL_FILTERS, PageHead } from '../shell/PageHead';
import { Engagement } from './Engagement';
import { Growth } from './Growth';
import { RetentionCohorts } from './RetentionCohorts';

/** Who comes, who stays, who comes back. */
export function Users() {
  const view = useView();
  const dashboard = useDashboard(view.range);
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
          <RetentionCohorts
            answer={mapAnswer(dashboard, ({ retentionCohorts }) => retentionCohorts)}
            className="lg:col-span-8"
          />
          <Engagement
            answer={mapAnswer(dashboard, ({ engagementMetrics }) => engagementMetrics)}
            className="lg:col-span-4"
          />
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
          <Growth answer={mapAnswer(dashboard, ({ growthMetrics }) => growthMetrics)} className="lg:col-span-12" />
        </div>
      </div>
    </>
  );
}
