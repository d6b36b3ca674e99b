/** The metrics of the query call as a reader knows them, and what each can be grouped and filtered by. */
import type { QueryDimension, QueryMetric } from '@passportx/analytics-backend/contract';
import { HEADLINE_LABELS } from '@passportx/analytics-backend/contract/labels';
import { FILTERS, type FilterName, type Filters } from './view';

interface MetricWords {
  readonly label: string;
  /** One sentence on what is counted. */
  readonly says: string;
  readonly filters: readonly FilterName[];
  /** More of it is worse. */
  readonly lessIsBetter?: boolean;
}

export const METRICS: Record<QueryMetric, MetricWords> = {
  badgesIssued: {
    label: HEADLINE_LABELS.badgesIssued,
    says: 'Mints on the winning fork, revoked ones included.',
    filters: FILTERS,
  },
  badgesRevoked: {
    label: HEADLINE_LABELS.badgesRevoked,
    says: 'Badges taken back, each once.',
    filters: FILTERS,
    lessIsBetter: true,
  },
  activeUsers: { label: HEADLINE_LABELS.activeUsers, says: 'People who were issued a badge.', filters: FILTERS },
  activeIssuers: { label: 'Active issuers', says: 'Principals that issued a badge.', filters: FILTERS },
  newUsers: {
    label: HEADLINE_LABELS.newUsers,
    says: 'People first seen: as recipient, member or creator.',
    filters: ['user'],
  },
  newCommunities: {
    label: HEADLINE_LABELS.newCommunities,
    says: 'Communities founded.',
    filters: ['community', 'user'],
  },
  newMembers: {
    label: HEADLINE_LABELS.newMembers,
    says: 'Memberships begun, creators included.',
    filters: ['community', 'user'],
  },
  totalBadgesIssued: { label: 'Issued in all', says: 'Badges ever issued, revoked ones included.', filters: FILTERS },
  activeBadges: { label: 'Badges held', says: 'Badges people hold: revoked ones left out.', filters: FILTERS },
  totalUsers: { label: 'Users', says: 'People ever seen.', filters: ['user'] },
  totalCommunities: { label: 'Communities', says: 'Communities ever founded.', filters: ['community', 'user'] },
  totalMembers: { label: 'Members', says: 'Memberships of all communities.', filters: ['community', 'user'] },
};

/** Whether a metric knows every filter that is set: a number that ignores one would mislead. */
export const obeys = (metric: QueryMetric, filters: Filters): boolean =>
  (Object.keys(filters) as FilterName[]).every((name) => METRICS[metric].filters.includes(name));

export const DIMENSION_LABELS: Record<QueryDimension, string> = {
  category: 'Category',
  level: 'Level',
  badge: 'Badge',
  issuer: 'Issuer',
  community: 'Community',
  user: 'User',
  weekday: 'Weekday',
  hour: 'Hour',
};
