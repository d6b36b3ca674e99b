import { isDeepStrictEqual } from 'node:util';
import type { DocumentStore } from './documents.js';
import type { Commit, EventLog, LogEntry } from './log.js';
import { nameAt } from './position.js';

/**
 * Copies one store into another, whatever they are: entries keep their `seq`, documents their ids. What is there already
 * is not copied again, so that a copy that was broken off goes on where it was. In the end the documents are those of the
 * source: what was deleted there since goes here too.
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
/** A record above it is taken apart, in bytes: a commit of MongoDB holds 12 MB, one delivery in LMDB may have more. */
const LARGE_RECORD = 8 * 1024 * 1024;
/** Entries of it that are under way to the target at a time. */
const SLICE = 1_000;

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
  if (head === 0 && from.log.head > 0 && (await to.documents.collections()).length > 0)
    throw new ForeignStoreError('the target has documents and no log entries: they are not of this store');
  for await (const commit of from.log.read(head)) {
    for (const appends of appendsOf(commit, to.log.head))
      await Promise.all(appends.map((entries) => to.log.append(entries)));
    reached(to.log.head);
  }
}

/** What of a commit lies beyond `head`, as appends that are made together: the copy may have been broken off inside it. */
function* appendsOf({ seq, entries, record }: Commit, head: number): Generator<(readonly LogEntry[])[]> {
  const left = entries.slice(Math.max(0, head + 1 - seq));
  if ((record?.length ?? 0) <= LARGE_RECORD) return yield [left];
  for (let at = 0; at < left.length; at += SLICE) yield left.slice(at, at + SLICE).map((entry) => [entry]);
}

/** Puts every document, in place of what is there, and deletes what is not in the source. @param copied told how many. */
export async function copyDocuments(from: Parts, to: Parts, copied: (count: number) => void): Promise<void> {
  let count = 0;
  for await (const { collection, id, value } of documentsOf(from)) {
    await to.documents.put(collection, id, value);
    copied((count += 1));
  }
  for await (const { collection, id } of documentsOf(to))
    if ((await from.documents.get(collection, id)) === undefined) await to.documents.delete(collection, id);
}

/** Names of the documents that are not the same in both. */
export async function differingDocuments(from: Parts, to: Parts): Promise<string[]> {
  const differing: string[] = [];
  for await (const { collection, id, value } of documentsOf(from))
    if (!isDeepStrictEqual(await to.documents.get(collection, id), value)) differing.push(`${collection} ${id}`);
  for await (const { collection, id } of documentsOf(to))
    if ((await from.documents.get(collection, id)) === undefined) differing.push(`${collection} ${id}`);
  return differing;
}

async function* documentsOf({ documents }: Parts): AsyncGenerator<{ collection: string; id: string; value: unknown }> {
  for (const collection of await documents.collections()) {
    let after: string | undefined;
    do {
      const page = await documents.list(collection, { limit: PAGE, ...(after !== undefined && { after }) });
      for (const { id, value } of page) yield { collection, id, value };
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
