import { getEventListeners } from 'node:events';
import { Deadline, unlessAborted } from './deadline.js';

const never = new Promise<never>(() => undefined);

describe('a deadline', () => {
  test('ends when its time is over, and says so', async () => {
    const deadline = new Deadline(1);
    await expect(unlessAborted(never, deadline.signal)).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'not within 1 ms',
    });
    expect(deadline.isPassed).toBe(true);
    deadline.end();
  });

  test('ends with what is outside it, also when that has ended before, for its reason', () => {
    const outer = new AbortController();
    const deadline = new Deadline(60_000, outer.signal);
    expect(deadline.signal.aborted).toBe(false);
    outer.abort(new Error('enough'));
    for (const { signal, isPassed } of [deadline, new Deadline(60_000, outer.signal)])
      expect([signal.reason, isPassed]).toEqual([new Error('enough'), false]);
  });

  test('tells what is left of the work that it is over, and leaves nothing outside', () => {
    const outer = new AbortController();
    const deadlines = Array.from({ length: 3 }, () => new Deadline(60_000, outer.signal));
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(3);
    for (const deadline of deadlines) deadline.end();
    expect(getEventListeners(outer.signal, 'abort')).toHaveLength(0);
    expect(deadlines.map(({ signal, isPassed }) => [signal.aborted, isPassed])).toEqual(Array(3).fill([true, false]));
  });
});

describe('work that a signal may end', () => {
  test('comes to what it comes to, and leaves nothing on the signal', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(7), signal)).resolves.toBe(7);
    await expect(unlessAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('is not begun to be waited for when the signal is aborted already', async () => {
    await expect(unlessAborted(never, AbortSignal.abort(new Error('closed')))).rejects.toThrow('closed');
  });
});
