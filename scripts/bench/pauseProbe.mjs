import { createServer } from 'node:net';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into the built service before its main module (`node --import`): tells whoever connects to
 * `DATA_DIR/pauses.sock` the longest pause of the event loop since it was asked last, in ms. The service knows nothing
 * of it. Its other threads load this too, and may pause as they like.
 */
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

const server = createServer((socket) => {
  socket.end(JSON.stringify(delays.max / 1e6));
  delays.reset();
});
if (isMainThread) server.listen(join(process.env.DATA_DIR, 'pauses.sock'));
server.unref();
