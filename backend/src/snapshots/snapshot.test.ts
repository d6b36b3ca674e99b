import {
  arrive,
  community,
  deactivate,
  happen,
  join,
  mint,
  revoke,
  template,
  transfer,
  turn,
  update,
} from '../../test/support/history.js';
import {
  removeDirectory,
  startSnapshots,
  temporaryDirectory,
  type SnapshotService,
} from '../../test/support/snapshotService.js';
import { dayOf, type DayRange, type OpenRange } from '../analyzers/calendar.js';
import { BusyError } from '../chain/gate.js';
import type { AnalyticsSnapshot, Period } from '../contract/snapshots.js';
import type { EventLog } from '../log/log.js';
import { Snapshots } from './snapshot.js';

/** A Wednesday; its ISO week began on Monday the 9th. */
const NOW = '2026-02-11T12:30:00.000Z';

const daysOf = (from: string, to: string): DayRange => ({ from: dayOf(Date.parse(from)), to: dayOf(Date.parse(to)) });

describe('a snapshot', () => {
  let dir: string;
  let service: SnapshotService;
  let log: EventLog;

  beforeEach(async () => {
    dir = await temporaryDirectory();
    service = await startSnapshots(dir, NOW);
    ({ log } = service.store);
  });
  afterEach(async () => {
    await service.stop();
    await removeDirectory(dir);
  });

  /** The snapshot of the period that holds `at`. */
  async function take(at = NOW, period: Period = 'daily'): Promise<AnalyticsSnapshot> {
    return (await service.snapshots.take(period, Date.parse(at))).snapshot;
  }

  it('of nothing is all zeros', async () => {
    const { metrics, distribution, trends, ...head } = await take();
    expect(head).toEqual({ timestamp: '2026-02-11T00:00:00.000Z', period: 'daily', seq: 0, takenAt: NOW });
    expect(new Set(Object.values(metrics))).toEqual(new Set([0]));
    expect(distribution).toEqual({ badgesByCategory: [], badgesByLevel: [], topBadges: [], topCommunities: [] });
    expect(trends.dailyIssuance).toHaveLength(30);
    expect(trends.dailyIssuance.at(0)).toEqual({ date: '2026-01-13', count: 0 });
    expect(trends.dailyNewUsers.at(-1)).toEqual({ date: '2026-02-11', count: 0 });
  });

  it('is refused as busy to those who ask while others take too long, and taken for these', async () => {
    const { warehouse, documents } = service;
    const sources = { warehouse, log, store: documents, clock: () => Date.parse(NOW) };
    const snapshots = new Snapshots({ ...sources, maxWaitMs: 5 });
    let end = (): void => undefined;
    const before = snapshots.inTurn(() => new Promise<void>((done) => (end = done)));
    const waiting = snapshots.take('daily', Date.parse(NOW));
    await expect(snapshots.take('daily', Date.parse(NOW))).rejects.toThrow(BusyError);
    end();
    await before;
    expect((await waiting).replaced).toBe(false);
    expect((await snapshots.take('daily', Date.parse(NOW))).replaced).toBe(true);
  });

  it('counts what happened up to its end, and what of it in the period', async () => {
    await happen(
      log,
      { block: '1', at: '2026-02-10T23:59:59.999Z' },
      community('1', 'Guild', 'alice'),
      mint('1', 'bob'),
    );
    await happen(log, { block: '2', at: '2026-02-11T00:00:00Z' }, community('2', 'Club', 'bob'), mint('2', 'carol'));
    await happen(log, { block: '3', at: '2026-02-11T10:00:00Z' }, mint('3', 'carol'), arrive('dave'));
    await happen(log, { block: '4', at: '2026-02-12T00:00:00Z' }, mint('4', 'erin'));
    expect(await take()).toMatchObject({
      seq: log.head,
      metrics: {
        totalBadgesIssued: 3,
        badgesIssuedThisPeriod: 2,
        totalUsers: 4,
        newUsersThisPeriod: 2,
        activeUsersThisPeriod: 1,
        totalCommunities: 2,
        newCommunitiesThisPeriod: 1,
        averageBadgesPerUser: 0.75,
        engagementRate: 50,
        averageBadgesPerCommunity: 1.5,
      },
    });
    expect((await take('2026-02-10T05:00:00Z')).metrics).toMatchObject({
      totalBadgesIssued: 1,
      badgesIssuedThisPeriod: 1,
      totalUsers: 2,
      newUsersThisPeriod: 2,
      totalCommunities: 1,
    });
  });

  it.each([
    ['hourly', '2026-02-11T12:00:00.000Z', 1],
    ['daily', '2026-02-11T00:00:00.000Z', 2],
    ['weekly', '2026-02-09T00:00:00.000Z', 3],
  ] as const)('%s begins at %s', async (period, timestamp, issued) => {
    for (const [index, at] of [
      '2026-02-08T23:59:59.999Z',
      '2026-02-09T00:00:00Z',
      '2026-02-11T11:59:59.999Z',
      NOW,
    ].entries())
      await happen(log, { block: `${index + 1}`, at }, mint(`${index}`, 'bob'));
    const snapshot = await take(NOW, period);
    expect(snapshot.timestamp).toBe(timestamp);
    expect(snapshot.metrics).toMatchObject({ totalBadgesIssued: 4, badgesIssuedThisPeriod: issued });
  });

  it('of an open period leaves out what is dated after the moment it is taken', async () => {
    await happen(log, { block: '1', at: NOW }, mint('1', 'bob'));
    await happen(log, { block: '2', at: '2026-02-11T12:30:00.001Z' }, mint('2', 'bob'));
    expect((await take()).metrics.totalBadgesIssued).toBe(1);
  });

  it('is stored once for a period: the first is new, the next replaces it', async () => {
    const first = await service.snapshots.take('weekly', Date.parse(NOW));
    expect(first.replaced).toBe(false);
    await happen(log, { block: '1', at: '2026-02-10T00:00:00Z' }, mint('1', 'bob'));
    const second = await service.snapshots.take('weekly', Date.parse(NOW));
    expect(second.replaced).toBe(true);
    expect(await service.snapshots.list({ period: 'weekly', limit: 10 })).toEqual([second.snapshot]);
    expect(service.recorded).toEqual(['weekly 2026-02-09T00:00:00.000Z', 'weekly 2026-02-09T00:00:00.000Z']);
  });

  it('lists the newest first, one period at a time', async () => {
    for (const day of ['09', '11', '10']) await take(`2026-02-${day}T01:00:00Z`);
    await take(NOW, 'hourly');
    const starts = async (limit: number): Promise<string[]> =>
      (await service.snapshots.list({ period: 'daily', limit })).map(({ timestamp }) => timestamp.slice(0, 10));
    expect(await starts(2)).toEqual(['2026-02-11', '2026-02-10']);
    expect(await starts(9)).toEqual(['2026-02-11', '2026-02-10', '2026-02-09']);
  });

  it('counts a badge minted twice by the first mint on the chain, once both are there', async () => {
    await happen(log, { block: '5', at: '2026-02-10T10:00:00Z' }, mint('1', 'bob', { templateId: '8' }));
    await happen(log, { block: '4', at: '2026-02-11T10:00:00Z' }, mint('1', 'carol', { templateId: '9' }));
    // On the 10th the mint of block 4 had not happened yet; since the 11th that of block 5 counts for nothing.
    const before = await take('2026-02-10T00:00:00Z');
    expect(before.metrics).toMatchObject({ totalBadgesIssued: 1, totalUsers: 1, badgesIssuedThisPeriod: 1 });
    expect(before.distribution.topBadges).toMatchObject([{ badgeId: '8', issuedCount: 1 }]);
    const after = await take();
    expect(after.metrics).toMatchObject({
      totalBadgesIssued: 1,
      totalUsers: 1,
      newUsersThisPeriod: 1,
      badgesIssuedThisPeriod: 1,
      activeUsersThisPeriod: 1,
      engagementRate: 100,
    });
    expect(after.distribution.topBadges).toMatchObject([{ badgeId: '9', issuedCount: 1, recipientCount: 1 }]);
    expect(after.trends.dailyIssuance.slice(-2).map(({ count }) => count)).toEqual([0, 1]);
    expect(after.trends.dailyActiveUsers.slice(-2).map(({ count }) => count)).toEqual([0, 1]);
  });

  it('leaves out of what is held a badge that was revoked, once or twice, also before its mint was known', async () => {
    await happen(log, { block: '1', at: '2026-02-10T09:00:00Z' }, revoke('3'));
    await happen(
      log,
      { block: '2', at: '2026-02-10T10:00:00Z' },
      ...['1', '2', '3'].map((id) => mint(id, 'bob', { level: 1, category: '7' })),
    );
    await happen(log, { block: '3', at: '2026-02-11T10:00:00Z' }, revoke('1'));
    await happen(log, { block: '4', at: '2026-02-11T11:00:00Z' }, revoke('1'));
    const heldThen = (await take('2026-02-10T00:00:00Z')).distribution;
    expect(heldThen.badgesByCategory).toEqual([{ category: '7', count: 2, percentage: 100 }]);
    const { metrics, distribution } = await take();
    expect(metrics.totalBadgesIssued).toBe(3);
    expect(distribution.badgesByLevel).toEqual([{ level: 1, count: 1, percentage: 100 }]);
    expect(distribution.topBadges).toMatchObject([{ issuedCount: 3, recipientCount: 1 }]);
  });

  it('holds the level and category of the latest update on the chain, whatever their times', async () => {
    await happen(
      log,
      { block: '1', at: '2026-02-09T10:00:00Z' },
      mint('1', 'a', { level: 1, category: '1' }),
      mint('2', 'b', { level: 1, category: '1' }),
      mint('3', 'c', { level: 1, category: '1' }),
    );
    await happen(log, { block: '3', at: '2026-02-10T10:00:00Z' }, update('1', 3, 'third'));
    await happen(log, { block: '2', at: '2026-02-11T10:00:00Z' }, update('1', 2, 'second'), update('2', 2, 'second'));
    expect((await take('2026-02-09T00:00:00Z')).distribution.badgesByLevel).toEqual([
      { level: 1, count: 3, percentage: 100 },
    ]);
    expect((await take()).distribution).toMatchObject({
      badgesByCategory: [
        { category: '1', count: 1, percentage: 33.33 },
        { category: 'second', count: 1, percentage: 33.33 },
        { category: 'third', count: 1, percentage: 33.33 },
      ],
      badgesByLevel: [{ level: 1 }, { level: 2 }, { level: 3 }],
    });
  });

  it('takes from the template what a batch mint left open, from when the template is known', async () => {
    await happen(log, { block: '1', at: '2026-02-10T10:00:00Z' }, mint('1', 'bob', { templateId: '4', batchId: '1' }));
    await happen(log, { block: '2', at: '2026-02-11T10:00:00Z' }, template('4', 'Gold', 'skill', 5));
    expect((await take('2026-02-10T00:00:00Z')).distribution).toMatchObject({
      badgesByCategory: [{ category: 'unknown' }],
      badgesByLevel: [{ level: 0 }],
      topBadges: [{ badgeId: '4', badgeName: 'Badge 4', category: 'unknown' }],
    });
    expect((await take()).distribution).toMatchObject({
      badgesByCategory: [{ category: 'skill' }],
      badgesByLevel: [{ level: 5 }],
      topBadges: [
        { badgeId: '4', badgeName: 'Gold', category: 'skill', issuedCount: 1, recipientCount: 1, issuanceRate: 0.03 },
      ],
    });
  });

  it('shows the ten templates of which most were issued, ids as numbers where counts tie', async () => {
    const minted = Array.from({ length: 12 }, (_, index) => mint(`${index}`, 'bob', { templateId: `${index + 1}` }));
    await happen(log, { block: '1', at: '2025-12-01T00:00:00Z' }, ...minted);
    await happen(log, { block: '2', at: '2026-01-13T00:00:00Z' }, mint('100', 'carol', { templateId: '12' }));
    const { topBadges } = (await take()).distribution;
    expect(topBadges.map(({ badgeId }) => badgeId)).toEqual(['12', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(topBadges[0]).toMatchObject({ issuedCount: 2, recipientCount: 2, issuanceRate: 0.03 });
    expect(topBadges[1]).toMatchObject({ issuedCount: 1, issuanceRate: 0 });
  });

  it('gives a badge to the community it names, else to that of its issuer as ownership and activity stand then', async () => {
    await happen(
      log,
      { block: '1', at: '2026-02-09T00:00:00Z' },
      community('10', 'Ten', 'issuer'),
      community('9', 'Nine', 'issuer'),
      community('3', 'Three', 'other'),
      join('9', 'bob'),
      join('9', 'bob'),
    );
    await happen(
      log,
      { block: '2', at: '2026-02-09T01:00:00Z' },
      mint('1', 'bob'),
      mint('2', 'bob', { communityId: '3' }),
      mint('3', 'bob', { communityId: '77' }),
    );
    const rows = async (at: string) =>
      (await take(at)).distribution.topCommunities.map(({ name, owner, active, members, badgesIssued }) => [
        name,
        owner,
        active,
        members,
        badgesIssued,
      ]);
    expect(await rows('2026-02-09T00:00:00Z')).toEqual([
      ['Three', 'other', true, 1, 1],
      ['Nine', 'issuer', true, 2, 1],
      ['Ten', 'issuer', true, 1, 0],
    ]);
    await happen(log, { block: '3', at: '2026-02-10T00:00:00Z' }, deactivate('9'));
    expect(await rows('2026-02-10T00:00:00Z')).toEqual([
      ['Three', 'other', true, 1, 1],
      ['Ten', 'issuer', true, 1, 1],
      ['Nine', 'issuer', false, 2, 0],
    ]);
    await happen(log, { block: '5', at: '2026-02-11T00:00:00Z' }, transfer('10', 'issuer', 'heir'));
    await happen(log, { block: '4', at: '2026-02-11T01:00:00Z' }, transfer('10', 'issuer', 'a stopover'));
    expect(await rows(NOW)).toEqual([
      ['Three', 'other', true, 1, 1],
      ['Nine', 'issuer', false, 2, 1],
      ['Ten', 'heir', true, 1, 0],
    ]);
    expect((await take()).metrics).toMatchObject({ totalUsers: 5, totalCommunities: 3, newUsersThisPeriod: 2 });
  });

  it('retains of the users first seen 31 to 60 days before those that received a badge in the last 30', async () => {
    const day = (daysBefore: number): string =>
      new Date(Date.parse('2026-02-11T00:00:00Z') - daysBefore * 86_400_000).toISOString();
    for (const [index, before] of [61, 60, 45, 31, 30].entries())
      await happen(log, { block: `${index + 1}`, at: day(before) }, arrive(`seen-${before}`));
    await happen(log, { block: '7', at: day(30) }, mint('1', 'seen-45'));
    await happen(
      log,
      { block: '8', at: day(29) },
      mint('2', 'seen-31'),
      mint('3', 'seen-31'),
      mint('4', 'seen-61'),
      mint('5', 'seen-30'),
    );
    expect((await take()).metrics.retentionRate).toBe(33.33);
    expect((await take('2026-02-10T00:00:00Z')).metrics.retentionRate).toBe(66.67);
  });

  it('follows a reorg: what left with its block is gone, what comes back counts again', async () => {
    const orphaned = { block: '2', at: '2026-02-11T01:00:00Z' };
    await happen(log, { block: '1', at: '2026-02-10T00:00:00Z' }, template('1', 'Gold'));
    await happen(log, orphaned, mint('1', 'bob'), template('1', 'Second'), community('1', 'Guild', 'bob'));
    const withBlock = await take();
    await turn(log, orphaned, false);
    const without = await take();
    expect(without.metrics).toMatchObject({ totalBadgesIssued: 0, totalUsers: 0, totalCommunities: 0 });
    await turn(log, orphaned, true);
    expect(await take()).toEqual({ ...withBlock, seq: log.head });
  });

  it('shows a hundred categories at most: the 99 largest and all others as `other`', async () => {
    const minted = Array.from({ length: 105 }, (_, index) => [
      mint(`a${index}`, 'bob', { category: index === 0 ? 'other' : `c${index}`, level: index }),
      ...(index < 50
        ? [mint(`b${index}`, 'bob', { category: index === 0 ? 'other' : `c${index}`, level: index })]
        : []),
    ]).flat();
    await happen(log, { block: '1', at: '2026-02-11T00:00:00Z' }, ...minted);
    const { badgesByCategory, badgesByLevel } = (await take()).distribution;
    // 105 categories: `other` (2) is among the 99 largest, and takes in the six single badges that are not.
    expect(badgesByCategory).toHaveLength(99);
    expect(badgesByCategory[0]).toEqual({ category: 'other', count: 8, percentage: 5.16 });
    expect(badgesByLevel).toHaveLength(100);
    expect(badgesByLevel[0]).toEqual({ level: 0, count: 2, percentage: 1.29 });
  });

  it('draws trends of chosen days from stored snapshots, oldest first, and lists those of chosen days', async () => {
    for (const [index, at] of ['2026-02-08T10:00:00Z', '2026-02-10T10:00:00Z', '2026-02-11T12:10:00Z'].entries())
      await happen(log, { block: `${index + 1}`, at }, mint(`${index}`, 'bob'));
    for (const day of ['08', '09', '10', '11']) await take(`2026-02-${day}T01:00:00Z`);
    await take('2026-02-08T10:00:00Z', 'weekly');
    await take(NOW, 'weekly');
    await take(NOW, 'hourly');
    const trend = (period: Period, from: string, to = '2026-02-11') =>
      service.snapshots.trend({ metric: 'totalBadgesIssued', period, range: daysOf(from, to) });
    expect(await trend('daily', '2026-01-13')).toEqual({
      metric: 'totalBadgesIssued',
      period: 'daily',
      trend: [
        { date: '2026-02-08', value: 1 },
        { date: '2026-02-09', value: 1 },
        { date: '2026-02-10', value: 2 },
        { date: '2026-02-11', value: 3 },
      ],
    });
    expect((await trend('daily', '2026-02-10')).trend.map(({ date }) => date)).toEqual(['2026-02-10', '2026-02-11']);
    expect((await trend('weekly', '2026-01-29')).trend).toEqual([
      { date: '2026-02-02', value: 1 },
      { date: '2026-02-09', value: 3 },
    ]);
    expect((await trend('hourly', '2026-02-11')).trend).toEqual([{ date: '2026-02-11T12:00:00.000Z', value: 3 }]);
    expect((await trend('daily', '2026-02-09', '2026-02-10')).trend.map(({ date }) => date)).toEqual([
      '2026-02-09',
      '2026-02-10',
    ]);

    const listed = async (range: OpenRange, limit = 9) =>
      (await service.snapshots.list({ period: 'daily', limit, range })).map(({ timestamp }) => timestamp.slice(8, 10));
    expect(await listed({})).toEqual(['11', '10', '09', '08']);
    expect(await listed(daysOf('2026-02-09', '2026-02-10'))).toEqual(['10', '09']);
    expect(await listed({ to: daysOf('2026-02-10', '2026-02-10').to }, 2)).toEqual(['10', '09']);
    expect(await listed({ from: daysOf('2026-02-10', '2026-02-10').from })).toEqual(['11', '10']);
  });
});
