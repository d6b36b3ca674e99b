import { Type } from '@sinclair/typebox';
import type { Request } from 'express';
import { MAX_TOKEN_CHARACTERS } from '../config.js';
import { Session } from '../contract/index.js';
import { ENDED_SESSION } from './auth.js';
import { SMALL_BODY } from './body.js';
import { refuseCrossSite, unauthorized } from './guard.js';
import { json, route, type Route } from './route.js';
import type { Services } from './services.js';
import { CLOSED_BOARDS } from './sharedBoards.js';

/** Signing in trades a token for a cookie that no script can read, so that the dashboard never keeps a token. */
export function sessionRoutes(
  { auth, wrongTokens, sharedBoards }: Pick<Services, 'auth' | 'wrongTokens' | 'sharedBoards'>,
  corsOrigins: readonly string[],
): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/session',
      access: 'open',
      tag: 'session',
      summary: "Sign in: trade a token for a session cookie with that token's role",
      description:
        'The token of a link to a board is traded for a cookie of its own, which opens that board and the reads of its ' +
        'widgets, until the link is revoked. It stands beside a session and beside other such links.',
      body: {
        schema: Type.Object({ token: Type.String({ minLength: 1, maxLength: MAX_TOKEN_CHARACTERS }) }),
        limit: SMALL_BODY,
      },
      outcomes: { 204: { description: 'The cookie is set: HttpOnly, SameSite=Strict' } },
      problems: [401, 403, 429],
      handle: async ({ body, request }) => {
        refuseCrossSite(request, corsOrigins);
        const exceeded = await wrongTokens.exceeded(request.ip);
        if (exceeded !== undefined) throw exceeded;
        const role = auth.roleOfToken(body.token);
        const cookie =
          role === undefined
            ? await sharedBoards.cookie(body.token, request.get('cookie'), isHttps(request))
            : auth.sessionCookie(role, isHttps(request));
        if (cookie === undefined) {
          await wrongTokens.count(request.ip);
          throw unauthorized('unknown');
        }
        return { status: 204, headers: { 'Set-Cookie': cookie } };
      },
    }),
    route({
      method: 'get',
      path: '/api/session',
      access: 'open',
      tag: 'session',
      summary: "The role of this browser's session",
      description: 'By the cookie alone: a token in a header is not looked at, so nobody learns here what it is worth.',
      outcomes: { 200: { description: '`role` is null when there is no session', schema: Session } },
      handle: ({ request }) => {
        const identity = auth.identify({ cookieHeader: request.get('cookie') });
        return json(200, { role: typeof identity === 'object' ? identity.role : null });
      },
    }),
    route({
      method: 'delete',
      path: '/api/session',
      access: 'open',
      tag: 'session',
      summary: 'Sign out: end the session cookie, close the links to boards',
      outcomes: { 204: { description: 'The cookies are gone' } },
      problems: [403],
      handle: ({ request }) => {
        refuseCrossSite(request, corsOrigins);
        return { status: 204, headers: { 'Set-Cookie': [ENDED_SESSION, CLOSED_BOARDS] } };
      },
    }),
  ];
}

/** Behind a proxy that ends TLS only the page's own origin tells; a lie about it would harm none but the liar. */
function isHttps(request: Request): boolean {
  return request.secure || (request.get('origin')?.startsWith('https://') ?? false);
}
