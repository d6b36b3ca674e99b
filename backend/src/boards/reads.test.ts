import { BOARD } from '../../test/support/boards.js';
import { parseDate } from '../analyzers/calendar.js';
import type { Board, BoardRange } from '../contract/index.js';
import { opens } from './reads.js';

const TODAY = parseDate('2026-02-14') ?? 0;
const board: Board = { ...BOARD, id: 'b', revision: 1, createdAt: '', updatedAt: '' };

const QUERY = '/api/analytics/query';
const ISSUED = { metric: 'badgesIssued', from: '2026-01-16', to: '2026-02-14' };
const NUMBER = { ...ISSUED, interval: 'day', compare: 'previous' };
const SERIES = { ...ISSUED, from: '2025-11-17', interval: 'day', groupBy: 'category', limit: '5' };
const RANKING = {
  ...ISSUED,
  interval: 'total',
  groupBy: 'issuer',
  limit: '8',
  category: ['education', 'community'],
  level: ['1', '2'],
};

const isOpen = (path: string, query: object, on: Board = board): boolean => opens(on, { path, query }, TODAY);

test.each<[string, string, object]>([
  ['itself', '/api/boards/b', {}],
  ['its number', QUERY, NUMBER],
  ['its number by week, for the course beside it', QUERY, { ...NUMBER, interval: 'week' }],
  ['its series, with days of its own', QUERY, SERIES],
  ['its ranking', QUERY, RANKING],
  ['its ranking, filters in another order', QUERY, { ...RANKING, level: ['2', '1'] }],
  ['fewer groups', QUERY, { ...RANKING, limit: '3' }],
  ['the days of a clock that is ahead', QUERY, { ...NUMBER, from: '2026-01-17', to: '2026-02-15' }],
  ['its activity', '/api/analytics/activity', { type: 'badge_issued', limit: '20' }],
  ['its cohorts', '/api/analytics/users', {}],
  ['the chain', '/api/chain/status', {}],
  ['a parameter that is there but empty', '/api/chain/status', { x: '' }],
])('a board opens %s', (_what, path, query) => {
  expect(isOpen(path, query)).toBe(true);
});

test.each<[string, string, object]>([
  ['another board', '/api/boards/c', {}],
  ['what begins like it', '/api/boards/b/shares', {}],
  ['another metric', QUERY, { ...NUMBER, metric: 'newUsers' }],
  ['a metric given twice', QUERY, { ...NUMBER, metric: ['badgesIssued', 'newUsers'] }],
  ['no days', QUERY, { metric: 'badgesIssued', compare: 'previous' }],
  ['other days', QUERY, { ...NUMBER, from: '2026-01-15' }],
  ['the days of another widget', QUERY, { ...NUMBER, from: SERIES.from }],
  ['a group on its number', QUERY, { ...NUMBER, groupBy: 'user' }],
  ['another comparison', QUERY, { ...NUMBER, compare: 'year' }],
  ['another group of its series', QUERY, { ...SERIES, groupBy: 'user' }],
  ['hours of a series of days', QUERY, { ...SERIES, interval: 'hour' }],
  ['more groups', QUERY, { ...RANKING, limit: '9' }],
  ['as many groups as are shown by default', QUERY, { ...RANKING, limit: undefined }],
  ['a filter less', QUERY, { ...RANKING, level: undefined }],
  ['a value less', QUERY, { ...RANKING, level: ['1'] }],
  ['a filter more', QUERY, { ...RANKING, user: 'ST1' }],
  ['a filter on its number', QUERY, { ...NUMBER, category: 'education' }],
  ['what it does not know', QUERY, { ...NUMBER, format: 'csv' }],
  ['all activity', '/api/analytics/activity', { limit: '20' }],
  ['earlier activity', '/api/analytics/activity', { type: 'badge_issued', limit: '20', before: 'x' }],
  ['much activity', '/api/analytics/activity', { type: 'badge_issued', limit: '51' }],
  ['users of other days', '/api/analytics/users', { from: '2020-01-01' }],
  ['all at once', '/api/analytics/aggregated', {}],
  ['an object as a parameter', QUERY, { ...NUMBER, metric: { $ne: '' } }],
])('a board does not open %s', (_what, path, query) => {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  expect(isOpen(path, given)).toBe(false);
});

test.each<[BoardRange, string, string]>([
  [{ preset: '7d' }, '2026-02-08', '2026-02-14'],
  [{ preset: '30d' }, '2026-01-16', '2026-02-14'],
  [{ preset: '90d' }, '2025-11-17', '2026-02-14'],
  [{ preset: 'month' }, '2026-02-01', '2026-02-14'],
  [{ preset: 'year' }, '2026-01-01', '2026-02-14'],
  [{ preset: '12m' }, '2025-02-15', '2026-02-14'],
  [{ preset: 'custom', from: '2025-12-01', to: '2025-12-31' }, '2025-12-01', '2025-12-31'],
])('the days of %j', (range, from, to) => {
  expect(isOpen(QUERY, { ...NUMBER, from, to }, { ...board, range })).toBe(true);
  expect(isOpen(QUERY, { ...NUMBER, from: '2025-02-14', to }, { ...board, range })).toBe(false);
});

test('a board without widgets opens nothing but itself', () => {
  const empty = { ...board, widgets: [] };
  for (const [path, query] of [[QUERY, NUMBER] as const, ['/api/chain/status', {}] as const])
    expect(isOpen(path, query, empty)).toBe(false);
  expect(isOpen('/api/boards/b', {}, empty)).toBe(true);
});
