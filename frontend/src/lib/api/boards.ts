/**
 * The calls of boards. Those that change one show its edit key; a change names the revision that it was made from. Where
 * the key may be null, an admin needs none.
 */
import type {
  Board,
  BoardContent,
  BoardShare,
  CreatedBoard,
  CreatedShare,
  NewEditKey,
  ShareList,
} from '@passportx/analytics-backend/contract';
import { call, getJson } from './client';

const BOARDS = '/api/boards';
export const boardsPath = BOARDS;
export const boardApiPath = (id: string): string => `${BOARDS}/${encodeURIComponent(id)}`;

const JSON_TYPE = { 'content-type': 'application/json' };
const keyed = (key: string | null): Record<string, string> => (key === null ? {} : { 'board-edit-key': key });

export const fetchBoard = (id: string, signal?: AbortSignal): Promise<Board> => getJson(boardApiPath(id), signal);

export async function createBoard(content: BoardContent): Promise<CreatedBoard> {
  const response = await call(BOARDS, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(content) });
  return (await response.json()) as CreatedBoard;
}

/**
 * @param revision null: whatever it is now
 * @throws ApiError with a problem of status 412 when the board is at another revision, 403 when the key is not its own
 */
export async function saveBoard(
  id: string,
  content: BoardContent,
  key: string,
  revision: number | null,
): Promise<Board> {
  const response = await call(boardApiPath(id), {
    method: 'PUT',
    headers: { ...JSON_TYPE, ...keyed(key), 'if-match': revision === null ? '*' : `"${revision}"` },
    body: JSON.stringify(content),
  });
  return (await response.json()) as Board;
}

export async function deleteBoard(id: string, key: string | null): Promise<void> {
  await call(boardApiPath(id), { method: 'DELETE', headers: keyed(key) });
}

/** @returns the new edit key; the one before is worth nothing then */
export async function renewKey(id: string, key: string | null): Promise<string> {
  const response = await call(`${boardApiPath(id)}/edit-key`, { method: 'POST', headers: keyed(key) });
  return ((await response.json()) as NewEditKey).editKey;
}

export async function fetchShares(id: string, key: string | null): Promise<readonly BoardShare[]> {
  const response = await call(`${boardApiPath(id)}/shares`, { headers: keyed(key) });
  return ((await response.json()) as ShareList).items;
}

export async function createShare(id: string, key: string, name: string): Promise<CreatedShare> {
  const response = await call(`${boardApiPath(id)}/shares`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...keyed(key) },
    body: JSON.stringify({ name }),
  });
  return (await response.json()) as CreatedShare;
}

export async function revokeShare(id: string, key: string | null, share: string): Promise<void> {
  await call(`${boardApiPath(id)}/shares/${encodeURIComponent(share)}`, { method: 'DELETE', headers: keyed(key) });
}

/** Trades the token of a link for a cookie that no script can read. @throws ApiError `unauthorized` when it was revoked */
export async function openLink(token: string): Promise<void> {
  await call('/api/session', { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ token }) });
}
