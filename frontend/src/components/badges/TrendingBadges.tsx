'use client';
import type { TrendingBadge } from '@passportx/analytics-backend/contract';
import { mapAnswer, type Answer } from '../../lib/answer';
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

/** The badges that rise, the steepest first; those that fall are in the list of all badges. */
export function TrendingBadges({ answer, limit = 10, className }: TrendingBadgesProps) {
  const rising = mapAnswer(answer, (badges) =>
    badges.filter(({ growth }) => growth > 0).toSorted((a, b) => b.growth - a.growth),
  );
  return (
    <ChartFrame
      {...TRENDING}
      className={className}
      answer={rising}
      isEmpty={(badges) => badges.length === 0}
      emptyText="No badge rises these days."
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
