import { pino } from 'pino';
import { BusyError } from '../chain/gate.js';
import type { QueryFilters } from '../contract/index.js';
import type { ReportFigures } from './document.js';
import { MAX_KEPT, MAX_WAITING, ReportJobs } from './jobs.js';
import { stepFor, summedBy, ticksFor } from './series.js';

/** The waiting line of reports, with a drawing that takes as long as the test says. */
const days = (from: number, filters: QueryFilters = {}) => ({ range: { from, to: from + 6 }, filters });

function line() {
  let [now, seq] = [Date.parse('2026-02-14T12:00:00Z'), 7];
  const drawing: { readonly end: () => void; readonly fail: () => void }[] = [];
  const jobs = new ReportJobs({
    figures: ({ range }) => ({ range, seq, atMs: now }) as ReportFigures,
    seq: () => seq,
    clock: () => now,
    logger: pino({ level: 'silent' }),
    draw: (_figures, onStep) =>
      new Promise((resolve, reject) => {
        const end = (): void => resolve(Buffer.from('%PDF'));
        void onStep('Cover', 40).then(() => drawing.push({ end, fail: () => reject(new Error('no font')) }));
      }),
  });
  const drawn = async (count: number): Promise<void> => {
    while (drawing.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  const settled = async (id: string): Promise<void> => {
    while (jobs.get(id)?.status === 'running') await new Promise((resolve) => setImmediate(resolve));
  };
  return { jobs, drawing, drawn, settled, pass: (ms: number) => (now += ms), fold: () => (seq += 1) };
}

it('draws one report at a time and tells how far it is', async () => {
  const { jobs, drawing, drawn, settled } = line();
  const [first, second] = [jobs.create(days(1)), jobs.create(days(2))];
  await drawn(1);
  expect(jobs.get(first.id)).toMatchObject({ status: 'running', step: 'Cover', progress: 40, file: null, seq: 7 });
  expect(jobs.get(second.id)).toMatchObject({ status: 'waiting', progress: 0 });
  expect(jobs.file(first.id)).toBeUndefined();
  drawing[0]?.end();
  await drawn(2);
  expect(jobs.get(first.id)).toMatchObject({ status: 'done', progress: 100, file: `/api/reports/${first.id}/file` });
  expect(jobs.file(first.id)?.toString()).toBe('%PDF');
  drawing[1]?.fail();
  await settled(second.id);
  expect(jobs.get(second.id)).toMatchObject({ status: 'failed', file: null });
});

it('is the same report for the same days until something new is folded, or it failed', async () => {
  const { jobs, drawing, drawn, settled, fold } = line();
  const first = jobs.create(days(1));
  expect(jobs.create(days(1)).id).toBe(first.id);
  expect(jobs.create(days(2)).id).not.toBe(first.id);
  const filtered = jobs.create(days(1, { category: ['skill'] }));
  expect(filtered.id).not.toBe(first.id);
  expect(jobs.create(days(1, { category: ['skill'] })).id).toBe(filtered.id);
  expect(jobs.create(days(1, { category: ['event'] })).id).not.toBe(filtered.id);
  await drawn(1);
  drawing[0]?.fail();
  await settled(first.id);
  expect(jobs.create(days(1)).id).not.toBe(first.id);
  fold();
  expect(jobs.create(days(2)).status).toBe('waiting');
});

it('refuses one more than may wait, and forgets each after an hour', async () => {
  const { jobs, drawing, drawn, settled, pass } = line();
  const first = jobs.create(days(0));
  await drawn(1);
  for (let from = 1; from <= MAX_WAITING; from += 1) jobs.create(days(from));
  expect(() => jobs.create(days(99))).toThrow(BusyError);
  drawing[0]?.end();
  await settled(first.id);
  pass(3_599_999);
  expect(jobs.get(first.id)?.status).toBe('done');
  pass(1);
  expect([jobs.get(first.id), jobs.file(first.id)]).toEqual([undefined, undefined]);
});

it('keeps the newest of those that are done', async () => {
  const { jobs, drawing, drawn } = line();
  const made: string[] = [];
  for (let from = 0; from < MAX_KEPT + 2; from += 1) {
    made.push(jobs.create(days(from)).id);
    await drawn(from + 1);
    drawing[from]?.end();
  }
  while (jobs.get(made.at(-1) ?? '')?.status !== 'done') await new Promise((resolve) => setImmediate(resolve));
  expect(made.filter((id) => jobs.get(id) === undefined)).toEqual(made.slice(0, 2));
});

describe('a series made fit for a chart', () => {
  it('is summed by weeks from Monday and by months, so that nothing is lost', () => {
    expect([stepFor(62), stepFor(63), stepFor(435)]).toEqual(['day', 'week', 'month']);
    // 2026-02-08 was a Sunday.
    const points = [20492, 20493, 20494, 20513].map((day) => ({ day, value: 1 }));
    expect(summedBy('week', points)).toEqual([
      ...[
        { day: 20486, value: 1 },
        { day: 20493, value: 2 },
      ],
      { day: 20507, value: 1 },
    ]);
    expect(summedBy('month', points)).toEqual([
      { day: 20485, value: 3 },
      { day: 20513, value: 1 },
    ]);
  });

  it.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [40, [0, 10, 20, 30, 40]],
    [41, [0, 20, 40, 60]],
    [1_000_000, [0, 500_000, 1_000_000]],
  ])('of at most %d has the marks %j', (max, marks) => {
    expect(ticksFor(max)).toEqual(marks);
  });
});
