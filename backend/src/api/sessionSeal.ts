import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse, serialize } from 'cookie';
import type { TokenRole as Role } from '../config.js';

/**
 * The session cookie: `role.expiry.signature`, sealed with HMAC-SHA-256. It holds no token, needs no store and survives
 * a restart; changing a role's token, or the secret, ends every session of that role.
 */
export const SESSION_COOKIE = 'passportx_session';

/** A month: a dashboard on a wall is signed in now and then, not every day. */
const SESSION_SECONDS = 30 * 24 * 3600;

export interface SealOptions {
  readonly tokens: Readonly<Record<Role, string>>;
  /** Key of the session cookies, kept over restarts: 32 random bytes or their text. */
  readonly sessionSecret: string | Buffer;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export class SessionSeal {
  constructor(private readonly options: SealOptions) {}

  /** `Set-Cookie` of a session; `https` keeps it off plain connections. */
  cookie(role: Role, https: boolean): string {
    const content = `${role}.${Math.floor(this.options.clock() / 1000) + SESSION_SECONDS}`;
    return serialize(SESSION_COOKIE, `${content}.${this.#sign(role, content).toString('base64url')}`, {
      maxAge: SESSION_SECONDS,
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: https,
    });
  }

  /** The role in a `Cookie` header, or undefined when there is no session of ours or it has run out. */
  roleIn(cookieHeader: string | undefined): Role | undefined {
    const value = cookieHeader === undefined ? undefined : parse(cookieHeader)[SESSION_COOKIE];
    const [, content, name, expiry, signature] = /^(([a-z]+)\.(\d{1,12}))\.([\w-]{43})$/.exec(value ?? '') ?? [];
    if (content === undefined || signature === undefined || name === undefined || !this.#isRole(name)) return undefined;
    if (!timingSafeEqual(Buffer.from(signature, 'base64url'), this.#sign(name, content))) return undefined;
    return Number(expiry) * 1000 > this.options.clock() ? name : undefined;
  }

  #sign(role: Role, content: string): Buffer {
    const { sessionSecret, tokens } = this.options;
    return createHmac('sha256', sessionSecret).update(`${content}\n${tokens[role]}`).digest();
  }

  #isRole(name: string): name is Role {
    return Object.hasOwn(this.options.tokens, name);
  }
}
