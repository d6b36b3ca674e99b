import { existsSync } from 'node:fs';
import process from 'node:process';
import { setInterval } from 'node:timers';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into the built service before its main module, and so into the thread of its read model, which it makes throw an
 * error that nobody catches as soon as there is a file at THROW_WHEN.
 */
if (!isMainThread)
  setInterval(() => {
    if (existsSync(process.env.THROW_WHEN)) throw new Error('an error of the thread');
  }, 10).unref();
