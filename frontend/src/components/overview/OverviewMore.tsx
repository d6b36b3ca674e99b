'use client';
import { mapAnswer, type Answer } from '../../lib/answer';
import type { AnalyticsData } from '../../lib/api/data';
import type { View } from '../../lib/view';
import { TopBadges } from '../badges/TopBadges';
import { EngagementMetrics } from '../users/EngagementMetrics';
import { RetentionCohorts } from '../users/RetentionCohorts';
import { PeakHour } from './PeakHour';

interface OverviewMoreProps {
  readonly view: View;
  readonly dashboard: Answer<AnalyticsData>;
}

/** What of the overview lies below the first window: a part of its own, so that the first load does not wait for it. */
export default function OverviewMore({ view, dashboard }: OverviewMoreProps) {
  return (
    <>
      <RetentionCohorts
        answer={mapAnswer(dashboard, ({ retentionCohorts }) => retentionCohorts)}
        className="lg:col-span-8"
      />
      <PeakHour answer={mapAnswer(dashboard, ({ peak }) => peak)} className="lg:col-span-4" />
      <TopBadges view={view} bars className="lg:col-span-8" />
      <EngagementMetrics
        answer={mapAnswer(dashboard, ({ engagementMetrics }) => engagementMetrics)}
        className="lg:col-span-4"
      />
    </>
  );
}
