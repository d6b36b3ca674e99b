/** What every document store takes as a name and as a limit. */

/** Within these characters code units, code points and bytes sort alike, in any store. */
const NAME = /^[\x20-\x7e]{1,500}$/;
const MAX_LIMIT = 1_000;

export const isName = (name: string): boolean => NAME.test(name);

/** @throws {RangeError} that tells which name cannot be one. */
export function checkNames(collection: string, ids: readonly string[]): void {
  const invalid = [collection, ...ids].find((name) => !isName(name));
  if (invalid !== undefined)
    throw new RangeError(`"${invalid.slice(0, 100)}" is no name of a document: 1 to 500 characters of ASCII`);
}

/** @throws {RangeError} unless `limit` is one of a list. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new RangeError(`limit must be a whole number from 1 to ${MAX_LIMIT}, not ${limit}`);
}
