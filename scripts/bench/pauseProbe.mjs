import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into the built service before its main module (`node --import`): tells whoever connects to
 * `DATA_DIR/pauses.sock` the longest pause of the event loop since it was asked last, in ms, and the longest of those of
 * which the time is taken off that the thread was ready to run and waited for a processor: what the machine, not the
 * service, made it pause. The service knows nothing of it. Its other threads load this too, and may pause as they like.
 */
const TICK_MS = 1;
/** Time on a processor and time waited for one, in ns, of the thread that a process begins with (Linux). */
const SCHEDULED = `/proc/self/task/${process.pid}/schedstat`;
const isTold = existsSync(SCHEDULED);
const waitedMs = () => (isTold ? Number(readFileSync(SCHEDULED, 'latin1').split(' ')[1]) / 1e6 : 0);

let longest = { wall: 0, own: 0 };
let [at, waited] = [performance.now(), waitedMs()];

function tick() {
  const [now, waitedNow] = [performance.now(), waitedMs()];
  const wall = now - at - TICK_MS;
  const own = wall - (waitedNow - waited);
  longest = { wall: Math.max(longest.wall, wall), own: Math.max(longest.own, own) };
  [at, waited] = [now, waitedNow];
}

if (isMainThread) {
  setInterval(tick, TICK_MS).unref();
  const server = createServer((socket) => {
    socket.end(JSON.stringify(longest));
    longest = { wall: 0, own: 0 };
  });
  server.listen(join(process.env.DATA_DIR, 'pauses.sock'));
  server.unref();
}
