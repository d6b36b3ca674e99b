import type { View } from '../../lib/view';
import { Ranking } from '../metrics/Ranking';

interface TopBadgesProps {
  readonly view: View;
  readonly limit?: number;
  /** Shows each beside the largest. */
  readonly bars?: boolean;
  readonly className?: string;
}

/** The badges that were issued most in the days shown, as the page is narrowed down. */
export function TopBadges({ view, ...shown }: TopBadgesProps) {
  return (
    <Ranking
      id="top-badges"
      title="Most issued badges"
      says="In the days shown, revoked ones included, against the period compared with."
      metric="badgesIssued"
      by="badge"
      counts="Issued"
      view={view}
      filters={view.filters}
      emptyText="No badge was issued in these days."
      {...shown}
    />
  );
}
