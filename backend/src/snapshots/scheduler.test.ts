import { setTimeout as sleep } from 'node:timers/promises';
import { arrive, happen, mint, turn } from '../../test/support/history.js';
import {
  removeDirectory,
  startSnapshots,
  temporaryDirectory,
  type SnapshotService,
} from '../../test/support/snapshotService.js';
import type { AnalyticsSnapshot, Period } from '../contract/snapshots.js';

/** Between two looks, real ms, also where the clock of the test stands: a pass takes no longer for them. */
const LOOK_MS = 5;
/** Wednesday; the open week began on Monday the 9th. */
const NOW = '2026-02-11T12:30:00.000Z';

describe('the snapshot scheduler', () => {
  let dir: string;
  let service: SnapshotService;

  beforeEach(async () => {
    dir = await temporaryDirectory();
    service = await startSnapshots(dir, NOW);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await service.stop();
    await removeDirectory(dir);
  });

  const log = () => service.store.log;

  async function restart(now: string): Promise<void> {
    await service.stop();
    service = await startSnapshots(dir, now);
  }

  /** `[start, badges issued in all]` of each stored snapshot, oldest first. */
  async function stored(period: Period): Promise<[string, number][]> {
    const snapshots = await service.snapshots.list({ period, limit: 1_000 });
    return snapshots
      .toReversed()
      .map(({ timestamp, metrics }) => [timestamp.slice(0, period === 'hourly' ? 13 : 10), metrics.totalBadgesIssued]);
  }

  const newest = async (period: Period): Promise<AnalyticsSnapshot | undefined> =>
    (await service.snapshots.list({ period, limit: 1 }))[0];

  async function mintOn(day: string, block: string): Promise<void> {
    await happen(log(), { block, at: `2026-02-${day}T10:00:00Z` }, mint(block, 'bob'));
  }

  /** Somebody comes in the open hour, and it is folded. */
  async function arriveNow(block: string): Promise<void> {
    await happen(log(), { block, at: '2026-02-11T12:20:00Z' }, arrive(`user of ${block}`));
    service.scheduler.touched(Date.parse('2026-02-11T12:20:00Z'), log().head);
  }

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(LOOK_MS);
  }

  /** Starts `work` and returns when it waits for its turn, which comes with `end`. */
  async function heldTurn<T>(work: () => T): Promise<{ readonly done: T; readonly end: () => void }> {
    let end = (): void => undefined;
    void service.snapshots.inTurn(() => new Promise<void>((resolve) => (end = resolve)));
    const turns = jest.spyOn(service.snapshots, 'inTurn');
    const done = work();
    await until(() => turns.mock.calls.length > 0);
    turns.mockRestore();
    return { done, end };
  }

  it('takes nothing while there is nothing, and the period that ends then', async () => {
    await service.scheduler.bringUpToDate();
    expect(service.recorded).toEqual([]);
    service.setNow('2026-02-11T13:00:00Z');
    await service.scheduler.bringUpToDate();
    expect(service.recorded).toEqual(['hourly 2026-02-11T12:00:00.000Z']);
    await service.scheduler.bringUpToDate();
    expect(service.recorded).toHaveLength(1);
  });

  it('takes the days, weeks and hours of a history that was there before', async () => {
    await mintOn('06', '1');
    await mintOn('09', '2');
    await service.scheduler.bringUpToDate();
    expect(await stored('daily')).toEqual([
      ['2026-02-06', 1],
      ['2026-02-07', 1],
      ['2026-02-08', 1],
      ['2026-02-09', 2],
      ['2026-02-10', 2],
    ]);
    expect(await stored('weekly')).toEqual([['2026-02-02', 1]]);
    const hourly = await stored('hourly');
    expect(hourly).toHaveLength(14 + 4 * 24 + 12);
    expect(hourly[0]).toEqual(['2026-02-06T10', 1]);
    expect(await newest('daily')).toMatchObject({ takenAt: NOW, seq: log().head });
  });

  it('takes the periods that were missed while the service was down', async () => {
    await mintOn('11', '1');
    service.setNow('2026-02-12T00:00:00Z');
    await service.scheduler.bringUpToDate();
    await restart('2026-02-15T00:00:01Z');
    await service.scheduler.bringUpToDate();
    expect(service.recorded.filter((one) => one.startsWith('daily'))).toEqual([
      'daily 2026-02-12T00:00:00.000Z',
      'daily 2026-02-13T00:00:00.000Z',
      'daily 2026-02-14T00:00:00.000Z',
    ]);
    expect(service.recorded.filter((one) => one.startsWith('hourly'))).toHaveLength(72);
  });

  describe('takes again', () => {
    beforeEach(async () => {
      await mintOn('07', '1');
      await mintOn('09', '3');
      await service.scheduler.bringUpToDate();
      service.recorded.length = 0;
    });

    it('what a late block touches, and nothing before it', async () => {
      await mintOn('08', '2');
      await service.scheduler.bringUpToDate();
      expect(await stored('daily')).toEqual([
        ['2026-02-07', 1],
        ['2026-02-08', 2],
        ['2026-02-09', 3],
        ['2026-02-10', 3],
      ]);
      expect(await stored('weekly')).toEqual([['2026-02-02', 2]]);
      expect(service.recorded).not.toContain('daily 2026-02-07T00:00:00.000Z');
      expect(service.recorded.filter((one) => one.startsWith('hourly'))).toHaveLength(14 + 2 * 24 + 12);
    });

    it('what a reorg takes out, and what it brings back', async () => {
      const block = { block: '1', at: '2026-02-07T10:00:00Z' };
      await turn(log(), block, false);
      await service.scheduler.bringUpToDate();
      expect((await stored('daily')).map(([, count]) => count)).toEqual([0, 0, 1, 1]);
      await turn(log(), block, true);
      await service.scheduler.bringUpToDate();
      expect((await stored('daily')).map(([, count]) => count)).toEqual([1, 1, 2, 2]);
    });

    it('what was touched when the process ended before it got to it', async () => {
      await mintOn('08', '2');
      await service.warehouse.catchUp(log());
      await restart(NOW);
      await service.scheduler.bringUpToDate();
      expect((await stored('daily')).map(([, count]) => count)).toEqual([1, 2, 3, 3]);
    });

    it('what was cut off by a stop in the middle', async () => {
      await mintOn('08', '2');
      const pass = service.scheduler.bringUpToDate();
      service.snapshots.onRecorded(() => void service.scheduler.stop());
      await pass;
      const partly = service.recorded.length;
      await restart(NOW);
      await service.scheduler.bringUpToDate();
      expect(service.recorded.length).toBeGreaterThan(partly);
      expect((await stored('daily')).map(([, count]) => count)).toEqual([1, 2, 3, 3]);
    });

    it('nothing for a block of the open periods', async () => {
      await happen(log(), { block: '4', at: '2026-02-11T12:10:00Z' }, mint('4', 'bob'));
      await service.scheduler.bringUpToDate();
      expect(service.recorded).toEqual([]);
    });

    it('the snapshot of an open period that was asked for, and at its end once more', async () => {
      const { snapshot } = await service.snapshots.take('daily', Date.parse(NOW));
      expect(snapshot.metrics.totalBadgesIssued).toBe(2);
      await happen(log(), { block: '4', at: '2026-02-11T12:10:00Z' }, mint('4', 'bob'));
      service.recorded.length = 0;
      service.setNow('2026-02-11T12:40:00.000Z');
      await service.scheduler.bringUpToDate();
      expect(service.recorded).toEqual(['daily 2026-02-11T00:00:00.000Z']);
      expect(await newest('daily')).toMatchObject({
        takenAt: '2026-02-11T12:40:00.000Z',
        metrics: { totalBadgesIssued: 3 },
      });
      await happen(log(), { block: '5', at: '2026-02-11T23:00:00Z' }, mint('5', 'bob'));
      service.setNow('2026-02-12T00:00:00Z');
      await service.scheduler.bringUpToDate();
      expect(await newest('daily')).toMatchObject({
        timestamp: '2026-02-11T00:00:00.000Z',
        metrics: { totalBadgesIssued: 4 },
      });
    });

    it('everything after a rebuild that forgot what is right', async () => {
      const { covered } = await service.documents.progress();
      await service.documents.saveProgress({ seq: 0, covered });
      await service.scheduler.bringUpToDate();
      expect(service.recorded.filter((one) => one.startsWith('daily'))).toHaveLength(4);
    });
  });

  it('gives requests their turn between slices, and ends with the newer of both', async () => {
    await mintOn('01', '1');
    const pass = service.scheduler.bringUpToDate();
    const taken = await service.snapshots.take('daily', Date.parse('2026-02-05T00:00:00Z'));
    await pass;
    expect(taken.snapshot.metrics.totalBadgesIssued).toBe(1);
    expect(new Set((await stored('daily')).map(([, count]) => count))).toEqual(new Set([1]));
  });

  describe('running', () => {
    const passEnds = async (): Promise<void> => {
      const { seq } = await service.documents.progress();
      if (seq >= log().head) return;
      await sleep(LOOK_MS);
      await passEnds();
    };

    it('takes what is missing at its start, and a stale one when it is told', async () => {
      await mintOn('08', '1');
      service.scheduler.start();
      await passEnds();
      expect(await stored('weekly')).toEqual([['2026-02-02', 1]]);
      await mintOn('07', '0');
      service.scheduler.touched(Date.parse('2026-02-07T10:00:00Z'), log().head);
      await passEnds();
      expect(await stored('weekly')).toEqual([['2026-02-02', 2]]);
    });

    it('takes the periods of a history that is only delivered while it runs, before any has ended', async () => {
      service.scheduler.start();
      await passEnds();
      expect(service.recorded).toEqual([]);
      await mintOn('06', '1');
      await mintOn('09', '2');
      service.scheduler.touched(Date.parse('2026-02-06T10:00:00Z'), log().head);
      await passEnds();
      expect((await stored('daily')).map(([, count]) => count)).toEqual([1, 1, 1, 2, 2]);
      expect(await stored('weekly')).toEqual([['2026-02-02', 1]]);
    });

    it('takes a period at its end', async () => {
      jest.useFakeTimers({
        now: Date.parse(NOW),
        doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'],
      });
      service.scheduler.start();
      const recorded = new Promise<string>((resolve) =>
        service.snapshots.onRecorded(({ period, timestamp }) => resolve(`${period} ${timestamp}`)),
      );
      service.setNow('2026-02-11T13:00:00Z');
      await jest.advanceTimersByTimeAsync(30 * 60_000);
      await expect(recorded).resolves.toBe('hourly 2026-02-11T12:00:00.000Z');
    });

    it('does nothing when it is told of what no stored snapshot includes', async () => {
      service.scheduler.start();
      await passEnds();
      await arriveNow('1');
      await service.scheduler.stop();
      expect(service.warehouse.seq).toBe(0);
    });

    it('tells the log position up to which what is stored is right', async () => {
      await mintOn('08', '1');
      const { scheduler } = service;
      expect(scheduler.seq).toBe(0);
      scheduler.start();
      await until(() => scheduler.seq === log().head);
      const { head } = log();
      await mintOn('07', '0');
      scheduler.touched(Date.parse('2026-02-07T10:00:00Z'), log().head);
      expect(scheduler.seq).toBe(head);
      await until(() => scheduler.seq === log().head);
      expect(await stored('weekly')).toEqual([['2026-02-02', 2]]);
      await arriveNow('2');
      expect(scheduler.seq).toBe(log().head);
    });

    it('lets a stale one wait for calm alone after a start, and for 20 s at most after a pass for another, however long they took', async () => {
      await mintOn('09', '1');
      jest.useFakeTimers({
        now: Date.parse(NOW),
        doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'],
      });
      const looks = jest.spyOn(service.warehouse, 'catchUp');
      /** The machine is so busy that a quarter of an hour goes by in a pass. */
      const takesLong = async (work: () => void, afterMs: number, endsAt: string): Promise<void> => {
        const before = looks.mock.calls.length;
        const recorded = new Promise<void>((resolve) => service.snapshots.onRecorded(() => resolve()));
        work();
        await jest.advanceTimersByTimeAsync(Math.max(0, afterMs - 1));
        expect(looks).toHaveBeenCalledTimes(afterMs === 0 ? before + 1 : before);
        await jest.advanceTimersByTimeAsync(1);
        await recorded;
        service.setNow(endsAt);
        await passEnds();
      };
      const late = (day: string) => () => service.scheduler.touched(Date.parse(`2026-02-${day}T10:00:00Z`), log().head);
      await takesLong(() => service.scheduler.start(), 0, '2026-02-11T12:40:00Z');
      await mintOn('08', '2');
      await takesLong(late('08'), 500, '2026-02-11T12:50:00Z');
      expect(await stored('weekly')).toEqual([['2026-02-02', 1]]);
      await mintOn('07', '3');
      await takesLong(late('07'), 20_000, '2026-02-11T12:59:00Z');
      expect(await stored('weekly')).toEqual([['2026-02-02', 2]]);
    });

    it.each([
      { late: 'one block', blocks: 1, takenAfterMs: 500 },
      { late: 'a block each 0.4 s', blocks: 60, takenAfterMs: 20_000 },
    ])('takes what $late made stale $takenAfterMs ms after the first', async ({ blocks, takenAfterMs }) => {
      await mintOn('08', '1');
      service.scheduler.start();
      await until(() => service.scheduler.seq === log().head);
      await passEnds();
      // Its rest is over.
      const beginMs = Date.parse(NOW) + 60_000;
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
      const looked: number[] = [];
      const catchUp = jest.spyOn(service.warehouse, 'catchUp');
      await mintOn('07', '0');
      for (let ms = 0; ms <= takenAfterMs; ms += 100) {
        service.setNow(new Date(beginMs + ms).toISOString());
        await jest.advanceTimersByTimeAsync(ms === 0 ? 0 : 100);
        if (catchUp.mock.calls.length > looked.length) looked.push(ms);
        if (ms % 400 === 0 && ms / 400 < blocks)
          service.scheduler.touched(Date.parse('2026-02-07T10:00:00Z'), log().head);
      }
      expect(looked).toEqual([takenAfterMs]);
      await until(() => service.scheduler.seq === log().head);
      expect(await stored('weekly')).toEqual([['2026-02-02', 2]]);
    });

    it('takes an open one again of which more was folded while it was derived for the first time', async () => {
      service.scheduler.start();
      // Its first pass is over: an empty log is looked at once all the same.
      await until(() => service.documents.progress().then(({ covered }) => covered.daily !== undefined));
      const turn = await heldTurn(() => service.snapshots.take('daily', Date.parse(NOW)));
      await arriveNow('1');
      turn.end();
      expect((await turn.done).snapshot.metrics.totalUsers).toBe(0);
      await until(() => service.scheduler.seq === log().head);
      expect((await newest('daily'))?.metrics.totalUsers).toBe(1);
    });

    it('takes an open one again that an earlier process stored, though it was touched before that was known', async () => {
      await service.snapshots.take('daily', Date.parse(NOW));
      await restart(NOW);
      const turn = await heldTurn(() => service.scheduler.start());
      await arriveNow('1');
      turn.end();
      await until(() => service.scheduler.seq === log().head);
      expect((await newest('daily'))?.metrics.totalUsers).toBe(1);
    });
  });

  describe('when the read model is dropped and read again', () => {
    /** Of more than it reads at once. */
    const USERS = 12_000;
    beforeEach(async () => {
      const users = Array.from({ length: USERS }, (_, index) => arrive(`user ${index}`));
      await happen(log(), { block: '1', at: '2026-02-08T10:00:00Z' }, ...users);
      await happen(log(), { block: '2', at: '2026-02-08T11:00:00Z' }, arrive('bob'));
    });

    it('between a look and what is derived: takes them of all of the log', async () => {
      const turn = await heldTurn(() => service.scheduler.bringUpToDate());
      const rebuilt = service.warehouse.rebuild(log());
      turn.end();
      await Promise.all([turn.done, rebuilt]);
      expect((await newest('daily'))?.metrics.totalUsers).toBe(USERS + 1);
    });

    it('while a pass and a request wait for each other: ends both', async () => {
      let rebuilt: Promise<void> | undefined;
      let taken: Promise<unknown> | undefined;
      service.snapshots.onRecorded(() => {
        rebuilt ??= service.warehouse.rebuild(log());
        taken ??= service.snapshots.take('daily', Date.parse(NOW));
      });
      await service.scheduler.bringUpToDate();
      await Promise.all([rebuilt, taken]);
      expect((await newest('daily'))?.metrics.totalUsers).toBe(USERS + 1);
    });
  });
});
