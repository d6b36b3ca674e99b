import type { BoardEvent } from '../boards/boards.js';
import type { ShareRef } from '../boards/secrets.js';
import { BOARDS_NAMESPACE, type BatchUpdate } from '../contract/index.js';
import { handshakeOf, type Admission, type Handshake, type HubServer, type HubSocket } from './sockets.js';

/**
 * Tells those who look at one board that there is something new to fetch: figures, the board itself, its end. What is new
 * is not told, as a link to a board opens less than the updates of viewers say. A link that is revoked ends the
 * connections that came by it.
 */
export interface BoardRoomsOptions {
  /** How a handshake came to this board; undefined when it may not look at it. */
  readonly mayWatch: (handshake: Handshake & { readonly boardId: string }) => Promise<Admission | undefined>;
}

/** What boards have in common with the rest of the hub. */
interface Connections {
  /** Why no more are let in. */
  readonly full: () => Error | undefined;
  /** Watches over one that was let in. */
  readonly watch: (socket: HubSocket) => void;
}

const roomOf = (boardId: string): string => `board ${boardId}`;
const linkRoomOf = ({ boardId, shareId }: ShareRef): string => `link ${boardId} ${shareId}`;

export class BoardRooms {
  readonly #namespace: ReturnType<HubServer['of']>;

  constructor(
    io: HubServer,
    private readonly options: BoardRoomsOptions,
    private readonly connections: Connections,
  ) {
    this.#namespace = io.of(BOARDS_NAMESPACE);
    this.#namespace.use((socket, next) => void this.#refusal(socket).then(next, next));
    this.#namespace.on('connection', (socket) => void this.#welcome(socket));
  }

  batch({ seq, at, changed }: BatchUpdate): void {
    this.#namespace.emit('board:update', { seq, at, changed });
  }

  tell(event: BoardEvent): void {
    switch (event.kind) {
      case 'edited':
        this.#namespace.to(roomOf(event.boardId)).emit('board:edited', { revision: event.revision });
        break;
      case 'removed':
        this.#close(roomOf(event.boardId));
        break;
      case 'revoked':
        this.#close(linkRoomOf(event));
        break;
    }
  }

  #close(room: string): void {
    this.#namespace.to(room).emit('board:closed');
    this.#namespace.in(room).disconnectSockets();
  }

  async #refusal(socket: HubSocket): Promise<Error | undefined> {
    const { board: boardId }: Record<string, unknown> = socket.handshake.auth;
    if (typeof boardId !== 'string') return new Error('auth.board must be the id of a board');
    const by = await this.options.mayWatch({ ...handshakeOf(socket), boardId });
    if (by === undefined) return new Error('unauthorized');
    socket.data = { board: { boardId, by } };
    return this.connections.full();
  }

  async #welcome(socket: HubSocket): Promise<void> {
    this.connections.watch(socket);
    const { board } = socket.data;
    if (board === undefined) return;
    const { boardId, by } = board;
    await socket.join(by === 'viewer' ? roomOf(boardId) : [roomOf(boardId), linkRoomOf(by)]);
    // Asked once more, as a link may have been revoked between the handshake and the room.
    if (by === 'viewer' || (await this.options.mayWatch({ ...handshakeOf(socket), boardId })) !== undefined) return;
    socket.emit('board:closed');
    socket.disconnect();
  }
}
