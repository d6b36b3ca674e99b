import { hash, timingSafeEqual } from 'node:crypto';
import type { TokenRole } from '../config.js';
import { SESSION_COOKIE, SessionSeal, type SealOptions } from './sessionSeal.js';

/**
 * Who is calling: a bearer token, or the session cookie that a token was traded for. Tokens are compared by digest in
 * constant time, all of them each time. The four roles are separate, but an admin may do what a viewer may.
 */
export type Role = TokenRole;

/** Who may call a route. `open`: anyone. */
export type Access = 'open' | 'chainhook' | 'viewer' | 'admin';

/** What a request or a socket's handshake shows. A token goes before the cookie: it was given on purpose. */
export interface Credentials {
  readonly token?: string | undefined;
  /** The `Cookie` header. */
  readonly cookieHeader?: string | undefined;
}

/** `none`: nothing was shown; `unknown`: a token that is not ours. */
export type Identity = { readonly role: Role; readonly by: 'token' | 'session' } | 'none' | 'unknown';

export interface AuthOptions extends SealOptions {
  /** `ANALYTICS_PUBLIC_DASHBOARD`: whether anyone may do what viewers may. */
  readonly publicDashboard: boolean;
}

export class Auth {
  readonly #digests: readonly (readonly [Role, Buffer])[];
  readonly #sessions: SessionSeal;

  constructor(private readonly options: AuthOptions) {
    const tokens = Object.entries(options.tokens) as [Role, string][];
    this.#digests = tokens.map(([role, token]) => [role, digest(token)]);
    this.#sessions = new SessionSeal(options);
  }

  /** The role of a token, or undefined when it is none of ours. */
  roleOfToken(token: string): Role | undefined {
    const shown = digest(token);
    let found: Role | undefined;
    // No early end: the time taken must not tell which token was nearly right.
    for (const [role, known] of this.#digests) if (timingSafeEqual(shown, known)) found = role;
    return found;
  }

  identify({ token, cookieHeader }: Credentials): Identity {
    if (token !== undefined) {
      const role = this.roleOfToken(token);
      return role === undefined ? 'unknown' : { role, by: 'token' };
    }
    const role = this.#sessions.roleIn(cookieHeader);
    // A cookie that ran out is no guess: the browser is asked to sign in again.
    return role === undefined ? 'none' : { role, by: 'session' };
  }

  /** Whether someone of this role (undefined: nobody known) may call what is for `access`. */
  permits(access: Access, role: Role | undefined): boolean {
    switch (access) {
      case 'open':
        return true;
      case 'viewer':
        return this.options.publicDashboard || role === 'viewer' || role === 'admin';
      case 'admin':
      case 'chainhook':
        return role === access;
    }
  }

  /** `Set-Cookie` that carries a role until it runs out. */
  sessionCookie(role: Role, https: boolean): string {
    return this.#sessions.cookie(role, https);
  }
}

/** `Set-Cookie` that ends a session. */
export const ENDED_SESSION = `${SESSION_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`;

/** The token of an `Authorization` header; a header of another kind is a token that nobody has. */
export function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '';
}

function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
