import { activity, aggregated, batchUpdate, days, RANGE } from '../../../test/support/samples';
import { toAnalyticsData } from '../api/data';
import { rangeBefore, type DayRange } from '../dates';
import { appendActivity, applyUpdate, describeBlocks, describeReorg, joinActivity, joinFetched } from './updates';

function picture(seq = 100, range: DayRange = RANGE, ids: readonly string[] = ['a', 'b']) {
  const before = days(rangeBefore(range));
  return toAnalyticsData({
    range,
    aggregated: aggregated(range, seq),
    issuanceBefore: { dailyIssuance: before },
    usersBefore: { dailyActiveUsers: before, dailyNewUsers: before },
    activity: { items: ids.map((id) => activity(id)), next: 'older' },
  });
}
const idsOf = (page: { items: readonly { id: string }[] }) => page.items.map(({ id }) => id);

test('an update moves metrics and headline at once and puts its lines on top, each once', () => {
  const after = applyUpdate(
    picture(),
    batchUpdate(101, { activity: [activity('new'), activity('a', { retracted: true })] }),
  );
  expect(after.metrics.totalBadgesIssued).toBe(41);
  expect(after.headline[0]?.value).toBe(466);
  expect(idsOf(after.recentActivities)).toEqual(['new', 'a', 'b']);
  expect(after.recentActivities.items[1]?.retracted).toBe(true);
});

test('the headline of chosen days, or of days that do not end today, stays', () => {
  const ranges = [
    { from: '2026-10-31', to: '2026-11-29' },
    { from: '2026-11-24', to: '2026-11-30' },
  ];
  for (const range of ranges) expect(applyUpdate(picture(100, range), batchUpdate(101)).headline[0]?.value).toBe(465);
});

test('an update that the fetched picture already includes changes nothing', () => {
  const shown = picture(101);
  expect(applyUpdate(shown, batchUpdate(101))).toBe(shown);
});

test('a fetch that left before an update came does not take it back', () => {
  const joined = joinFetched(undefined, 20, picture(100), [
    batchUpdate(99),
    batchUpdate(102, { activity: [activity('new')] }),
  ]);
  expect(joined.metrics.totalBadgesIssued).toBe(41);
  expect(idsOf(joined.recentActivities)).toEqual(['new', 'a', 'b']);
});

describe('lines of activity fetched again', () => {
  const page = (ids: readonly string[], next: string | null = 'n') => ({ items: ids.map((id) => activity(id)), next });

  test('as many as wanted: they are the list', () => {
    expect(joinActivity(page(['a', 'b', 'c'], 'old'), 2, page(['x', 'a'], 'new'))).toEqual(page(['x', 'a'], 'new'));
  });

  test('fewer than wanted, overlapping: what was loaded further down stays, with its cursor', () => {
    expect(joinActivity(page(['a', 'b', 'c'], 'old'), 4, page(['x', 'a'], 'new'))).toEqual(
      page(['x', 'a', 'b', 'c'], 'old'),
    );
  });

  test('fewer than wanted, without an overlap: a list with a hole is not shown', () => {
    expect(joinActivity(page(['a', 'b'], 'old'), 4, page(['x', 'y'], 'new'))).toEqual(page(['x', 'y'], 'new'));
  });

  test('an older page is appended without repeating a line', () => {
    expect(appendActivity(page(['a', 'b']), page(['b', 'c'], null))).toEqual(page(['a', 'b', 'c'], null));
  });
});

describe('a reorganisation in words', () => {
  const blocks = [
    { height: 2, hash: '0x2' },
    { height: 1, hash: '0x1' },
  ];
  const reorg = {
    rolledBack: blocks,
    applied: blocks,
    counts: { rolledBack: 2, applied: 2 },
    at: '2026-11-30T12:00:00Z',
    withdrawn: 5,
    issuedAgain: 4,
  };

  test.each([
    [reorg, '2 blocks replaced', '5 badges withdrawn, 4 issued again'],
    [
      { ...reorg, counts: { rolledBack: 1, applied: 1 }, withdrawn: 1, issuedAgain: 0 },
      '1 block replaced',
      '1 badge withdrawn, none issued again',
    ],
    [
      { ...reorg, counts: { rolledBack: 60_000, applied: 0 }, withdrawn: 1, issuedAgain: 0 },
      '60,000 blocks withdrawn',
      '1 badge withdrawn, none issued again',
    ],
    [{ ...reorg, withdrawn: 0, issuedAgain: 3 }, '2 blocks replaced', '3 badges issued'],
    [{ ...reorg, withdrawn: 0, issuedAgain: 0 }, '2 blocks replaced', 'No badge was touched'],
  ])('%#: %j', (given, title, detail) => {
    expect(describeReorg(given)).toEqual({ title, detail });
  });

  test.each([
    [[], 0, 'none'],
    [blocks.slice(1), 1, '1'],
    [blocks, 2, '1–2'],
    [blocks, 60_000, '1–2 and 59,998 more'],
  ])('blocks by their heights: %j of %i are "%s"', (listed, count, text) => {
    expect(describeBlocks(listed, count)).toBe(text);
  });
});
