import type { Request, RequestHandler } from 'express';
import { bearerOf, type Access, type Auth, type Credentials, type Role } from './auth.js';
import { adminWriteLimit, type WrongTokenLimit } from './limits.js';
import { HttpProblem } from './problem.js';

/**
 * Stands before every route: lets through who may call it, before a byte of the body is read. 401 when nobody known is
 * calling, 403 when someone known may not, 429 after too many wrong tokens or writes.
 */
export interface GuardParts {
  readonly auth: Auth;
  readonly wrongTokens: WrongTokenLimit;
  readonly corsOrigins: readonly string[];
}

/** What these may do is never limited: the dashboard's reads and the node's deliveries. */
const NEVER_LIMITED: ReadonlySet<Role | undefined> = new Set<Role>(['viewer', 'chainhook']);

export function makeGuard({ auth, wrongTokens, corsOrigins }: GuardParts): (access: Access) => RequestHandler[] {
  const writes = adminWriteLimit();

  const admit =
    (access: Access): RequestHandler =>
    async (request, _response, next) => {
      const token = bearerOf(request.get('authorization'));
      const identity = auth.identify({ token, cookieHeader: request.get('cookie') });
      const role = typeof identity === 'object' ? identity.role : undefined;
      // Anyone may do what is open to all, also with a token that is worth nothing.
      if (role === undefined && auth.permits(access, undefined)) return next();
      if (token !== undefined && !NEVER_LIMITED.has(role)) {
        const exceeded = await wrongTokens.exceeded(request.ip);
        // Past the limit a right guess must not be told from a wrong one; a chain node is told 401 only, never 429.
        if (exceeded !== undefined) throw access === 'chainhook' ? unauthorized('unknown') : exceeded;
      }
      if (role === undefined) {
        if (identity === 'unknown') await wrongTokens.count(request.ip);
        throw unauthorized(identity === 'unknown' ? 'unknown' : 'none');
      }
      if (!auth.permits(access, role))
        throw new HttpProblem(403, `This call is for ${access}; the token is for ${role}.`);
      if (typeof identity === 'object' && identity.by === 'session') refuseCrossSite(request, corsOrigins);
      next();
    };

  const limitWrites: RequestHandler = (request, response, next) =>
    isRead(request) ? next() : writes(request, response, next);

  return (access) => (access === 'open' ? [] : access === 'admin' ? [admit(access), limitWrites] : [admit(access)]);
}

/**
 * Whether a socket's handshake may read what viewers read. A wrong token counts as one of a call does; past the limit a
 * right guess is not told from a wrong one.
 */
export async function mayView(
  { auth, wrongTokens }: Pick<GuardParts, 'auth' | 'wrongTokens'>,
  { address, ...credentials }: Credentials & { readonly address: string },
): Promise<boolean> {
  const identity = auth.identify(credentials);
  const role = typeof identity === 'object' ? identity.role : undefined;
  if (role === undefined && auth.permits('viewer', undefined)) return true;
  if (
    credentials.token !== undefined &&
    !NEVER_LIMITED.has(role) &&
    (await wrongTokens.exceeded(address)) !== undefined
  )
    return false;
  if (identity === 'unknown') await wrongTokens.count(address);
  return auth.permits('viewer', role);
}

/** 401 with the challenge of RFC 6750. */
export function unauthorized(shown: 'none' | 'unknown'): HttpProblem {
  const challenge = 'Bearer realm="passportx-analytics"';
  return shown === 'none'
    ? new HttpProblem(401, 'A token is needed: Authorization: Bearer, or a session.', {
        headers: { 'WWW-Authenticate': challenge },
      })
    : new HttpProblem(401, 'The token is not known.', {
        headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token"` },
      });
}

/**
 * Refuses a change that a page of another site asks a browser to make with our cookie, on top of SameSite=Strict. What is
 * no browser sends neither header, and no cookie that it was not given on purpose.
 * @throws {HttpProblem} 403
 */
export function refuseCrossSite(request: Request, corsOrigins: readonly string[]): void {
  if (isRead(request)) return;
  const origin = request.get('origin');
  if (origin !== undefined && corsOrigins.includes(origin)) return;
  const site = request.get('sec-fetch-site');
  const foreign =
    site === undefined
      ? origin !== undefined && hostOf(origin) !== request.get('host')
      : site !== 'same-origin' && site !== 'none';
  if (foreign) throw new HttpProblem(403, 'A page of another site may not use this session.');
}

function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Without the scheme: behind a proxy that ends TLS, the page's is another than ours. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
