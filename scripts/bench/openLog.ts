import type * as LmdbModule from '../../backend/src/log/lmdb.js';
import type { Change } from '../../backend/src/events/fact.js';
import type { EventLog } from '../../backend/src/log/log.js';
import { warnings } from '../../backend/test/support/warnings.js';
import { built } from './built.js';

/** Lends the log in `dir` for as long as `work` runs. */
export async function withLog<T>(dir: string, work: (log: EventLog) => Promise<T>): Promise<T> {
  const { openLmdb } = await built<typeof LmdbModule>('log/lmdb.js');
  const store = await openLmdb(dir, { logger: warnings });
  try {
    return await work(store.log);
  } finally {
    await store.close();
  }
}

/** What a log without reorgs gives to fold: each of its facts, once. */
export async function changesOf(log: EventLog): Promise<Change[]> {
  const changes: Change[] = [];
  for await (const { entries } of log.read(0))
    for (const entry of entries) if (entry.kind === 'fact') changes.push({ fact: entry.fact, weight: 1 });
  return changes;
}
