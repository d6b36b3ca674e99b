import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openLmdb, type LmdbStore } from '../../src/log/lmdb.js';

export const silent = pino({ level: 'silent' });

/** Runs `work` with a directory of its own, which is gone afterwards. */
export async function inDirectory<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-property-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Runs `work` on an LMDB of its own. */
export const withStore = <T>(work: (store: LmdbStore) => Promise<T>): Promise<T> =>
  inDirectory(async (dir) => {
    const store = await openLmdb(dir, { logger: silent });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  });
