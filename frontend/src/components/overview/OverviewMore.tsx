'use client';
import { mapAnswer, type Answer } from '../../lib/answer';
import type { AnalyticsData } from '../../lib/api/data';
import { tellsEvents } from '../../lib/hooks/useHappening';
import { HAPPENING, TRENDING } from '../../lib/overview';
import { isFiltered, type View } from '../../lib/view';
import { TopBadges } from '../badges/TopBadges';
import { LeftOut } from '../ui/LeftOut';
import { ENGAGEMENT, EngagementMetrics } from '../users/EngagementMetrics';
import { RETENTION, RetentionCohorts } from '../users/RetentionCohorts';
import { PeakHour } from './PeakHour';

interface OverviewMoreProps {
  readonly view: View;
  readonly dashboard: Answer<AnalyticsData>;
}

/** What of the overview lies below the first window: a part of its own, so that the first load does not wait for it. */
export default function OverviewMore({ view, dashboard }: OverviewMoreProps) {
  const filtered = isFiltered(view);
  return (
    <>
      {!filtered && (
        <RetentionCohorts
          answer={mapAnswer(dashboard, ({ retentionCohorts }) => retentionCohorts)}
          className="lg:col-span-8"
        />
      )}
      <PeakHour view={view} dashboard={dashboard} className="lg:col-span-4" />
      <TopBadges view={view} bars className="lg:col-span-8" />
      {filtered ? (
        <LeftOut cards={[...(tellsEvents(view) ? [] : [HAPPENING.title]), TRENDING.title, RETENTION, ENGAGEMENT]} />
      ) : (
        <EngagementMetrics
          answer={mapAnswer(dashboard, ({ engagementMetrics }) => engagementMetrics)}
          className="lg:col-span-4"
        />
      )}
    </>
  );
}
