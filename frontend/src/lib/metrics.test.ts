import { QUERY_METRICS, type QueryMetric } from '../../../backend/src/contract/query';
import { METRICS, obeys } from './metrics';
import { FILTERS } from './view';

test('each metric offers the filters that the service takes for it, and no others', () => {
  for (const [metric, { dimensions }] of Object.entries(QUERY_METRICS)) {
    const taken: readonly string[] = dimensions;
    expect(METRICS[metric as QueryMetric].filters).toEqual(FILTERS.filter((name) => taken.includes(name)));
  }
});

test('a number that would ignore a filter is not shown', () => {
  expect(obeys('badgesIssued', { category: 'Education' })).toBe(true);
  expect(obeys('newUsers', { category: 'Education' })).toBe(false);
  expect(obeys('newUsers', {})).toBe(true);
});
