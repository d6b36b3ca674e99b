import type { TopBadge } from '@passportx/analytics-backend/contract';
import { formatCategory, formatCount, formatDecimal } from '../lib/format';
import { ChartFrame, type FrameState } from './ChartFrame';
import { DataTable, type Column } from './DataTable';

/** The service gives 15; ten are what one compares. */
const SHOWN = 10;

const COLUMNS: readonly Column<TopBadge>[] = [
  { name: 'Badge', cell: ({ badgeName }) => <span title={badgeName}>{badgeName}</span> },
  {
    name: 'Category',
    cell: ({ category }) => <span className="text-ink-2">{formatCategory(category)}</span>,
    wideOnly: true,
  },
  { name: 'People', cell: ({ recipientCount }) => formatCount(recipientCount), numeric: true, wideOnly: true },
  { name: 'A day', cell: ({ issuanceRate }) => formatDecimal(issuanceRate), numeric: true },
  {
    name: 'Issued',
    cell: ({ issuedCount }) => <span className="font-semibold">{formatCount(issuedCount)}</span>,
    numeric: true,
  },
];

export function TopBadges({ state, badges }: { readonly state: FrameState; readonly badges: readonly TopBadge[] }) {
  return (
    <ChartFrame
      className="lg:col-span-8"
      title="Most issued badges"
      says="All badges ever issued, revoked ones included; people are counted once, the daily rate is of the last 30 days."
      state={state}
      emptyText="No badge has been issued yet."
    >
      {() => (
        <DataTable
          caption="Badges by number issued"
          columns={COLUMNS}
          rows={badges.slice(0, SHOWN)}
          keyOf={({ badgeId }) => badgeId}
        />
      )}
    </ChartFrame>
  );
}
