/**
 * Addresses of boards, and the secrets that may stand behind their `#`, where no server sees them: the token of a link,
 * or the edit key. A secret is taken out of the address as soon as it is read; edit keys stay in this browser.
 */
import { readStored, writeStored } from '../storage';

const EDIT = '#edit=';
const LINK = /^#(board\.[\w-]+\.[\w-]+\.[\w-]+)$/;
const keyName = (id: string): string => `passportx.board-key.${id}`;

export type BoardMode = 'show' | 'edit' | 'wall';

/** Where every board is. */
export const BOARD_PATH = '/board/';
export const boardPath = (id: string, mode: BoardMode = 'show'): string =>
  `${BOARD_PATH}?${new URLSearchParams({ id, ...(mode === 'show' ? {} : { mode }) })}`;

export const shareAddress = (origin: string, id: string, token: string): string => `${origin}${boardPath(id)}#${token}`;
export const editAddress = (origin: string, id: string, key: string): string =>
  `${origin}${boardPath(id, 'edit')}${EDIT}${key}`;

export type Arrival =
  { readonly kind: 'link'; readonly token: string } | { readonly kind: 'edit'; readonly key: string };

/** The secret behind the `#` of an address, if there is one. */
export function parseArrival(hash: string): Arrival | null {
  const token = LINK.exec(hash)?.[1];
  if (token !== undefined) return { kind: 'link', token };
  const key = hash.startsWith(EDIT) ? hash.slice(EDIT.length) : '';
  return /^[\w-]{20,100}$/.test(key) ? { kind: 'edit', key } : null;
}

export const editKeyOf = (id: string): string | null => readStored(keyName(id));
/** @param key null: it is worth nothing any more. */
export const keepEditKey = (id: string, key: string | null): void => writeStored(keyName(id), key);

/** Forgets a key that was refused. @returns the one that this browser has instead: another tab may have renewed it */
export function dropEditKey(id: string, refused: string): string | null {
  if (editKeyOf(id) === refused) keepEditKey(id, null);
  return editKeyOf(id);
}
