import type { DocumentStore } from './documents.js';

/**
 * A store into which another is being copied says so itself, from before the first write until the copy was found whole: a
 * service that opened it, or took the lease of one whose copy was broken off, would serve a part as if it were all, and
 * append to it. The mark lies among the documents, so that it goes wherever the store's own files or a backup of it go.
 */
export class StoreMovingError extends Error {
  override readonly name = 'StoreMovingError';

  constructor() {
    super('the store holds a copy that was begun and is not whole: run the same npm run migrate again, to its end');
  }
}

/** Of no source: it is not copied. */
export const MOVING = 'moving';
const ID = 'copy';

/** Where a copy was broken off, the mark is there already. */
export async function beginMove(documents: Pick<DocumentStore, 'get' | 'put'>): Promise<void> {
  if (!(await isMoving(documents))) await documents.put(MOVING, ID, true);
}

/** To be called once the copy was found to be what its source is. */
export async function endMove(documents: Pick<DocumentStore, 'delete'>): Promise<void> {
  await documents.delete(MOVING, ID);
}

/** @throws {StoreMovingError} while a copy into the store is under way, or was broken off, or found wrong. */
export async function needWhole(documents: Pick<DocumentStore, 'get'>): Promise<void> {
  if (await isMoving(documents)) throw new StoreMovingError();
}

const isMoving = async (documents: Pick<DocumentStore, 'get'>): Promise<boolean> =>
  (await documents.get(MOVING, ID)) !== undefined;
