import type { TrendingBadge } from '@passportx/analytics-backend/contract';
import { formatCount } from '../lib/format';
import { Change } from './Change';
import { ChartFrame, type FrameState } from './ChartFrame';
import { DataTable, type Column } from './DataTable';

const COLUMNS: readonly Column<TrendingBadge>[] = [
  { name: 'Badge', cell: ({ badgeName }) => <span title={badgeName}>{badgeName}</span> },
  { name: '7 days', cell: ({ issuanceLast7Days }) => formatCount(issuanceLast7Days), numeric: true },
  { name: 'Growth', cell: ({ growth }) => <Change change={growth} arrow={false} />, numeric: true },
];

export function TrendingBadges({
  state,
  badges,
}: {
  readonly state: FrameState;
  readonly badges: readonly TrendingBadge[];
}) {
  return (
    <ChartFrame
      className="lg:col-span-4"
      title="Trending badges"
      says="Daily rate of the last 7 days against that of the last 30."
      state={state}
      emptyText="No badge was issued in the last 30 days."
    >
      {() => <DataTable caption="Badges by growth" columns={COLUMNS} rows={badges} keyOf={({ badgeId }) => badgeId} />}
    </ChartFrame>
  );
}
