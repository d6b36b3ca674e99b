import { lchownSync, statSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Flushes a directory: without it a file that was just created or renamed can be gone after a power cut, although its
 * bytes were flushed (fsync(2), "Calling fsync() does not necessarily ensure that the entry in the directory …").
 */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory to flush it; NTFS journals its entries.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes a directory with those above it that are missing; each belongs to whom the one above it does (`giveToOwner`). */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  const whole = resolve(path);
  const made = await mkdir(whole, { recursive: true, ...(mode !== undefined && { mode }) });
  if (made === undefined) return;
  const below: string[] = [];
  for (let at = whole; at.length >= made.length; at = dirname(at)) below.unshift(at);
  for (const directory of below) giveToOwner(dirname(directory), directory);
}

/** A command under sudo makes files for the user whose directory it is: their service has to open them. */
export function giveToOwner(directory: string, ...paths: string[]): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(directory);
  // Never what a link there leads to.
  for (const path of paths) lchownSync(path, uid, gid);
}
