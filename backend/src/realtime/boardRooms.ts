import type { BoardEvent, BoardStanding } from '../boards/boards.js';
import type { ShareRef } from '../boards/secrets.js';
import { BOARDS_NAMESPACE, type BatchUpdate, type BoardPulse } from '../contract/index.js';
import { handshakeOf, type Admission, type Handshake, type HubServer, type HubSocket } from './sockets.js';

/**
 * Tells those who look at one board that there is something new to fetch: figures, the board itself, its end. What is new
 * is not told, as a link to a board opens less than the updates of viewers say. A link that is revoked ends the
 * connections that came by it.
 */
export interface BoardRoomsOptions {
  /** How a handshake came to this board; undefined when it may not look at it. */
  readonly mayWatch: (handshake: Handshake & { readonly boardId: string }) => Promise<Admission | undefined>;
  /** The board and the links to it as they are stored now; undefined when it is gone. */
  readonly standing: (boardId: string) => Promise<BoardStanding | undefined>;
  /** When the chain was last heard of, whether that is too long ago, and how many alerts fire. */
  readonly pulse: () => BoardPulse;
}

/** After a look at the boards that failed, in ms. */
const RECHECK_MS = 1_000;
/** How long a board may not know that nothing comes any more. */
const PULSE_MS = 2_000;

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
  #recheck: NodeJS.Timeout | undefined;
  readonly #pulse: NodeJS.Timeout;
  /** As it was last told. */
  #told = '';

  constructor(
    io: HubServer,
    private readonly options: BoardRoomsOptions,
    private readonly connections: Connections,
  ) {
    this.#namespace = io.of(BOARDS_NAMESPACE);
    this.#namespace.use((socket, next) => void this.#refusal(socket).then(next, next));
    this.#namespace.on('connection', (socket) => void this.#welcome(socket));
    this.#pulse = setInterval(() => this.#tellPulse(), PULSE_MS).unref();
  }

  /** Ends what it does by the clock. */
  close(): void {
    clearInterval(this.#pulse);
    clearTimeout(this.#recheck);
  }

  /** To all, if it is another than the last one. */
  #tellPulse(): void {
    const pulse = this.options.pulse();
    const told = JSON.stringify(pulse);
    if (told === this.#told) return;
    this.#told = told;
    this.#namespace.emit('board:pulse', pulse);
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

  /**
   * Looks at every board that is watched here, as another process may have changed it: tells of its revision, and ends the
   * connections whose board or link is gone. What cannot be read is looked at again until it can.
   */
  recheck(): void {
    clearTimeout(this.#recheck);
    this.#checkAll().catch(() => {
      this.#recheck = setTimeout(() => this.recheck(), RECHECK_MS).unref();
    });
  }

  async #checkAll(): Promise<void> {
    const watched = [...this.#namespace.sockets.values()].flatMap(({ data }) => data.board ?? []);
    for (const boardId of new Set(watched.map((board) => board.boardId))) {
      const standing = await this.options.standing(boardId);
      if (standing === undefined) this.tell({ kind: 'removed', boardId });
      else this.tell({ kind: 'edited', boardId, revision: standing.revision });
      for (const { by } of watched)
        if (by !== 'viewer' && by.boardId === boardId && standing?.shareIds.has(by.shareId) === false)
          this.tell({ kind: 'revoked', ...by });
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
    if (by === 'viewer' || (await this.options.mayWatch({ ...handshakeOf(socket), boardId })) !== undefined) {
      socket.emit('board:pulse', this.options.pulse());
      return;
    }
    socket.emit('board:closed');
    socket.disconnect();
  }
}
