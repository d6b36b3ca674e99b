import type { DayRange } from '../analyzers/calendar.js';
import {
  QUERY_METRICS,
  type QueryAnswer,
  type QueryDimension,
  type QueryFilters,
  type QueryInterval,
  type QueryMetric,
} from '../contract/index.js';
import { filterNames, type NamedFilter } from '../query/filterNames.js';
import { answerFrom } from '../query/fromWarehouse.js';
import type { Queries } from '../query/queries.js';
import { stepFor, type Step } from './series.js';

/**
 * The numbers of a period that filters let through: answers to questions that the query call takes too, all of one log
 * position. A metric that one of the filters does not apply to is left out rather than shown unfiltered.
 */
export type Answer = Omit<QueryAnswer, 'timestamp' | 'seq'>;

export interface FilteredFigures {
  readonly kind: 'filtered';
  readonly range: DayRange;
  readonly seq: number;
  readonly atMs: number;
  readonly filters: readonly NamedFilter[];
  /** That of the series below. */
  readonly step: Step;
  /** By step, compared with as many days before. */
  readonly flows: readonly Answer[];
  /** As of the end of the period, compared with the end of as many days before. */
  readonly standing: readonly Answer[];
  /** Badges issued by each dimension that is not filtered by already. */
  readonly groups: readonly Answer[];
}

const FLOWS = [
  'badgesIssued',
  'activeUsers',
  'activeIssuers',
  'badgesRevoked',
  'newMembers',
  'newUsers',
  'newCommunities',
] as const;
const STANDING = ['activeBadges', 'totalBadgesIssued', 'totalMembers', 'totalUsers', 'totalCommunities'] as const;
const GROUPS = ['category', 'level', 'badge', 'community', 'issuer', 'user'] as const;
/** Rows of a table. */
const LIMIT = 10;

interface Asked {
  readonly range: DayRange;
  readonly filters: QueryFilters;
}

/** @throws {BusyError} {ReadTimeoutError} */
export function filteredFigures(
  queries: Pick<Queries, 'take'>,
  { range, filters }: Asked,
  clock: () => number,
): Promise<FilteredFigures> {
  const step = stepFor(range.to - range.from + 1);
  const question = (metric: QueryMetric, interval: QueryInterval, groupBy: QueryDimension | 'none') =>
    ({ ...{ metric, range, interval, groupBy, filters }, compare: 'previous', limit: LIMIT }) as const;
  return queries.take(async (connection, seq) => {
    const answers = async (questions: readonly ReturnType<typeof question>[]): Promise<Answer[]> => {
      const given: Answer[] = [];
      for (const one of questions) given.push(await answerFrom(connection, one));
      return given;
    };
    return {
      ...{ kind: 'filtered', range, seq, atMs: clock(), step },
      filters: await filterNames(connection, filters),
      flows: await answers(appliesTo(FLOWS, filters).map((metric) => question(metric, step, 'none'))),
      standing: await answers(appliesTo(STANDING, filters).map((metric) => question(metric, 'total', 'none'))),
      groups: await answers(
        GROUPS.filter((dimension) => filters[dimension] === undefined).map((dimension) =>
          question('badgesIssued', 'total', dimension),
        ),
      ),
    };
  });
}

/** Those metrics that every one of the filters applies to. */
function appliesTo(metrics: readonly QueryMetric[], filters: QueryFilters): QueryMetric[] {
  const dimensions = Object.keys(filters) as QueryDimension[];
  return metrics.filter((metric) => {
    const known: readonly QueryDimension[] = QUERY_METRICS[metric].dimensions;
    return dimensions.every((dimension) => known.includes(dimension));
  });
}
