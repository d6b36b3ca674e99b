import type { Request, RequestHandler } from 'express';
import { dayOf } from '../analyzers/calendar.js';
import { opens } from '../boards/reads.js';
import type { ShareRef } from '../boards/secrets.js';
import type { Callers } from '../cluster/callers.js';
import type { Handshake } from '../realtime/sockets.js';
import { bearerOf, type Access, type Auth, type Credentials, type Role } from './auth.js';
import { adminWriteLimit, viewerWriteLimit, type WrongTokenLimit } from './limits.js';
import { HttpProblem } from './problem.js';
import type { SharedBoards } from './sharedBoards.js';

/**
 * Stands before every route: lets through who may call it, before a byte of the body is read. 401 when nobody known is
 * calling, 403 when someone known may not, 429 after too many wrong tokens or writes.
 */
export interface GuardParts {
  readonly auth: Auth;
  /** A link to a board is no role: it opens that board and the reads of its widgets. */
  readonly sharedBoards: SharedBoards;
  readonly wrongTokens: WrongTokenLimit;
  readonly clock: () => number;
  readonly corsOrigins: readonly string[];
}

/** The node's deliveries are never limited, nor who shows no token but a session, as the dashboard does. */
const NEVER_LIMITED: ReadonlySet<Role | undefined> = new Set<Role>(['chainhook']);

export function makeGuard(parts: GuardParts): (access: Access) => RequestHandler[] {
  const { auth, wrongTokens, corsOrigins } = parts;
  const adminWrites = adminWriteLimit();
  const viewerWrites = viewerWriteLimit();

  const admit =
    (access: Access): RequestHandler =>
    async (request, _response, next) => {
      const credentials = credentialsOf(request);
      const { token } = credentials;
      const identity = auth.identify(credentials);
      const role = typeof identity === 'object' ? identity.role : undefined;
      // Anyone may do what is open to all, also with a token that is worth nothing.
      if (role === undefined && auth.permits(access, undefined)) return next();
      if (!auth.permits(access, role)) {
        const links = await opened(parts, access, credentials, request);
        if (links === 'this') return next();
        if (links === 'others' && role === undefined)
          throw new HttpProblem(403, 'A link to a board opens what is on that board, and nothing else.');
      }
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

  const limiting =
    (limit: RequestHandler): RequestHandler =>
    (request, response, next) =>
      isRead(request) ? next() : limit(request, response, next);
  const limits: Record<Access, RequestHandler[]> = {
    open: [],
    chainhook: [],
    viewer: [limiting(viewerWrites)],
    admin: [limiting(adminWrites)],
  };

  return (access) => (access === 'open' ? [] : [admit(access), ...limits[access]]);
}

/** What a request shows. */
export function credentialsOf(request: Request): Credentials {
  return { token: bearerOf(request.get('authorization')), cookieHeader: request.get('cookie') };
}

/** Whether links to boards were shown that are good for this request, or good but not for this one. */
async function opened(
  { sharedBoards, clock }: Pick<GuardParts, 'sharedBoards' | 'clock'>,
  access: Access,
  credentials: Credentials,
  request: Request,
): Promise<'this' | 'others' | 'none'> {
  const shown = await sharedBoards.shown(credentials);
  if (shown.length === 0) return 'none';
  const today = dayOf(clock());
  const mayRead = access === 'viewer' && isRead(request);
  return mayRead && shown.some(({ board }) => opens(board, request, today)) ? 'this' : 'others';
}

type SocketParts = Pick<GuardParts, 'auth' | 'wrongTokens' | 'corsOrigins'> & { readonly callers: Callers };

/**
 * What a handshake shows that counts. A browser sends our cookie along for any page of this host, whatever its port, and
 * keeps no page from reading what a socket says: the cookie is only looked at for a page of ours.
 */
function credible<T extends Handshake>(handshake: T, corsOrigins: readonly string[]): T {
  const { origin, site, host } = handshake.page;
  // Where a proxy calls us by another name, the browser may still say it.
  const isOurs =
    origin === undefined || corsOrigins.includes(origin) || hostOf(origin) === host || site === 'same-origin';
  return isOurs ? handshake : { ...handshake, cookieHeader: undefined };
}

/**
 * Whether a socket's handshake may read what viewers read. A wrong token counts as one of a call does; past the limit a
 * right guess is not told from a wrong one.
 */
export async function mayView(
  { auth, wrongTokens, corsOrigins, callers }: SocketParts,
  handshake: Handshake,
): Promise<boolean> {
  const { headers, ...credentials } = credible(handshake, corsOrigins);
  const address = callers.addressOf(headers, handshake.address);
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

/**
 * Who may hear of a board: a viewer of any, whoever has a link of that one. Undefined: nobody that is known, or not of
 * this board. A link's token is no wrong token, whichever board it is of.
 */
export async function mayWatch(
  parts: SocketParts & Pick<GuardParts, 'sharedBoards'>,
  shownThere: Handshake & { readonly boardId: string },
): Promise<'viewer' | ShareRef | undefined> {
  const { boardId, ...handshake } = credible(shownThere, parts.corsOrigins);
  const shown = await parts.sharedBoards.shown(handshake);
  if (handshake.token === undefined || shown.length === 0) if (await mayView(parts, handshake)) return 'viewer';
  return shown.find(({ ref }) => ref.boardId === boardId)?.ref;
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

export function isRead(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Without the scheme: behind a proxy that ends TLS, the page's is another than ours. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
