/** What the overview is made of, in words that stand before any number is there: in the exported page, and around each answer. */
import type { HeadlineMetric } from '@passportx/analytics-backend/contract';

export const HEADLINE: readonly HeadlineMetric[] = [
  'badgesIssued',
  'newUsers',
  'activeUsers',
  'newCommunities',
  'newMembers',
  'badgesRevoked',
];

export interface CardWords {
  /** Id of the card on its page. */
  readonly id: string;
  readonly title: string;
  readonly says: string;
}

export const OVER_TIME: CardWords = {
  id: 'over-time',
  title: 'Badges issued and people reached',
  says: 'Each day’s badges issued, the people who were issued one, and people first seen. Paler: the period before.',
};
export const HAPPENING: CardWords = {
  id: 'happening',
  title: 'Happening now',
  says: 'The newest of the days shown. Struck out: its block was replaced.',
};
export const HELD_BY_CATEGORY: CardWords = {
  id: 'held-by-category',
  title: 'Held by category',
  says: 'Badges people hold now: revoked ones left out, later changes followed.',
};
export const TRENDING: CardWords = {
  id: 'trending',
  title: 'Trending badges',
  says: 'Of the ten issued most in the last 7 days, those whose daily rate is above that of the last 30.',
};
export const MOST_ACTIVE: CardWords = {
  id: 'communities',
  title: 'Most active communities',
  says: 'By badges issued in the days shown, each in the community that it belongs to.',
};
