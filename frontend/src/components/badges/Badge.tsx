'use client';
import type { BadgeDetail, IssuedBadge } from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { LIST_FILTERS, paths } from '../../lib/api/paths';
import { formatCategory, formatCount, formatFullDay, formatMoment, shorten } from '../../lib/format';
import { huesOf } from '../../lib/chart/hues';
import { useView } from '../../lib/hooks/useAddress';
import { Bars } from '../charts/Bars';
import { EntityCards } from '../metrics/EntityCards';
import { Ranking } from '../metrics/Ranking';
import { ChartFrame } from '../ui/ChartFrame';
import { EntityPage } from '../ui/EntityPage';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';
import { COMMUNITY, ISSUED, ISSUER, LEVEL, RECIPIENT, withRevoked } from './issuedColumns';

const COLUMNS = [withRevoked(RECIPIENT), ISSUER, COMMUNITY, LEVEL, ISSUED];

/** One badge: what it is, how it is issued, to whom, by whom. */
export function Badge() {
  const view = useView();
  return (
    <EntityPage<BadgeDetail>
      crumb={{ path: '/badges/', name: 'Badges' }}
      noun="badge"
      pathOf={paths.badge}
      titleOf={({ badgeName }) => badgeName}
      saysOf={({ category, level, createdAt }) =>
        [
          formatCategory(category),
          level > 0 && `level ${level}`,
          createdAt !== null && `since ${formatFullDay(createdAt.slice(0, 10))}`,
        ]
          .filter(Boolean)
          .join(' · ')
      }
    >
      {(id, answer, filters) => (
        <EntityCards
          metrics={['badgesIssued', 'activeUsers', 'activeIssuers', 'badgesRevoked', 'activeBadges']}
          filters={filters}
          title="Issued over time"
          says="This badge’s mints, and the people who were issued one. Paler: the period compared with."
          lines={[
            { metric: 'badgesIssued', hue: 'violet', name: 'Issued' },
            { metric: 'activeUsers', hue: 'teal', name: 'People' },
          ]}
          answer={answer}
          factsOf={(badge) => [
            ['Issued', formatCount(badge.issued)],
            ['Held', formatCount(badge.held)],
            ['Revoked', formatCount(badge.revoked)],
            ['People', formatCount(badge.recipients)],
            ['Issuers', formatCount(badge.issuers)],
            ['Last 7 days', formatCount(badge.issuanceLast7Days)],
            ['Last issued', badge.lastIssuedAt === null ? 'never' : formatMoment(badge.lastIssuedAt)],
            [
              'Designed by',
              badge.creator === null ? (
                'unknown'
              ) : (
                <NamedLink filter="user" id={badge.creator} name={shorten(badge.creator)} />
              ),
            ],
          ]}
        >
          <Ranking
            id="issuers"
            className="lg:col-span-4"
            title="Issued by"
            says="In the days shown."
            metric="badgesIssued"
            by="issuer"
            counts="Issued"
            limit={6}
            view={view}
            filters={filters}
            emptyText="Nobody issued it in these days."
          />
          <Ranking
            id="communities"
            className="lg:col-span-4"
            title="In communities"
            says="In the days shown."
            metric="badgesIssued"
            by="community"
            counts="Issued"
            limit={6}
            view={view}
            filters={filters}
            emptyText="It was not issued in these days."
          />
          <ChartFrame
            id="levels"
            className="lg:col-span-4"
            title="Held by level"
            says="Badges people hold now, by the level that they have now, whatever is filtered."
            answer={mapAnswer(answer, ({ levels }) => levels)}
            isEmpty={(levels) => levels.length === 0}
            emptyText="Nobody holds it."
            figures={(levels) => ({
              columns: ['Level', 'Held'],
              rows: levels.map(({ level, held }) => [String(level), held]),
            })}
          >
            {(levels) => {
              const total = Math.max(
                1,
                levels.reduce((sum, { held }) => sum + held, 0),
              );
              const shown = levels.toSorted((a, b) => a.level - b.level).slice(0, 10);
              const hues = huesOf(
                'level',
                shown.map(({ level }) => String(level)),
              );
              return (
                <Bars
                  label="Held by level"
                  bars={shown.map(({ level, held }, index) => ({
                    key: String(level),
                    label: `Level ${level}`,
                    count: held,
                    percentage: (100 * held) / total,
                    hue: hues[index] ?? 'slate',
                  }))}
                />
              );
            }}
          </ChartFrame>
          <ListingCard<IssuedBadge>
            id="issued"
            className="lg:col-span-12"
            title="Every one of them"
            says="Newest first, since the first block; level as it is now."
            of={{ badge: id }}
            knows={LIST_FILTERS.issuedBadges}
            pathOf={(query) => paths.issuedBadges({ ...query, limit: 20 })}
            columns={COLUMNS}
            keyOf={(badge) => badge.id}
            sort="issuedAt"
            noun="badge"
            emptyText="It has not been issued yet."
          />
        </EntityCards>
      )}
    </EntityPage>
  );
}
