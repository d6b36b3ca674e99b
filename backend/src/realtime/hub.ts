import type { Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server } from 'socket.io';
import type {
  ActivityItem,
  AlertNotice,
  BatchUpdate,
  EventProcessed,
  Reorg,
  SnapshotRecorded,
} from '../contract/index.js';
import { BoardRooms, type BoardRoomsOptions } from './boardRooms.js';
import { PerSecond } from './perSecond.js';
import { RecentBatches } from './recentBatches.js';
import { handshakeOf, type Handshake, type HubServer, type HubSocket } from './sockets.js';
import { turnAway, type Refusal } from './turningAway.js';

/**
 * Pushes every batch to the viewers over Socket.IO. A client that names the `seq` it has seen is first sent one update
 * for all it missed. A client that reads more slowly than batches come is dropped once `maxBufferedBytes` wait for it:
 * it reconnects and catches up by `seq`, so a slow reader costs a bounded amount of memory and loses nothing.
 */
export interface HubOptions extends BoardRoomsOptions {
  readonly corsOrigins: readonly string[];
  /** Whether a handshake may read what viewers read. */
  readonly mayView: (handshake: Handshake) => Promise<boolean>;
  /** What whoever wants to connect is answered with in place of that; undefined: it may. */
  readonly refusal: () => Refusal | undefined;
  /** The newest update: what a client that missed something is brought up to. */
  readonly current: () => Pick<BatchUpdate, 'seq' | 'metrics' | 'headline'>;
  readonly clock: () => number;
  readonly logger: Logger;
  /** Bytes that may wait for one client before it is dropped. */
  readonly maxBufferedBytes?: number;
  /** Most clients at once; the next one is refused with `too many connections`. */
  readonly maxClients?: number;
}

const DEFAULT_MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const DEFAULT_MAX_CLIENTS = 10_000;
/** Limit of `analytics:event-processed` per second: enough to feel alive, too few to load a browser. */
const EVENTS_PER_SECOND = 10;
const SNAPSHOTS_PER_SECOND = 10;
const MAX_ACTIVITY = 20;

/** As Engine.IO makes it; also when it took the place of polling, whose connection is another. */
interface WebSocketTransport {
  readonly socket: { terminate(): void };
}

export class Hub {
  /** Those who look at one board, in a namespace of their own. */
  readonly boards: BoardRooms;
  readonly #io: HubServer;
  readonly #recent: RecentBatches;
  readonly #events = new PerSecond(EVENTS_PER_SECOND);
  readonly #snapshots = new PerSecond(SNAPSHOTS_PER_SECOND);

  constructor(
    server: HttpServer,
    private readonly options: HubOptions,
  ) {
    this.#recent = new RecentBatches(options.current().seq);
    this.#io = new Server(server, {
      // No message of a client is longer than its handshake.
      maxHttpBufferSize: 16 * 1024,
      serveClient: false,
      ...(options.corsOrigins.length > 0 && { cors: { origin: [...options.corsOrigins], credentials: true } }),
    });
    turnAway(this.#io, options.refusal);
    this.#io.use((socket, next) => void this.#refusal(socket).then(next, next));
    this.#io.on('connection', (socket) => this.#welcome(socket));
    this.boards = new BoardRooms(this.#io, options, {
      full: () => this.#full(),
      watch: (socket) => this.#watch(socket),
    });
  }

  /** Connected clients. */
  get clients(): number {
    return this.#io.engine.clientsCount;
  }

  /** Broadcasts a batch, and up to ten of its events a second one by one. */
  batch(update: BatchUpdate): void {
    this.#recent.add(update);
    // It would be encoded all the same, a hundred times a second while a node delivers quickly.
    if (this.clients === 0) return;
    this.#io.emit('analytics:batch-update', update);
    this.boards.batch(update);
    for (const item of update.activity) if (!item.retracted) this.#event(item);
  }

  reorg(reorg: Reorg): void {
    this.#io.emit('analytics:reorg', reorg);
  }

  /** Tells of up to ten snapshots a second: a first scan of a long history stores thousands. */
  snapshot(recorded: SnapshotRecorded): void {
    if (!this.#snapshots.allows(this.options.clock())) return;
    this.#io.emit('analytics:snapshot-recorded', recorded);
  }

  /** Tells of an alert that fired or was resolved. */
  alert(notice: AlertNotice): void {
    this.#io.emit('analytics:alert', notice);
  }

  /** Has viewers ask for the alerts: what became of them may not have been told. */
  alertsChanged(): void {
    this.#io.emit('analytics:alerts-changed');
  }

  async close(): Promise<void> {
    this.boards.close();
    await this.#io.close();
  }

  async #refusal(socket: HubSocket): Promise<Error | undefined> {
    return (await this.options.mayView(handshakeOf(socket))) ? this.#full() : new Error('unauthorized');
  }

  #full(): Error | undefined {
    const limit = this.options.maxClients ?? DEFAULT_MAX_CLIENTS;
    return this.clients > limit ? new Error(`too many connections: the limit is ${limit}`) : undefined;
  }

  #welcome(socket: HubSocket): void {
    this.#watch(socket);
    const seen = (socket.handshake.auth as Record<string, unknown>)['seq'];
    if (typeof seen !== 'number' || !Number.isSafeInteger(seen) || seen < 0) return;
    const current = this.options.current();
    // A client that is ahead has seen another log (restored, or made anew): it is brought to this one.
    if (seen === current.seq) return;
    const at = new Date(this.options.clock()).toISOString();
    socket.emit('analytics:batch-update', { ...current, at, ...this.#recent.since(seen, MAX_ACTIVITY) });
  }

  #event(item: ActivityItem): void {
    if (!this.#events.allows(this.options.clock())) return;
    const event: EventProcessed = { type: item.type, at: item.at, id: item.id };
    this.#io.emit('analytics:event-processed', event);
  }

  /** Counts what waits for one client between two drains of its connection, and drops it past the limit. */
  #watch(socket: HubSocket): void {
    const limit = this.options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES;
    let waiting = 0;
    socket.conn.on('drain', () => (waiting = 0));
    socket.conn.on('packetCreate', ({ data }: { data?: unknown }) => {
      waiting += typeof data === 'string' ? data.length : 0;
      if (waiting <= limit || !socket.connected) return;
      this.options.logger.warn({ socketId: socket.id, waiting, limit }, 'slow client dropped');
      // Not inside the broadcast that is under way, and without a closing handshake that nobody reads.
      setImmediate(() => {
        const { transport } = socket.conn;
        socket.conn.close(true);
        // Of a poll the connection may be another's by now: behind a proxy they share it.
        if (transport.name === 'websocket') (transport as unknown as WebSocketTransport).socket.terminate();
      });
    });
  }
}
