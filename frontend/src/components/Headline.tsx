'use client';
import type { HeadlineItem, HeadlineMetric } from '@passportx/analytics-backend/contract';
import type { AnalyticsData } from '../lib/api/data';
import type { IsoDay } from '../lib/dates';
import { formatCount, formatDecimal, formatPercent } from '../lib/format';
import { sparklinePath } from '../lib/sparkline';
import { Change } from './Change';
import { RollingNumber } from './RollingNumber';

const LABELS: Record<HeadlineMetric, string> = {
  badgesIssued: 'Badges issued',
  badgesRevoked: 'Badges revoked',
  newUsers: 'New users',
  activeUsers: 'Active users',
  newCommunities: 'New communities',
  newMembers: 'New members',
};
/** What grows first, what shrinks last: the order in which one asks. */
const ORDER: readonly HeadlineMetric[] = [
  'badgesIssued',
  'newUsers',
  'activeUsers',
  'newCommunities',
  'newMembers',
  'badgesRevoked',
];

const SPARK = { width: 72, height: 24 };

function Sparkline({ values }: { readonly values: readonly number[] }) {
  return (
    <svg
      aria-hidden
      viewBox={`-2 -2 ${SPARK.width + 4} ${SPARK.height + 4}`}
      className="hidden h-7 w-19 shrink-0 text-ink-3 min-[460px]:block md:max-xl:hidden"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path d={sparklinePath(values, SPARK.width, SPARK.height)} />
    </svg>
  );
}

function Cell({ item, spark }: { readonly item: HeadlineItem; readonly spark: readonly number[] | undefined }) {
  const { metric, value, previous, change } = item;
  return (
    <div className="flex min-w-0 flex-col bg-card px-4 py-4 sm:px-5" data-metric={metric}>
      <dt className="truncate text-sm font-medium text-ink-2">{LABELS[metric]}</dt>
      <dd className="mt-1 text-[26px]/8 font-semibold tracking-[-0.02em] sm:text-[30px]/9" data-value={value}>
        <RollingNumber value={value} format={formatCount} />
      </dd>
      <dd className="mt-0.5 flex h-7 items-center justify-between gap-2 text-sm">
        <Change
          change={value === 0 && previous === 0 ? 0 : change}
          lessIsBetter={metric === 'badgesRevoked'}
          against={`against ${formatCount(previous)} in the period before`}
        />
        {spark && <Sparkline values={spark} />}
      </dd>
    </div>
  );
}

/** The numbers of the range with their change, and below them the totals since the first block. */
export function Headline({ data, today }: { readonly data: AnalyticsData; readonly today: IsoDay }) {
  const { headline, sparklines, metrics, badges, range } = data;
  // Today is not over: in a line this small it would only look like a fall.
  const over = (values: readonly number[] | undefined) => (range.to === today ? values?.slice(0, -1) : values);
  const byMetric = new Map(headline.map((item) => [item.metric, item]));
  const totals = [
    { name: 'totalBadgesIssued', label: 'badges issued', value: metrics.totalBadgesIssued, format: formatCount },
    { name: 'held', label: 'held today', value: badges.held, format: formatCount },
    { name: 'totalUsers', label: 'users', value: metrics.totalUsers, format: formatCount },
    { name: 'totalCommunities', label: 'communities', value: metrics.totalCommunities, format: formatCount },
    {
      name: 'averageBadgesPerUser',
      label: 'badges a user',
      value: metrics.averageBadgesPerUser,
      format: formatDecimal,
    },
    {
      name: 'engagementRate',
      label: 'of users were issued a badge',
      value: metrics.engagementRate,
      format: formatPercent,
    },
  ];
  return (
    <section
      aria-label="Headline numbers"
      className="overflow-hidden rounded-card border border-line bg-card shadow-card"
    >
      {/* The gaps of the grid show the line colour behind it: hairlines in any number of columns. */}
      <dl className="grid grid-cols-2 gap-px bg-line md:grid-cols-3 lg:grid-cols-6">
        {ORDER.map((metric) => {
          const item = byMetric.get(metric);
          return item && <Cell key={metric} item={item} spark={over(sparklines[metric])} />;
        })}
      </dl>
      <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1 border-t border-line px-4 py-3 text-sm text-ink-2 sm:px-5">
        <span className="text-ink-3">Since the first block</span>
        {totals.map(({ name, label, value, format }) => (
          <span key={name} data-metric={name} data-value={value}>
            <span className="font-semibold text-ink">
              <RollingNumber value={value} format={format} />
            </span>{' '}
            {label}
          </span>
        ))}
      </div>
    </section>
  );
}
