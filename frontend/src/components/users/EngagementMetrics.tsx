import type { Answer } from '../../lib/answer';
import type { AnalyticsData } from '../../lib/api/data';
import { formatCount, formatDecimal, formatPercent, formatWholePercent } from '../../lib/format';
import { ChartFrame } from '../ui/ChartFrame';
import { RollingNumber } from '../ui/RollingNumber';

interface EngagementMetricsProps {
  readonly answer: Answer<AnalyticsData['engagementMetrics']>;
  readonly className: string;
}

export const ENGAGEMENT = 'Engagement';

/** How many users have no badge, one, several; who is active; who came back. */
export function EngagementMetrics({ answer, className }: EngagementMetricsProps) {
  return (
    <ChartFrame
      id="engagement"
      className={className}
      title={ENGAGEMENT}
      says="All users ever seen, by badges issued to them; whatever days are shown."
      answer={answer}
      isEmpty={({ totalUsers }) => totalUsers === 0}
      emptyText="No user has been seen yet."
      figures={(engagement) => ({
        columns: ['Users', 'Count'],
        rows: groupsOf(engagement).map(({ label, count }) => [label, count]),
      })}
    >
      {(engagement) => <Content {...engagement} />}
    </ChartFrame>
  );
}

const groupsOf = ({
  usersWithBadges,
  usersWithMultipleBadges,
  usersWithNoBadges,
}: AnalyticsData['engagementMetrics']) => [
  { label: 'Several badges', count: usersWithMultipleBadges, colour: 'bg-violet' },
  { label: 'One badge', count: usersWithBadges - usersWithMultipleBadges, colour: 'bg-violet/50' },
  { label: 'None yet', count: usersWithNoBadges, colour: 'bg-slate/40' },
];

function Content(engagement: AnalyticsData['engagementMetrics']) {
  const { totalUsers } = engagement;
  const groups = groupsOf(engagement);
  const share = (count: number) => (totalUsers === 0 ? 0 : (100 * count) / totalUsers);
  const facts = [
    { label: 'Active today', value: engagement.activeUsersToday, format: formatCount },
    { label: 'Active this week', value: engagement.activeUsersThisWeek, format: formatCount },
    { label: 'Active this month', value: engagement.activeUsersThisMonth, format: formatCount },
    { label: 'Badges a user', value: engagement.averageBadgesPerUser, format: formatDecimal },
    { label: 'Came back', value: engagement.retentionRate, format: formatPercent },
  ];
  return (
    <>
      <div aria-hidden className="flex h-3 gap-0.5 overflow-hidden rounded-full">
        {groups.map(({ label, count, colour }) => (
          <span
            key={label}
            className={`${colour} transition-[width] duration-400`}
            style={{ width: `${share(count)}%` }}
          />
        ))}
      </div>
      <ul className="mt-3">
        {groups.map(({ label, count, colour }) => (
          <li key={label} className="flex h-8 items-center gap-2.5">
            <span aria-hidden className={`size-2.5 rounded-[3px] ${colour}`} />
            <span>{label}</span>
            <span className="ml-auto font-semibold tabular-nums">{formatCount(count)}</span>
            <span className="w-9 text-right text-ink-2 tabular-nums">{formatWholePercent(share(count))}</span>
          </li>
        ))}
      </ul>
      <dl className="mt-3 border-t border-line pt-2">
        {facts.map(({ label, value, format }) => (
          <div key={label} className="flex h-8 items-center justify-between">
            <dt className="text-ink-2">{label}</dt>
            <dd className="font-semibold">
              <RollingNumber value={value} format={format} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-xs text-ink-3">
        Active: was issued a badge. Came back: first seen 31–60 days ago, issued a badge in the last 30.
      </p>
    </>
  );
}
