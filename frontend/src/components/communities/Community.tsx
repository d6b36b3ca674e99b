'use client';
import type { CommunityDetail, CommunityMember } from '@passportx/analytics-backend/contract';
import { paths } from '../../lib/api/paths';
import { formatCount, formatFullDay, formatMoment, shorten } from '../../lib/format';
import { useView } from '../../lib/hooks/useAddress';
import { Breakdown } from '../metrics/Breakdown';
import { EntityCards } from '../metrics/EntityCards';
import { Ranking } from '../metrics/Ranking';
import type { Column } from '../ui/DataTable';
import { EntityPage } from '../ui/EntityPage';
import { ListingCard } from '../ui/Listing';
import { NamedLink } from '../ui/Named';
import { Tag } from '../ui/Tag';

const COLUMNS: readonly Column<CommunityMember>[] = [
  {
    name: 'Member',
    sort: 'principal',
    ascending: true,
    value: ({ principal }) => principal,
    cell: ({ principal, owner }) => (
      <span className="flex flex-wrap items-center gap-x-2">
        <NamedLink filter="user" id={principal} name={shorten(principal)} />
        {owner && <Tag tone="accent">owner</Tag>}
      </span>
    ),
  },
  {
    name: 'Since',
    sort: 'since',
    value: ({ since }) => since,
    cell: ({ since }) => <span className="text-ink-2">{formatFullDay(since.slice(0, 10))}</span>,
    numeric: true,
  },
  {
    name: 'Badges',
    sort: 'badges',
    value: ({ badges }) => badges,
    cell: ({ badges }) => <span className="font-semibold">{formatCount(badges)}</span>,
    numeric: true,
  },
];

/** One community: how it grows, what it issues, who is in it. */
export function Community() {
  const view = useView();
  return (
    <EntityPage<CommunityDetail>
      crumb={{ path: '/communities/', name: 'Communities' }}
      noun="community"
      pathOf={paths.community}
      titleOf={({ name }) => name}
      saysOf={({ createdAt, active }) =>
        `Founded ${formatFullDay(createdAt.slice(0, 10))}${active ? '' : ' · no longer active'}`
      }
    >
      {(id, answer, filters) => (
        <EntityCards
          metrics={['badgesIssued', 'activeUsers', 'newMembers', 'totalMembers', 'badgesRevoked']}
          filters={filters}
          title="Badges issued and members joined"
          says="This community’s badges, the people who were issued one, and its new members. Paler: the period compared with."
          lines={[
            { metric: 'badgesIssued', hue: 'violet', name: 'Issued' },
            { metric: 'activeUsers', hue: 'teal', name: 'People' },
            { metric: 'newMembers', hue: 'amber', name: 'Joined' },
          ]}
          answer={answer}
          factsOf={(community) => [
            ['Members', formatCount(community.members)],
            ['Badges issued', formatCount(community.badgesIssued)],
            ['Badges held', formatCount(community.badgesHeld)],
            ['People with its badges', formatCount(community.recipients)],
            ['Owner', <NamedLink key="owner" filter="user" id={community.owner} name={shorten(community.owner)} />],
            [
              'Founded by',
              <NamedLink key="creator" filter="user" id={community.creator} name={shorten(community.creator)} />,
            ],
            ...(community.deactivatedAt === null
              ? []
              : [['Deactivated', formatMoment(community.deactivatedAt)] as const]),
          ]}
        >
          <Breakdown
            id="badges"
            className="lg:col-span-8"
            title="What it issues"
            says="Its badges by block time, revoked ones included."
            metric="badgesIssued"
            by={['badge', 'category', 'level']}
            view={view}
            filters={filters}
            emptyText="It issued no badge in these days."
          />
          <Ranking
            id="top"
            className="lg:col-span-4"
            title="Its badges"
            says="In the days shown, against the period compared with."
            metric="badgesIssued"
            by="badge"
            counts="Issued"
            view={view}
            filters={filters}
            emptyText="It issued no badge in these days."
          />
          <ListingCard<CommunityMember>
            id="members"
            className="lg:col-span-12"
            title="Members"
            says="Everyone who belongs to it, and how many of its badges were issued to each."
            of={{ community: id }}
            pathOf={({ sort, q }) => paths.members(id, { sort, q, limit: 20 })}
            search="Search members by principal"
            columns={COLUMNS}
            keyOf={({ principal }) => principal}
            sort="badges"
            noun="member"
            emptyText="Nobody has joined it yet."
          />
        </EntityCards>
      )}
    </EntityPage>
  );
}
