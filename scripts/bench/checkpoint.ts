import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a service's checkpoint says of itself, without its gigabyte being read. */

/** Where its foot has the log position, in bytes before its end: position (u64), number of parts (u32), name (4 bytes). */
const POSITION_BEFORE_END = 16;
/** A gigabyte is written beside what else the machine does. */
const WRITTEN_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 100;

/** The log position of the checkpoint at `path`; 0 where there is none. */
export async function positionOf(path: string): Promise<number> {
  let file;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    const position = Buffer.alloc(8);
    await file.read(position, 0, position.length, size - POSITION_BEFORE_END);
    return Number(position.readBigUInt64LE());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  } finally {
    await file?.close();
  }
}

/** Waits until the checkpoint at `path` is of a later position than `before`. @returns which */
export async function laterThan(path: string, before: number): Promise<number> {
  const until = performance.now() + WRITTEN_WITHIN_MS;
  for (;;) {
    const position = await positionOf(path);
    if (position > before) return position;
    if (performance.now() > until) throw new Error(`no checkpoint was written within ${WRITTEN_WITHIN_MS / 1_000} s`);
    await sleep(LOOK_EVERY_MS);
  }
}
