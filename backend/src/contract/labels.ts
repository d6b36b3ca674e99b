import type { HeadlineMetric } from './metrics.js';

/**
 * What the numbers of the headline are called, on the page, in alerts and in reports. Plain data without an import that is
 * left when types are gone: the page loads this and no schema with it.
 */
export const HEADLINE_LABELS: Readonly<Record<HeadlineMetric, string>> = {
  badgesIssued: 'Badges issued',
  badgesRevoked: 'Badges revoked',
  newUsers: 'New users',
  activeUsers: 'Active users',
  newCommunities: 'New communities',
  newMembers: 'New members',
};
