import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { constants as system, freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/**
 * A directory for what a test run writes, which is gone when this process ends, unless by SIGKILL. It is in memory where
 * there is room: what a process wrote outlives it there as well, and a flush costs nothing. That acknowledged data is
 * flushed is tested on the disk (`lmdb.test.ts`).
 */
const MEMORY = '/dev/shm';
/** `statfs` of a file system in memory. */
const TMPFS = 0x01021994;
/** A multiple of the most that a run was seen to write at once, in bytes. */
const ROOM = 4 * 2 ** 30;
/** Of the machine, for that and for the processes of a run. */
const FREE_MEMORY = 8 * 2 ** 30;

/**
 * @returns {{ dir: string, env: Record<string, string> }} what the tests are given besides, if it is in memory: what is
 * kept from one run to the next stays in the ordinary directory, `TMPDIR_ON_DISK`
 */
export function makeScratch({ memory = MEMORY, room = ROOM, freeMemory = FREE_MEMORY } = {}) {
  const onDisk = tmpdir();
  const inMemory = hasRoom(memory, room, freeMemory);
  const dir = mkdtempSync(join(inMemory ? memory : onDisk, 'passportx-test-'));
  // As the ordinary one, it is no hindrance to another user on the way to what is theirs: a test is one for a while.
  chmodSync(dir, 0o711);
  process.once('exit', () => {
    try {
      // What was killed a moment ago may still be at it.
      rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    } catch (error) {
      // What the run came to is said by then.
      process.stderr.write(`${dir} is left: ${error}\n`);
    }
  });
  // Not `once`: a terminal and npm both send it, and the second one would end this before all is removed.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => process.exit(128 + system.signals[signal]));
  return { dir, env: inMemory ? { TMPDIR: dir, TMPDIR_ON_DISK: onDisk } : {} };
}

function hasRoom(path, room, freeMemory) {
  try {
    accessSync(path, constants.W_OK);
    const { type, bavail, bsize } = statfsSync(path);
    // Of a container, what it may have at all: what it uses now is mostly what it has read.
    const mayHave = process.constrainedMemory() || Number.POSITIVE_INFINITY;
    return type === TMPFS && bavail * bsize >= room && Math.min(freemem(), mayHave) >= freeMemory;
  } catch {
    return false;
  }
}
