import { open } from 'node:fs/promises';

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
