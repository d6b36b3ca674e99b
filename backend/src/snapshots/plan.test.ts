import type { Period } from '../contract/snapshots.js';
import { planSnapshots, slicesOf, type Coverage, type Situation } from './plan.js';

/** Wednesday; the open week began on Monday the 9th. */
const NOW = '2026-02-11T12:30:00Z';

function plan(situation: Partial<Record<'now' | 'up' | 'first' | 'touched', string>>, covered: Coverage = {}) {
  const { now = NOW, up = now, first, touched } = situation;
  const when = (iso: string | undefined): number | null => (iso === undefined ? null : Date.parse(iso));
  const known = { nowMs: Date.parse(now), upSinceMs: Date.parse(up), covered };
  return planSnapshots({ ...known, firstFactMs: when(first), touchedMs: when(touched) } satisfies Situation);
}

/** `first start – last start (how many)` of each run. */
function starts(period: Period, ...args: Parameters<typeof plan>): string[] {
  const short = (ms: number): string => new Date(ms).toISOString().slice(0, period === 'hourly' ? 13 : 10);
  return plan(...args)
    .runs.filter((one) => one.period === period)
    .map(({ run }) => `${short(run.firstMs)} – ${short(run.asOfMs)} (${run.count})`);
}

const until = (from: string, to: string) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) });
const covered: Coverage = {
  hourly: until('2026-02-01T00:00:00Z', '2026-02-11T12:00:00Z'),
  daily: until('2026-02-01T00:00:00Z', '2026-02-11T00:00:00Z'),
  weekly: until('2026-01-26T00:00:00Z', '2026-02-09T00:00:00Z'),
};

describe('the plan of snapshots', () => {
  it('is empty at the first start with nothing in the log', () => {
    expect(plan({}).runs).toEqual([]);
  });

  it('takes a period that ended while the service was up, though nothing ever happened', () => {
    expect(starts('hourly', { up: '2026-02-11T11:59:00Z' })).toEqual(['2026-02-11T11 – 2026-02-11T11 (1)']);
    expect(starts('daily', { up: '2026-02-11T11:59:00Z' })).toEqual([]);
  });

  it('takes a history that was there before: all days and weeks since the first fact, the hours of two weeks', () => {
    const history = { first: '2025-11-20T08:15:00Z' };
    expect(starts('daily', history)).toEqual(['2025-11-20 – 2026-02-10 (83)']);
    expect(starts('weekly', history)).toEqual(['2025-11-17 – 2026-02-08 (12)']);
    expect(starts('hourly', history)).toEqual(['2026-01-28T12 – 2026-02-11T11 (336)']);
  });

  it('asks for ten years of days at most, whatever time a block claims', () => {
    expect(starts('daily', { first: '1970-01-01T00:00:00Z' })).toEqual(['2016-02-11 – 2026-02-10 (3653)']);
  });

  it('is empty when everything is covered and nothing was touched', () => {
    expect(plan({ first: '2026-02-01T05:00:00Z' }, covered).runs).toEqual([]);
  });

  it('takes what was missed while the service was down, hours of longer ago than two weeks too', () => {
    const later = { now: '2026-03-03T00:00:00Z', first: '2026-02-01T05:00:00Z' };
    expect(starts('hourly', later, covered)).toEqual(['2026-02-11T12 – 2026-03-02T23 (468)']);
    expect(starts('daily', later, covered)).toEqual(['2026-02-11 – 2026-03-02 (20)']);
    expect(starts('weekly', later, covered)).toEqual(['2026-02-09 – 2026-03-01 (3)']);
    expect(plan(later, covered).covered.daily).toEqual(until('2026-02-01T00:00:00Z', '2026-03-03T00:00:00Z'));
  });

  it('takes again every period that ends at or after what was touched', () => {
    const touched = { first: '2026-02-01T05:00:00Z', touched: '2026-02-09T23:59:59.999Z' };
    expect(starts('hourly', touched, covered)).toEqual(['2026-02-09T23 – 2026-02-11T11 (37)']);
    expect(starts('daily', touched, covered)).toEqual(['2026-02-09 – 2026-02-10 (2)']);
    expect(starts('weekly', touched, covered)).toEqual([]);
  });

  it('takes nothing again for what touches open periods only', () => {
    expect(plan({ first: '2026-02-01T05:00:00Z', touched: '2026-02-11T12:00:00Z' }, covered).runs).toEqual(
      // The day and the week are open too.
      [],
    );
  });

  it('reaches back when a late block is older than all that was known', () => {
    const late = { first: '2026-01-20T00:00:00Z', touched: '2026-01-20T00:00:00Z' };
    expect(starts('daily', late, covered)).toEqual(['2026-01-20 – 2026-02-10 (22)']);
    expect(plan(late, covered).covered.daily?.fromMs).toBe(Date.parse('2026-01-20T00:00:00Z'));
  });

  it('fills a history before the known one without taking the known one again', () => {
    const filled = { first: '2026-01-20T00:00:00Z', touched: '2026-02-10T07:00:00Z' };
    expect(starts('daily', filled, covered)).toEqual(['2026-01-20 – 2026-01-31 (12)', '2026-02-10 – 2026-02-10 (1)']);
  });

  it('cuts a run into slices that leave out nothing', () => {
    const [run] = plan({ first: '2026-02-01T00:00:00Z' }).runs.filter(({ period }) => period === 'daily');
    const slices = slicesOf(run!.run, 4);
    expect(slices.map(({ count }) => count)).toEqual([4, 4, 2]);
    expect(slices.map(({ firstMs }) => new Date(firstMs).getUTCDate())).toEqual([1, 5, 9]);
    expect(slices.map(({ asOfMs }) => new Date(asOfMs).toISOString())).toEqual([
      '2026-02-04T23:59:59.999Z',
      '2026-02-08T23:59:59.999Z',
      '2026-02-10T23:59:59.999Z',
    ]);
  });
});
