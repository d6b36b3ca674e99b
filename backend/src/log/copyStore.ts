import type { DocumentStore } from './documents.js';
import type { EventLog } from './log.js';
import { nameAt } from './position.js';

/**
 * Copies one store into another, whatever they are: entries keep their `seq`, documents their ids. What is there already
 * is not copied again, so that a copy that was broken off goes on where it was.
 */
export interface Parts {
  readonly log: EventLog;
  readonly documents: DocumentStore;
}

/** The target holds something that does not come from the source. Nothing was changed. */
export class ForeignStoreError extends Error {
  override readonly name = 'ForeignStoreError';
}

/** Documents in memory at a time: one that is in quarantine may have tens of MB. */
const PAGE = 10;

/** @param reached told the `seq` of the last entry that is durable in `to`. @throws {ForeignStoreError} */
export async function copyLog(from: Parts, to: Parts, reached: (seq: number) => void): Promise<void> {
  const { head } = to.log;
  if (head > from.log.head)
    throw new ForeignStoreError(
      `the target has ${head} log entries, the source ${from.log.head}: they are not of one log`,
    );
  const [have, has] = [await nameAt(to.log, head), await nameAt(from.log, head)];
  if (have !== has)
    throw new ForeignStoreError(
      `entry ${head} is "${have}" in the target and "${has}" in the source: it holds another log`,
    );
  for await (const { seq, entries } of from.log.read(head)) {
    // The copy may have been broken off inside what is one commit here.
    await to.log.append(entries.slice(Math.max(0, to.log.head + 1 - seq)));
    reached(to.log.head);
  }
}

/** Puts every document, in place of what is there. @param copied told how many. */
export async function copyDocuments(from: Parts, to: Parts, copied: (count: number) => void): Promise<void> {
  let count = 0;
  for (const collection of await from.documents.collections()) {
    let after: string | undefined;
    do {
      const page = await from.documents.list(collection, { limit: PAGE, ...(after !== undefined && { after }) });
      for (const { id, value } of page) await to.documents.put(collection, id, value);
      copied((count += page.length));
      after = page.length < PAGE ? undefined : page.at(-1)?.id;
    } while (after !== undefined);
  }
}

/** How many documents there are in all. */
export async function countDocuments({ documents }: Parts): Promise<number> {
  let count = 0;
  for (const collection of await documents.collections()) count += await documents.count(collection);
  return count;
}
