import type { IssuedBadge } from '@passportx/analytics-backend/contract';
import { formatCategory, formatFullDay, shorten } from '../../lib/format';
import type { Column } from '../ui/DataTable';
import { NamedLink } from '../ui/Named';
import { Tag } from '../ui/Tag';

/** Columns of badges that were issued, one by one: each page shows those that it does not say already. */
const named = (who: 'recipient' | 'issuer') => ({
  value: (badge: IssuedBadge) => badge[who],
  cell: (badge: IssuedBadge) => (
    <NamedLink filter={who === 'issuer' ? 'issuer' : 'user'} id={badge[who]} name={shorten(badge[who])} />
  ),
});

export const BADGE: Column<IssuedBadge> = {
  name: 'Badge',
  value: ({ badgeName }) => badgeName,
  cell: ({ badgeId, badgeName }) => <NamedLink filter="badge" id={badgeId} name={badgeName} />,
};
export const CATEGORY: Column<IssuedBadge> = {
  name: 'Category',
  value: ({ category }) => category,
  cell: ({ category }) => <span className="text-ink-2">{formatCategory(category)}</span>,
  wideOnly: true,
};
export const RECIPIENT: Column<IssuedBadge> = { name: 'Recipient', ...named('recipient') };
export const ISSUER: Column<IssuedBadge> = { name: 'Issuer', ...named('issuer'), wideOnly: true };
export const COMMUNITY: Column<IssuedBadge> = {
  name: 'Community',
  value: ({ communityName }) => communityName,
  cell: ({ communityId, communityName }) =>
    communityId === null ? '–' : <NamedLink filter="community" id={communityId} name={communityName ?? communityId} />,
  wideOnly: true,
};
export const LEVEL: Column<IssuedBadge> = {
  name: 'Level',
  value: ({ level }) => level,
  cell: ({ level }) => level,
  numeric: true,
};
export const ISSUED: Column<IssuedBadge> = {
  name: 'Issued',
  value: ({ issuedAt }) => issuedAt,
  cell: ({ issuedAt }) => <span className="text-ink-2">{formatFullDay(issuedAt.slice(0, 10))}</span>,
  numeric: true,
};

/** The first column, which also tells what was taken back. */
export const withRevoked = (column: Column<IssuedBadge>): Column<IssuedBadge> => ({
  ...column,
  cell: (badge) => (
    <span className="flex min-w-0 items-center gap-2">
      {column.cell(badge)}
      {badge.revokedAt !== null && <Tag tone="down">revoked</Tag>}
    </span>
  ),
});
