import { pino } from 'pino';
import type { HeadlineMetric } from '../contract/index.js';
import type { HourCount } from './hourCounts.js';
import { FRESH_MS, ReadBeside } from './readBeside.js';

/** What is known of the last hours, and when it is asked for, with answers that the test gives. */
function asked() {
  let now = 1_000_000;
  const waiting: { readonly answer: (count: HourCount) => void; readonly fail: () => void }[] = [];
  const heard: unknown[] = [];
  const counts = new ReadBeside<[HeadlineMetric, number], HourCount>({
    read: (metric, hours) =>
      new Promise((resolve, reject) => {
        heard.push([metric, hours]);
        waiting.push({ answer: resolve, fail: () => reject(new Error('busy')) });
      }),
    onRead: () => heard.push('read'),
    clock: () => now,
    logger: pino({ level: 'silent' }),
  });
  return { counts, waiting, heard, pass: (ms: number) => (now += ms) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('is not known before the first answer, which is asked for once and told of', async () => {
  const { counts, waiting, heard } = asked();
  expect([counts.latest('badgesIssued', 6), counts.latest('badgesIssued', 6)]).toEqual([undefined, undefined]);
  expect(heard).toEqual([['badgesIssued', 6]]);
  waiting[0]?.answer({ value: 3, previous: 1 });
  await turn();
  expect(heard).toEqual([['badgesIssued', 6], 'read']);
  expect(counts.latest('badgesIssued', 6)).toEqual({ value: 3, previous: 1 });
  expect(waiting).toHaveLength(1);
});

it('is told as it was read last until a newer answer is there, and each length apart', async () => {
  const { counts, waiting, pass } = asked();
  counts.latest('newUsers', 1);
  waiting[0]?.answer({ value: 3, previous: 1 });
  await turn();
  pass(FRESH_MS);
  expect(counts.latest('newUsers', 1)).toEqual({ value: 3, previous: 1 });
  expect(counts.latest('newUsers', 2)).toBeUndefined();
  waiting[1]?.answer({ value: 4, previous: 1 });
  await turn();
  expect(counts.latest('newUsers', 1)).toEqual({ value: 4, previous: 1 });
});

it('is not known where it could not be read, so that nothing fires or ends on what was', async () => {
  const { counts, waiting, heard, pass } = asked();
  counts.latest('newUsers', 1);
  waiting[0]?.answer({ value: 3, previous: 1 });
  await turn();
  pass(FRESH_MS);
  counts.latest('newUsers', 1);
  waiting[1]?.fail();
  await turn();
  expect(counts.latest('newUsers', 1)).toBeUndefined();
  expect(heard.filter((one) => one === 'read')).toHaveLength(2);
});
