import fs from 'node:fs';
import process from 'node:process';

/** What the fail points of both threads are made of. Each thread counts those that it comes to. */
const [point = '', times = '1'] = (process.env.FAIL_POINT ?? '').split(':');
/** Where it ends. */
export const wanted = point;
/** How many times the process still comes to it. */
export let left = Number(times);

/** The process is at `point`: the last thing it ever does is to say so, unless FAIL_SIGNAL is one that it may heed. */
export function at(point) {
  if (point !== wanted || left === 0 || --left > 0) return;
  fs.writeSync(2, `killed ${point}\n`);
  process.kill(process.pid, process.env.FAIL_SIGNAL ?? 'SIGKILL');
}

/** Replaces a method by what `change` makes of it. */
export function change(owner, method, make) {
  const original = owner[method];
  owner[method] = make(original);
}

/** Comes to `point` when the promise of `method` is fulfilled, before whoever waits for it hears of it. */
export function afterwards(owner, method, point) {
  change(
    owner,
    method,
    (original) =>
      async function (...args) {
        const result = await original.apply(this, args);
        at(point);
        return result;
      },
  );
}

/** Comes to `point` when `method` is called, before it does anything. */
export function beforehand(owner, method, point) {
  change(
    owner,
    method,
    (original) =>
      function (...args) {
        at(point);
        return original.apply(this, args);
      },
  );
}
