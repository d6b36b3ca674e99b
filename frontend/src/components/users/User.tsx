'use client';
import type { IssuedBadge, UserDetail } from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { LIST_FILTERS, paths } from '../../lib/api/paths';
import { huesOf } from '../../lib/chart/hues';
import { countOf, formatCategory, formatCount, formatFullDay, shorten } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { useMetric } from '../../lib/hooks/useApi';
import { BADGE, CATEGORY, ISSUED, ISSUER, LEVEL, withRevoked } from '../badges/issuedColumns';
import { Bars } from '../charts/Bars';
import { MetricLines } from '../metrics/MetricLines';
import { ChartFrame } from '../ui/ChartFrame';
import { DataTable, tableFigures, type Column } from '../ui/DataTable';
import { EntityPage } from '../ui/EntityPage';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';
import { Principal } from '../ui/Principal';
import { Stats } from '../ui/Stat';
import { Tag } from '../ui/Tag';

const BADGES = [withRevoked(BADGE), CATEGORY, ISSUER, LEVEL, ISSUED];

const MEMBERSHIPS: readonly Column<UserDetail['memberships'][number]>[] = [
  {
    name: 'Community',
    value: ({ name, communityId }) => name ?? communityId,
    cell: ({ communityId, name, owner }) => (
      <span className="flex min-w-0 items-center gap-2">
        <NamedLink filter="community" id={communityId} name={name ?? `Community ${communityId}`} />
        {owner && <Tag tone="accent">owner</Tag>}
      </span>
    ),
  },
  {
    name: 'Since',
    value: ({ since }) => since,
    cell: ({ since }) => <span className="text-ink-2">{formatFullDay(since.slice(0, 10))}</span>,
    numeric: true,
  },
];

/** One user's passport: badges, communities, and when they came. */
export function User() {
  const view = useView();
  return (
    <EntityPage<UserDetail>
      crumb={{ path: '/users/', name: 'Users' }}
      noun="user"
      pathOf={paths.user}
      titleOf={({ principal }) => shorten(principal)}
      saysOf={({ principal, firstSeenAt }) => (
        <span className="flex flex-wrap items-center gap-x-2">
          Passport <Principal id={principal} bare /> · first seen {formatFullDay(firstSeenAt.slice(0, 10))}
          <Issued id={principal} />
        </span>
      )}
    >
      {(id, answer, filters) => {
        const { data: user } = answer;
        return (
          <div className="flex flex-col gap-4">
            <Stats
              stats={[
                { id: 'badgesHeld', label: 'Badges held', value: user?.badgesHeld, note: 'now' },
                {
                  id: 'badgesIssued',
                  label: 'Issued to them',
                  value: user?.badgesIssued,
                  note: user && `${formatCount(user.badgesIssued - user.badgesHeld)} revoked`,
                },
                { id: 'communities', label: 'Communities', value: user?.communities, note: 'member of' },
                {
                  id: 'categories',
                  label: 'Categories',
                  value: user?.categories.length,
                  note:
                    user &&
                    (user.lastBadgeAt === null
                      ? 'no badge yet'
                      : `last ${formatFullDay(user.lastBadgeAt.slice(0, 10))}`),
                },
              ]}
            />
            <div className="grid gap-4 lg:grid-cols-12">
              <MetricLines
                id="over-time"
                className="lg:col-span-8"
                title="Badges issued to them"
                says="By block time, revoked ones included. Paler: the period compared with."
                lines={[{ metric: 'badgesIssued', hue: 'violet', name: 'Issued' }]}
                view={view}
                filters={filters}
              />
              <ChartFrame
                id="categories"
                className="lg:col-span-4"
                title="What they are known for"
                says="Badges held, by category, whatever is filtered."
                answer={mapAnswer(answer, ({ categories }) => categories)}
                isEmpty={(categories) => categories.length === 0}
                emptyText="They hold no badge."
                figures={(rows) => ({
                  columns: ['Category', 'Held', '%'],
                  rows: rows.map(({ category, held, percentage }) => [category, held, percentage]),
                })}
              >
                {(categories) => {
                  const shown = categories.slice(0, 8);
                  const hues = huesOf(
                    'category',
                    shown.map(({ category }) => category),
                  );
                  return (
                    <Bars
                      label="Badges held by category"
                      bars={shown.map(({ category, held, percentage }, index) => ({
                        key: category,
                        label: formatCategory(category),
                        count: held,
                        percentage,
                        hue: hues[index] ?? 'slate',
                      }))}
                    />
                  );
                }}
              </ChartFrame>
              <ListingCard<IssuedBadge>
                id="badges"
                className="lg:col-span-8"
                title="The passport"
                says="Every badge issued to them, newest first; level and category as they are now."
                of={{ user: id }}
                knows={LIST_FILTERS.issuedBadges}
                pathOf={(query) => paths.issuedBadges({ ...query, limit: 20 })}
                columns={BADGES}
                keyOf={(badge) => badge.id}
                sort="issuedAt"
                noun="badge"
                emptyText="No badge has been issued to them."
              />
              <ChartFrame
                id="memberships"
                className="lg:col-span-4 lg:self-start"
                title="Communities"
                says={user && user.communities > 100 ? 'The latest 100 that they joined.' : 'Those that they joined.'}
                answer={mapAnswer(answer, ({ memberships }) => memberships)}
                isEmpty={(memberships) => memberships.length === 0}
                emptyText="They belong to no community."
                figures={(memberships) => tableFigures(MEMBERSHIPS, memberships)}
                isTable
              >
                {(memberships) => (
                  <DataTable
                    caption={countOf(memberships.length, 'membership')}
                    columns={MEMBERSHIPS}
                    rows={memberships}
                    keyOf={({ communityId }) => communityId}
                  />
                )}
              </ChartFrame>
            </div>
          </div>
        );
      }}
    </EntityPage>
  );
}

/** The way to what they issued themselves, if they did. */
function Issued({ id }: { readonly id: string }) {
  const { range } = useView();
  const { data } = useMetric({ metric: 'totalBadgesIssued', range, filters: { issuer: id } });
  if (!data || data.total === 0) return null;
  return <NamedLink filter="issuer" id={id} name={`· issued ${countOf(data.total, 'badge')}`} />;
}
