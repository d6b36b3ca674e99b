import { BadCursorError } from '../contract/index.js';

/** The place of an item in the activity list, as text that callers pass back and need not understand. */
export interface ActivityPlace {
  /** Event time, ms since the epoch. */
  readonly atMs: number;
  readonly seq: number;
}

export const encodeCursor = ({ atMs, seq }: ActivityPlace): string =>
  Buffer.from(`${atMs}.${seq}`).toString('base64url');

/** @throws {BadCursorError} */
export function decodeCursor(cursor: string): ActivityPlace {
  const [, atMs, seq] = /^(-?\d{1,16})\.(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const place = { atMs: Number(atMs), seq: Number(seq) };
  // Text that decodes to the same place, but is not what was given out, is refused as well.
  if (atMs === undefined || seq === undefined || encodeCursor(place) !== cursor) throw new BadCursorError();
  return place;
}
