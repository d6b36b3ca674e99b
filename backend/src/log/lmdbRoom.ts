import { readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Asks whether there is room for a transaction before LMDB writes, so that a full disk is met here, in words. LMDB under
 * `lmdb` 3.5 describes a failed write in 100 bytes that do not hold the description: whether the process lives on is luck
 * then. What it may still meet is a disk that gets full in the moment between.
 */

/** Pages that a change may copy or add beside its value: its leaf, a half of it, and what leads there. */
const PAGES_A_CHANGE = 5;
const PAGE_BYTES = 4_096;
/** For the tables themselves, the list of free pages, and what others write to the disk in the same moment. */
const BYTES_A_TRANSACTION = 1024 * 1024;

/** Bytes that a transaction with changes of so many bytes each takes at most. */
export const roomFor = (changes: readonly number[]): number =>
  changes.reduce(
    (sum, bytes) => sum + (Math.ceil(bytes / PAGE_BYTES) + PAGES_A_CHANGE) * PAGE_BYTES,
    BYTES_A_TRANSACTION,
  );

/** @throws {Error} that says what is needed and what is left when the file at `path` cannot grow by `bytes`. */
export function expectRoom(path: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(dirname(path));
  if (bavail * bsize < bytes)
    throw new Error(`the disk is full: ${bytes} bytes are needed, ${bavail * bsize} are left`);
  const limit = fileLimit();
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size + bytes > limit)
    throw new Error(
      `the file may not grow: ${bytes} bytes are needed, ${limit} is the limit of its size, ${size} it has`,
    );
}

/** The limit of the size of files (`ulimit -f`), where the system tells. */
function fileLimit(): number {
  try {
    const told = /^Max file size\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return told === undefined ? Number.POSITIVE_INFINITY : Number(told);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
