import fc from 'fast-check';
import { QUERY_METRICS, QUERY_METRIC_NAMES, type QueryDimension, type QueryFilters } from '../../src/contract/index.js';
import { QUERY_COMPARISONS, QUERY_INTERVALS } from '../../src/contract/index.js';
import type { Question } from '../../src/query/question.js';
import { rangesAround } from './instants.js';
import { ROOMY } from './pools.js';

/** Questions to the query call: any metric with dimensions that it has, over days around a moment. */
const DAY = 86_400_000;

const VALUES: Record<QueryDimension, fc.Arbitrary<(string | number)[]>> = {
  category: someOf(ROOMY.categories),
  level: someOf(ROOMY.levels),
  badge: someOf(ROOMY.templates),
  issuer: someOf(ROOMY.principals),
  community: someOf(ROOMY.communities),
  user: someOf(ROOMY.principals),
  weekday: someOf([1, 2, 3, 4, 5, 6, 7]),
  hour: someOf([0, 11, 12, 23]),
};

function someOf(values: readonly (string | number)[]): fc.Arbitrary<(string | number)[]> {
  return fc.subarray([...values], { minLength: 1, maxLength: Math.min(12, values.length) }).map((some) => some.sort());
}

export const questionsAround = (now: number): fc.Arbitrary<Question> =>
  fc.constantFrom(...QUERY_METRIC_NAMES).chain((metric) => {
    const dimensions: readonly QueryDimension[] = QUERY_METRICS[metric].dimensions;
    const filters = fc
      .subarray([...dimensions], { maxLength: Math.min(2, dimensions.length) })
      .chain((used) =>
        fc.tuple(...used.map((dimension) => VALUES[dimension].map((some) => [dimension, some] as const))),
      )
      .map((entries) => Object.fromEntries(entries) as QueryFilters);
    return fc
      .record({
        metric: fc.constant(metric),
        range: rangesAround(now).map(({ fromMs, toMs }) => ({ from: fromMs / DAY, to: toMs / DAY })),
        interval: fc.constantFrom(...QUERY_INTERVALS),
        groupBy: fc.constantFrom('none' as const, 'none' as const, ...dimensions),
        limit: fc.constantFrom(1, 2, 3, 10),
        filters: fc.oneof(fc.constant({}), filters),
        compare: fc.constantFrom(...QUERY_COMPARISONS),
      })
      .map((question) =>
        question.interval === 'hour'
          ? { ...question, range: { ...question.range, from: Math.max(question.range.from, question.range.to - 3) } }
          : question,
      );
  });
