import type { IncomingHttpHeaders } from 'node:http';
import type { Server, Socket } from 'socket.io';
import type { ShareRef } from '../boards/secrets.js';
import type { BoardServerEvents, ServerEvents } from '../contract/index.js';

/** The sockets of all namespaces, and what each shows when it comes. */
export interface Handshake {
  readonly token: string | undefined;
  /** The `Cookie` header. */
  readonly cookieHeader: string | undefined;
  /** Where the connection comes from. */
  readonly address: string;
  /** What may say from where it was passed on. */
  readonly headers: IncomingHttpHeaders;
  readonly page: Page;
}

/** The page that a browser connects for, in the browser's words; what is no browser says what it likes. */
export interface Page {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`; not every browser tells it of a socket. */
  readonly site: string | undefined;
  /** The host that it was told to connect to. */
  readonly host: string | undefined;
}

/** How someone came to a board: by a role, or by a link to it. */
export type Admission = 'viewer' | ShareRef;

interface SocketData {
  /** In the namespace of boards. */
  board?: { readonly boardId: string; readonly by: Admission };
}
type Events = ServerEvents & BoardServerEvents;
/** Nothing that a client sends is heard. */
type Nothing = Record<string, never>;
export type HubServer = Server<Nothing, Events, Nothing, SocketData>;
export type HubSocket = Socket<Nothing, Events, Nothing, SocketData>;

export function handshakeOf({ handshake }: HubSocket): Handshake {
  const { token }: Record<string, unknown> = handshake.auth;
  const { headers } = handshake;
  return {
    token: typeof token === 'string' ? token : undefined,
    cookieHeader: headers.cookie,
    address: handshake.address,
    headers,
    page: { origin: headers.origin, site: headers['sec-fetch-site']?.toString(), host: headers.host },
  };
}
