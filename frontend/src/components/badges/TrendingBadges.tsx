'use client';
import type { TrendingBadge } from '@passportx/analytics-backend/contract';
import type { Answer } from '../../lib/answer';
import { formatCount } from '../../lib/format';
import { TRENDING } from '../../lib/overview';
import { Change } from '../ui/Change';
import { ChartFrame } from '../ui/ChartFrame';
import { DataTable, tableFigures, type Column } from '../ui/DataTable';
import { Named } from '../ui/Named';

const COLUMNS: readonly Column<TrendingBadge>[] = [
  {
    name: 'Badge',
    value: ({ badgeName }) => badgeName,
    cell: ({ badgeId, badgeName }) => <Named filter="badge" id={badgeId} name={badgeName} />,
  },
  {
    name: '7 days',
    value: ({ issuanceLast7Days }) => issuanceLast7Days,
    cell: ({ issuanceLast7Days }) => formatCount(issuanceLast7Days),
    numeric: true,
  },
  {
    name: 'Growth',
    value: ({ growth }) => growth,
    cell: ({ growth }) => <Change change={growth} arrow={false} />,
    numeric: true,
  },
];

interface TrendingBadgesProps {
  readonly answer: Answer<readonly TrendingBadge[]>;
  readonly limit?: number;
  readonly className: string;
}

export function TrendingBadges({ answer, limit = 10, className }: TrendingBadgesProps) {
  return (
    <ChartFrame
      {...TRENDING}
      className={className}
      answer={answer}
      isEmpty={(badges) => badges.every(({ issuanceLast30Days }) => issuanceLast30Days === 0)}
      emptyText="No badge was issued in the last 30 days."
      figures={(badges) => tableFigures(COLUMNS, badges)}
      isTable
    >
      {(badges) => (
        <DataTable
          caption="Badges by growth"
          columns={COLUMNS}
          rows={badges.slice(0, limit)}
          keyOf={({ badgeId }) => badgeId}
        />
      )}
    </ChartFrame>
  );
}
