import type { Server, Socket } from 'socket.io';
import type { ShareRef } from '../boards/secrets.js';
import type { BoardServerEvents, ServerEvents } from '../contract/index.js';

/** The sockets of all namespaces, and what each shows when it comes. */
export interface Handshake {
  readonly token: string | undefined;
  /** The `Cookie` header. */
  readonly cookieHeader: string | undefined;
  /** Where the connection comes from; no header is believed. */
  readonly address: string;
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
  return {
    token: typeof token === 'string' ? token : undefined,
    cookieHeader: handshake.headers.cookie,
    address: handshake.address,
  };
}
