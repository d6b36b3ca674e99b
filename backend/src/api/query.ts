import { Type, type Static } from '@sinclair/typebox';
import {
  FilterQuery,
  MAX_HOURLY_DAYS,
  QUERY_DIMENSIONS,
  QUERY_METRICS,
  QueryAnswer,
  QueryComparisonName,
  QueryGroup,
  QueryIntervalName,
  QueryMetricName,
  type QueryDimension,
  type QueryFilters,
} from '../contract/index.js';
import { bucketsOf, type Question } from '../query/question.js';
import { badRequest, type FieldError } from './problem.js';
import { RangeQuery, rangeOf } from './range.js';
import { route, type Route } from './route.js';
import type { Services } from './services.js';

/** Any metric over any days, by interval and by group, filtered and compared. */

/** Values of one answer, without those it is compared with. */
export const MAX_VALUES = 20_000;
export const QuestionQuery = Type.Object({
  metric: QueryMetricName,
  ...RangeQuery.properties,
  interval: Type.Union([...QueryIntervalName.anyOf], {
    default: 'day',
    description: `hour: at most ${MAX_HOURLY_DAYS} days`,
  }),
  groupBy: Type.Union([...QueryGroup.anyOf], { default: 'none' }),
  limit: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 10,
    description: 'Groups shown, the largest; the rest is in `other`. Weekdays and hours are always shown all',
  }),
  compare: Type.Union([...QueryComparisonName.anyOf], {
    default: 'none',
    description: 'previous: as many days just before; year: the same dates of the year before',
  }),
  ...FilterQuery.properties,
});

export function queryRoutes(
  { queries, clock }: Pick<Services, 'queries' | 'clock'>,
  disabled: string | undefined,
): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/analytics/query',
      access: 'viewer',
      tag: 'analytics',
      summary: 'One metric, by interval and group, filtered and compared',
      description: 'What each metric counts, and what it can be grouped and filtered by, is told in docs/query.md.',
      query: QuestionQuery,
      outcomes: { 200: { description: 'As of `seq`', schema: QueryAnswer } },
      disabled,
      handle: async ({ query }) => ({ status: 200, body: await queries.query(questionOf(query, clock())) }),
    }),
  ];
}

/** @throws {HttpProblem} 400 that names what does not go together */
export function questionOf(query: Static<typeof QuestionQuery>, now: number): Question {
  const { metric, interval, groupBy, limit, compare } = query;
  const question = { metric, interval, groupBy, limit, compare, range: rangeOf(query, now), filters: filtersOf(query) };
  const errors = [...wrongDimensions(question), ...tooMuch(question)];
  if (errors.length > 0) throw badRequest(errors);
  return question;
}

/** In one order, each value once, so that the same question is known again. */
export function filtersOf(query: FilterQuery): QueryFilters {
  return Object.fromEntries(
    QUERY_DIMENSIONS.flatMap((dimension) => {
      const values = [...new Set<string | number>(query[dimension] ?? [])];
      return values.length === 0 ? [] : [[dimension, values.sort()]];
    }),
  );
}

function wrongDimensions({ metric, groupBy, filters }: Question): FieldError[] {
  const allowed: readonly QueryDimension[] = QUERY_METRICS[metric].dimensions;
  const takes = (verb: string): string =>
    `must not be given for ${metric}, which can be ${verb} by ${allowed.join(', ')}`;
  return [
    ...(groupBy === 'none' || allowed.includes(groupBy) ? [] : [{ field: 'groupBy', message: takes('grouped') }]),
    ...QUERY_DIMENSIONS.filter((field) => filters[field] !== undefined && !allowed.includes(field)).map((field) => ({
      field,
      message: takes('filtered'),
    })),
  ];
}

function tooMuch({ range, interval, groupBy, limit }: Question): FieldError[] {
  const days = range.to - range.from + 1;
  if (interval === 'hour' && days > MAX_HOURLY_DAYS)
    return [{ field: 'interval', message: `must not be hour for more than ${MAX_HOURLY_DAYS} days, here ${days}` }];
  const values = bucketsOf(interval, range).length * (groupBy === 'none' ? 1 : limit + 1);
  if (values <= MAX_VALUES) return [];
  return [{ field: 'limit', message: `must be less: ${values} values were asked for, ${MAX_VALUES} are the most` }];
}
