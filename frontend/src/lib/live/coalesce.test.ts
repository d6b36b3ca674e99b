import { coalesce } from './coalesce';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function slowWork() {
  const open: (() => void)[] = [];
  let runs = 0;
  const work = () => {
    runs += 1;
    return new Promise<void>((done) => open.push(done));
  };
  return { work, runs: () => runs, finish: async () => (open.shift()?.(), await jest.advanceTimersByTimeAsync(0)) };
}

test('a hundred requests during one run make one more run, after the pause', async () => {
  const { work, runs, finish } = slowWork();
  const { request } = coalesce(work, 1_000);
  for (let i = 0; i < 100; i += 1) request();
  expect(runs()).toBe(1);
  await finish();
  await jest.advanceTimersByTimeAsync(999);
  expect(runs()).toBe(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(runs()).toBe(2);
  await finish();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(runs()).toBe(2);
});

test('a request after all is quiet runs at once', async () => {
  const { work, runs, finish } = slowWork();
  const { request } = coalesce(work, 1_000);
  request();
  await finish();
  await jest.advanceTimersByTimeAsync(1_000);
  request();
  expect(runs()).toBe(2);
});

test('after the stop nothing runs any more', async () => {
  const { work, runs, finish } = slowWork();
  const { request, stop } = coalesce(work, 1_000);
  request();
  request();
  stop();
  await finish();
  await jest.advanceTimersByTimeAsync(5_000);
  request();
  expect(runs()).toBe(1);
});
