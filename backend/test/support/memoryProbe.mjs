import { existsSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/**
 * Loaded into the built service before its main module (`node --import`): tells whoever connects to `DATA_DIR/memory.sock`
 * what memory is resident, in bytes, once everything that nobody needs any more is collected: its own, and the pages of
 * files that are mapped, which the kernel takes back when it needs them (all is its own where the kernel does not tell);
 * of those, the pages of the log; what JavaScript of the main thread holds; and the most that ever was. The service knows nothing of it. It is loaded into the
 * service's other threads too, as each has garbage of its own.
 */
const STATUS = '/proc/self/status';
const MAPPINGS = '/proc/self/smaps';
const inspector = new Session();
inspector.connect();
/** As a developer tool asks for it: `gc()` leaves the young generation its pages, up to 64 MB a thread. */
const collectGarbage = () => inspector.post('HeapProfiler.collectGarbage');

const everyThread = new BroadcastChannel('collect garbage');
everyThread.unref();
everyThread.onmessage = () => collectGarbage();
function collectEverywhere() {
  everyThread.postMessage(null);
  collectGarbage();
}

/** Time for the other threads to hear of it and to do it, in ms. */
const COLLECTED_WITHIN_MS = 200;

const server = createServer(async (socket) => {
  // Twice, a turn apart: what has a finaliser goes with the second.
  collectEverywhere();
  await setTimeout(COLLECTED_WITHIN_MS);
  collectEverywhere();
  await setTimeout(COLLECTED_WITHIN_MS);
  const status = existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '';
  // Of files that are themselves in memory, as where the data of a test may be, they are shared memory to the kernel.
  const files = resident(status, 'RssFile') + resident(status, 'RssShmem');
  const own = process.memoryUsage.rss() - files;
  const { heapUsed, external } = process.memoryUsage();
  const peak = 1024 * process.resourceUsage().maxRSS;
  socket.end(JSON.stringify({ own, files, log: logPages(), script: heapUsed + external, peak }));
});

const resident = (status, kind) => 1024 * Number(new RegExp(`^${kind}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);

/** Resident bytes of the maps of the log file. */
function logPages() {
  if (!existsSync(MAPPINGS)) return 0;
  const maps = readFileSync(MAPPINGS, 'utf8').matchAll(/\/log\.mdb\n(?:.*\n)*?Rss:\s+(\d+) kB$/gm);
  return [...maps].reduce((sum, [, kilobytes]) => sum + 1024 * Number(kilobytes), 0);
}

if (isMainThread) server.listen(join(process.env.DATA_DIR, 'memory.sock'));
server.unref();
