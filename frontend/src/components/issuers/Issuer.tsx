'use client';
import type { IssuedBadge, IssuerDetail } from '@passportx/analytics-backend/contract';
import { LIST_FILTERS, paths } from '../../lib/api/paths';
import { formatCount, formatFullDay, formatMoment, shorten } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { useMetric } from '../../lib/hooks/useApi';
import { BADGE, COMMUNITY, ISSUED, LEVEL, RECIPIENT, withRevoked } from '../badges/issuedColumns';
import { Breakdown } from '../metrics/Breakdown';
import { EntityCards } from '../metrics/EntityCards';
import { Ranking } from '../metrics/Ranking';
import { EntityPage } from '../ui/EntityPage';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';
import { Principal } from '../ui/Principal';

const COLUMNS = [withRevoked(BADGE), { ...RECIPIENT, wideOnly: true }, COMMUNITY, LEVEL, ISSUED];

/** One issuer: what they issue, to whom, and what was taken back of it. */
export function Issuer() {
  const view = useView();
  return (
    <EntityPage<IssuerDetail>
      crumb={{ path: '/badges/', name: 'Badges' }}
      noun="issuer"
      pathOf={paths.issuer}
      titleOf={({ issuer }) => shorten(issuer)}
      saysOf={({ issuer, firstIssuedAt }) => (
        <span className="flex flex-wrap items-center gap-x-2">
          Issuer <Principal id={issuer} bare /> · since {formatFullDay(firstIssuedAt.slice(0, 10))}
          <Passport id={issuer} />
        </span>
      )}
    >
      {(id, answer, filters) => (
        <EntityCards
          metrics={['badgesIssued', 'activeUsers', 'badgesRevoked', 'activeBadges']}
          filters={filters}
          title="Issued and revoked"
          says="Their badges, the people who were issued one, and those that were taken back. Paler: the period compared with."
          lines={[
            { metric: 'badgesIssued', hue: 'violet', name: 'Issued' },
            { metric: 'activeUsers', hue: 'teal', name: 'People' },
            { metric: 'badgesRevoked', hue: 'raspberry', name: 'Revoked' },
          ]}
          answer={answer}
          factsOf={(issuer) => [
            ['Issued', formatCount(issuer.issued)],
            ['Revoked', formatCount(issuer.revoked)],
            ['People', formatCount(issuer.recipients)],
            ['Different badges', formatCount(issuer.uniqueBadges)],
            ['Last 30 days', formatCount(issuer.issuanceLast30Days)],
            ['Last issued', formatMoment(issuer.lastIssuedAt)],
            ...issuer.communities
              .slice(0, 3)
              .map(
                ({ communityId, name, active }) =>
                  [
                    active ? 'Owns' : 'Owns, inactive',
                    <NamedLink key={communityId} filter="community" id={communityId} name={name} />,
                  ] as const,
              ),
          ]}
        >
          <Breakdown
            id="badges"
            className="lg:col-span-8"
            title="What they issue"
            says="Their badges by block time, revoked ones included."
            metric="badgesIssued"
            by={['badge', 'category', 'level', 'community']}
            view={view}
            filters={filters}
            emptyText="They issued no badge in these days."
          />
          <Ranking
            id="recipients"
            className="lg:col-span-4"
            title="To whom"
            says="Most badges of theirs in the days shown."
            metric="badgesIssued"
            by="user"
            counts="Issued"
            view={view}
            filters={filters}
            emptyText="They issued no badge in these days."
          />
          <ListingCard<IssuedBadge>
            id="issued"
            className="lg:col-span-12"
            title="Every badge of theirs"
            says="Newest first, since the first block; level as it is now."
            of={{ issuer: id }}
            knows={LIST_FILTERS.issuedBadges}
            pathOf={(query) => paths.issuedBadges({ ...query, limit: 20 })}
            columns={COLUMNS}
            keyOf={(badge) => badge.id}
            sort="issuedAt"
            noun="badge"
            emptyText="They have issued no badge."
          />
        </EntityCards>
      )}
    </EntityPage>
  );
}

/** The way to what was issued to them; there is none for an issuer who was never seen as anything else. */
function Passport({ id }: { readonly id: string }) {
  const { range } = useView();
  const { data } = useMetric({ metric: 'totalUsers', range, filters: { user: id } });
  return data && data.total > 0 && <NamedLink filter="user" id={id} name="· their passport" />;
}
