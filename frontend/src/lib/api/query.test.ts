import type { QueryAnswer, QuerySeries } from '@passportx/analytics-backend/contract';
import { toLines, toStack } from './query';

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

describe('a day that is not over, by the hour', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => new Date(Date.UTC(2026, 10, 29, hour)).toISOString());
  const values = hours.map((_, hour) => (hour < 3 ? 5 : 0));
  const byHour = answer(['education'], { interval: 'hour', buckets: hours, values });
  const halfPastTwo = Date.UTC(2026, 10, 29, 2, 30);

  test('is told up to the hour that runs: later ones are not zero, they are not yet', () => {
    const { buckets, series, open } = toLines([{ answer: byHour, name: 'Issued', hue: 'violet' }], halfPastTwo);
    expect({ last: buckets.at(-1), values: series[0]?.values, open }).toEqual({
      last: '2026-11-29T02:00:00.000Z',
      values: [5, 5, 5],
      open: true,
    });
    expect(toStack(byHour, (_key, name) => name, halfPastTwo)).toMatchObject({ buckets: { length: 3 }, open: true });
  });

  test('is told whole once it is over', () => {
    const after = halfPastTwo + 86_400_000;
    const { buckets, open } = toLines([{ answer: byHour, name: 'Issued', hue: 'violet' }], after);
    expect([buckets.length, open]).toEqual([24, false]);
  });
});
