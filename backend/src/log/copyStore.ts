import { isDeepStrictEqual } from 'node:util';
import type { DocumentStore } from './documents.js';
import type { EventLog } from './log.js';
import { MOVING } from './moving.js';
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

/** @throws {ForeignStoreError} */
export async function needSameStore(from: Parts, to: Parts): Promise<void> {
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
  if (head === 0 && from.log.head > 0 && (await collectionsOf(to)).length > 0)
    throw new ForeignStoreError('the target has documents and no log entries: they are not of this store');
}

/** Of what `needSameStore` allows. @param reached told the `seq` of the last entry that is durable in `to`. */
export async function copyLog(from: Parts, to: Parts, reached: (seq: number) => void): Promise<void> {
  for await (const commit of from.log.read(to.log.head)) {
    // The copy may have been broken off inside it.
    await to.log.append(commit.entries.slice(Math.max(0, to.log.head + 1 - commit.seq)));
    reached(to.log.head);
  }
}

/** The greatest term that began in the log, as far as its entries tell: 0 in one that was never of a cluster. */
export async function greatestTermIn({ log }: Pick<Parts, 'log'>): Promise<number> {
  let greatest = 0;
  for await (const { entries } of log.read(0))
    for (const entry of entries) if (entry.kind === 'term') greatest = Math.max(greatest, entry.term);
  return greatest;
}

/** Puts every document that is not there as it is, and deletes what is not in the source. @param copied told how many. */
export async function copyDocuments(from: Parts, to: Parts, copied: (count: number) => void): Promise<void> {
  let count = 0;
  for await (const { collection, id, value } of documentsOf(from)) {
    if (!isDeepStrictEqual(await to.documents.get(collection, id), value))
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

/** Without what tells that one is being copied: it is of this store alone. */
const collectionsOf = async ({ documents }: Parts): Promise<string[]> =>
  (await documents.collections()).filter((name) => name !== MOVING);

async function* documentsOf(parts: Parts): AsyncGenerator<{ collection: string; id: string; value: unknown }> {
  const { documents } = parts;
  for (const collection of await collectionsOf(parts)) {
    let after: string | undefined;
    do {
      const page = await documents.list(collection, { limit: PAGE, ...(after !== undefined && { after }) });
      for (const { id, value } of page) yield { collection, id, value };
      after = page.length < PAGE ? undefined : page.at(-1)?.id;
    } while (after !== undefined);
  }
}

/** How many documents there are in all. */
export async function countDocuments(parts: Parts): Promise<number> {
  let count = 0;
  for (const collection of await collectionsOf(parts)) count += await parts.documents.count(collection);
  return count;
}
