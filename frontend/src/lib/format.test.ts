import {
  countOf,
  formatAgo,
  formatCategory,
  formatChange,
  formatMoment,
  formatPercent,
  formatWholePercent,
  shorten,
} from './format';

const AT = '2026-11-20T12:00:00.000Z';
const after = (seconds: number) => formatAgo(AT, Date.parse(AT) + seconds * 1000);

test('ages are told in their largest whole unit, and a clock ahead of ours reads as now', () => {
  expect(after(-5)).toBe('now');
  expect(after(59)).toContain('59');
  expect(after(119)).toMatch(/(^|\D)1\D/);
  expect(after(7_200)).toMatch(/(^|\D)2\D/);
  expect(after(3 * 86_400)).toMatch(/(^|\D)3\D/);
});

test('a change always shows its sign, except none', () => {
  expect(formatChange(12.4)).toMatch(/^\+12[.,]4/);
  expect(formatChange(-3)).toMatch(/^−3/);
  expect(formatChange(0)).toMatch(/^0/);
  expect(formatChange(6448.04)).toMatch(/^\+6[.,  ]?448 ?%$/);
});

test('percentages are those of the API: 12.4 means 12.4 %', () => {
  expect(formatPercent(12.4)).toMatch(/^12[.,]4\s?%$/);
});

test('a whole percentage is 0 for nothing and 100 for all, and for nothing else', () => {
  expect([0, 0.2, 0.5, 99.6, 100].map((value) => formatWholePercent(value).replace(/\s/, ''))).toEqual([
    '0%',
    '<1%',
    '1%',
    '>99%',
    '100%',
  ]);
});

test('moments are UTC and say so', () => {
  expect(formatMoment('2026-11-20T23:59:58.000Z')).toMatch(/20.*23:59:58.*UTC$|20.*11:59:58.*UTC$/);
});

test('long ids keep both ends, short ones stay', () => {
  expect(shorten('ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM')).toBe('ST1PQ…GZGM');
  expect(shorten('0x12')).toBe('0x12');
});

test('categories become titles, and one of nothing but dashes stays itself', () => {
  expect(formatCategory('open-source_work')).toBe('Open source work');
  expect(formatCategory('--')).toBe('--');
});

test('one is one, all else is many', () => {
  expect([countOf(1, 'block'), countOf(0, 'block'), countOf(2, 'block')]).toEqual(['1 block', '0 blocks', '2 blocks']);
});
