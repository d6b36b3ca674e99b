import type { QueryAnswer, QuerySeries } from '@passportx/analytics-backend/contract';
import { toStack } from './query';

const one = (key: string | null, total: number): QuerySeries => ({ key, name: key ?? 'None', total, values: [total] });
const answer = (keys: readonly string[], more: Partial<QueryAnswer> = {}): QueryAnswer => ({
  timestamp: '2026-11-30T12:00:00.000Z',
  seq: 1,
  metric: 'badgesIssued',
  kind: 'flow',
  from: '2026-11-29',
  to: '2026-11-29',
  interval: 'day',
  groupBy: 'category',
  compare: 'none',
  filters: {},
  buckets: ['2026-11-29'],
  total: 10,
  values: [10],
  previous: null,
  groups: keys.length,
  series: keys.map((key) => one(key, 1)),
  other: null,
  ...more,
});
const parts = (given: QueryAnswer) =>
  toStack(given, (_key, name) => name, Date.UTC(2026, 10, 30)).series.map(({ name, hue }) => `${name} ${hue}`);

test('a category has its hue whatever its place', () => {
  expect(parts(answer(['governance', 'education']))).toEqual(['governance blue', 'education violet']);
  expect(parts(answer(['education', 'governance']))).toEqual(['education violet', 'governance blue']);
});

test('six categories are six parts of six hues', () => {
  const categories = ['education', 'open-source', 'community', 'events', 'governance', 'infrastructure'];
  const hues = parts(answer(categories)).map((part) => part.split(' ').at(-1));
  expect(new Set(hues).size).toBe(6);
});

test('the rest says how many it stands for, and is slate', () => {
  const rest = { groups: 7, other: one(null, 3) };
  expect(parts(answer(['a', 'b', 'c', 'd', 'e'], rest)).at(-1)).toBe('2 others slate');
});
