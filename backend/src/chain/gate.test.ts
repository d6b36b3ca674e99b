import { BusyError, Gate, MAX_WAITING } from './gate.js';

function job(): { work: () => Promise<string>; finish: (result: string) => void; fail: (error: Error) => void } {
  let finish: (result: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return { work: () => promise, finish, fail };
}

const forever = 60_000;

it('lets in as many as there are places, the others in the order in which they came', async () => {
  const gate = new Gate({ maxPending: 2, maxWaitMs: forever });
  const jobs = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...job() }));
  const started: string[] = [];
  const results = jobs.map(({ name, work }) =>
    gate.run(() => {
      started.push(name);
      return work();
    }),
  );
  expect(started).toEqual(['a', 'b']);
  expect(gate.queued).toBe(4);
  jobs[1]?.finish('b is done');
  await results[1];
  await Promise.resolve();
  expect(started).toEqual(['a', 'b', 'c']);
  for (const { finish } of jobs) finish('done');
  expect(await Promise.all(results)).toEqual(['done', 'b is done', 'done', 'done']);
  expect(gate.queued).toBe(0);
});

it('gives the place of one that failed to the next', async () => {
  const gate = new Gate({ maxPending: 1, maxWaitMs: forever });
  const first = job();
  const failed = gate.run(first.work);
  const next = gate.run(() => Promise.resolve('next'));
  first.fail(new Error('no luck'));
  await expect(failed).rejects.toThrow('no luck');
  expect(await next).toBe('next');
});

it('refuses who waited too long, without running it, and takes the next when there is a place again', async () => {
  const gate = new Gate({ maxPending: 1, maxWaitMs: 5 });
  const first = job();
  const running = gate.run(first.work);
  const ran = jest.fn(() => Promise.resolve('late'));
  await expect(gate.run(ran)).rejects.toThrow(new BusyError('1 are under way, and no place came free within 5 ms'));
  expect(ran).not.toHaveBeenCalled();
  first.finish('done');
  await running;
  expect(await gate.run(() => Promise.resolve('next'))).toBe('next');
});

describe('bytes', () => {
  const limits = { maxPending: 10, maxBytes: 100 };

  it('are counted together: what does not fit waits, and is not overtaken by what would', async () => {
    const gate = new Gate({ ...limits, maxWaitMs: forever });
    const [first, second] = [await gate.enter(60), await gate.enter(40)];
    const entered: string[] = [];
    const large = gate.enter(90).then((leave) => (entered.push('large'), leave));
    const small = gate.enter(10).then((leave) => (entered.push('small'), leave));
    first();
    first();
    await Promise.resolve();
    expect([entered, gate.waiting]).toEqual([[], 2]);
    second();
    await Promise.all([large, small]);
    expect([entered, gate.waiting, gate.queued]).toEqual([['large', 'small'], 0, 2]);
  });

  it('of one alone may be more than the limit', async () => {
    const gate = new Gate({ ...limits, maxWaitMs: 5 });
    const leave = await gate.enter(1_000);
    await expect(gate.enter(1)).rejects.toThrow(BusyError);
    leave();
    await gate.enter(1);
  });

  it('of one that waited too long are no longer waited for by those behind it', async () => {
    const gate = new Gate({ ...limits, maxWaitMs: 5 });
    await gate.enter(50);
    const large = gate.enter(90);
    const small = gate.enter(10);
    await expect(large).rejects.toThrow(BusyError);
    await small;
    expect(gate.queued).toBe(2);
  });
});

it('refuses at once who comes when too many wait', async () => {
  const gate = new Gate({ maxPending: 1, maxWaitMs: forever });
  const leave = await gate.enter(0);
  const waiting = Array.from({ length: MAX_WAITING }, () => gate.run(() => Promise.resolve()));
  await expect(gate.enter(0)).rejects.toThrow('1000 wait already');
  leave();
  await Promise.all(waiting);
  expect(gate.queued).toBe(0);
});
