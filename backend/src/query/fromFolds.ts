import type { DayRange } from '../analyzers/calendar.js';
import { QUERY_METRICS, type HeadlineMetric, type QueryMetric } from '../contract/index.js';
import { bucketsOf, type Question } from './question.js';

/**
 * What the folds can answer: series of all badges, users, communities or members, by day or longer. It costs a look-up a
 * day; whatever is filtered, grouped or finer is asked of the read model.
 */
export interface FoldReads {
  /** What happened on these days. */
  count(metric: HeadlineMetric, range: DayRange): number;
  /** What happened before this day, ever. */
  countBefore(metric: CountedMetric, day: number): number;
}

/** The metrics that add up over days. */
export type CountedMetric = Exclude<HeadlineMetric, 'activeUsers'>;

export interface Values {
  /** One a bucket. */
  readonly values: readonly number[];
  readonly total: number;
}

/** What each standing metric adds up. A badge that is held may cease to be: those are not counted by day. */
const ADDS_UP: Partial<Record<QueryMetric, CountedMetric>> = {
  totalBadgesIssued: 'badgesIssued',
  totalUsers: 'newUsers',
  totalCommunities: 'newCommunities',
  totalMembers: 'newMembers',
};

/** Undefined when the folds cannot answer. */
export function fromFolds(
  folds: FoldReads,
  { metric, interval, groupBy, filters }: Question,
  range: DayRange,
): Values | undefined {
  if (groupBy !== 'none' || interval === 'hour' || Object.keys(filters).length > 0) return undefined;
  const buckets = bucketsOf(interval, range);
  if (QUERY_METRICS[metric].kind === 'standing') {
    const added = ADDS_UP[metric];
    if (added === undefined) return undefined;
    let total = folds.countBefore(added, range.from);
    const values = buckets.map((bucket) => (total += folds.count(added, bucket)));
    return { values, total };
  }
  if (!isHeadline(metric)) return undefined;
  return { values: buckets.map((bucket) => folds.count(metric, bucket)), total: folds.count(metric, range) };
}

const IN_FOLDS: Readonly<Record<HeadlineMetric, true>> = {
  badgesIssued: true,
  badgesRevoked: true,
  newUsers: true,
  activeUsers: true,
  newCommunities: true,
  newMembers: true,
};

const isHeadline = (metric: QueryMetric): metric is HeadlineMetric & QueryMetric => metric in IN_FOLDS;
