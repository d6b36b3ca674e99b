/**
 * Signing in trades a token for an HttpOnly cookie, so that no script of this page ever holds the token. Since the
 * cookie cannot be seen from here either, a mark in local storage remembers that there is a session to sign out of.
 */
import { readStored, writeStored } from '../storage';
import { call } from './client';

const MARK = 'passportx.signed-in';

export const hasSession = (): boolean => readStored(MARK) === 'yes';

/** @throws ApiError of kind `unauthorized` when the service does not know the token */
export async function signIn(token: string): Promise<void> {
  await call('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  writeStored(MARK, 'yes');
}

/** @throws ApiError when the service could not be told: the cookie is then still good */
export async function signOut(): Promise<void> {
  await call('/api/session', { method: 'DELETE' });
  writeStored(MARK, null);
}
