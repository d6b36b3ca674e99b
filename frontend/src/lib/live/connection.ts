/**
 * The page's one live connection, kept outside React. It promises that no update is lost over a reconnect (it names the
 * last log position it knows, the server answers with one update for what was missed), and that its state says what a
 * viewer should believe: `reconnecting` while a short break mends itself, `offline` once that has failed.
 */
import type {
  AlertNotice,
  BatchUpdate,
  EventProcessed,
  Reorg,
  ServerEvents,
  SnapshotRecorded,
} from '@passportx/analytics-backend/contract';
import type { Socket } from 'socket.io-client';

export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'offline';

/** What each event carries, by the name it has on the wire. */
export interface LiveEvents {
  'analytics:batch-update': BatchUpdate;
  'analytics:event-processed': EventProcessed;
  'analytics:snapshot-recorded': SnapshotRecorded;
  'analytics:reorg': Reorg;
  'analytics:alert': AlertNotice;
  'analytics:alerts-changed': undefined;
}
export type LiveEvent = keyof LiveEvents & keyof ServerEvents;

export interface LiveState {
  readonly connection: ConnectionState;
  readonly latestUpdate: BatchUpdate | null;
  /** Newest first, {@link KEPT_REORGS} at most. */
  readonly reorgs: readonly Reorg[];
  /** Counts the times the connection came up: what was read before the last one may be old. */
  readonly connects: number;
  /** The log position that the server was last told: what came after it is told by an update. */
  readonly named: number | undefined;
}

/** The part of a Socket.IO socket that is used here. */
export type LiveSocket = Pick<Socket<ServerEvents>, 'on' | 'connect' | 'disconnect' | 'active'>;
/** Opens a socket that asks `auth` for its credentials at every attempt. */
export type Connect = (auth: (answer: (credentials: { seq?: number }) => void) => void) => Promise<LiveSocket>;

const KEPT_REORGS = 5;
/** Attempts that may fail before "reconnecting" becomes "offline": with pauses of 0.5–1 s that is about two seconds. */
const PATIENCE = 2;
/** Pause before knocking again where Socket.IO does not by itself: after a refusal. */
const REFUSED_PAUSE_MS = 5_000;

const IDLE: LiveState = { connection: 'connecting', latestUpdate: null, reorgs: [], connects: 0, named: undefined };

export class LiveConnection {
  private state = IDLE;
  private socket: LiveSocket | undefined;
  private opened = false;
  private failures = 0;
  private seq: number | undefined;
  private named: number | undefined;
  /** Rises with every open and close: what an older one still awaits is then void. */
  private turn = 0;
  private readonly watchers = new Set<() => void>();
  private readonly handlers: { [E in LiveEvent]: Set<(payload: LiveEvents[E]) => void> } = {
    'analytics:batch-update': new Set(),
    'analytics:event-processed': new Set(),
    'analytics:snapshot-recorded': new Set(),
    'analytics:reorg': new Set(),
    'analytics:alert': new Set(),
    'analytics:alerts-changed': new Set(),
  };

  constructor(private readonly connect: Connect) {}

  readonly getState = (): LiveState => this.state;

  /** Calls back after every change of the state. @returns the end of it */
  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Hears one kind of server event. @returns the end of it */
  readonly on = <E extends LiveEvent>(event: E, handler: (payload: LiveEvents[E]) => void): (() => void) => {
    this.handlers[event].add(handler);
    return () => this.handlers[event].delete(handler);
  };

  /**
   * Connects, asking for everything after log position `seq`, which a function tells when it is needed; without one, for
   * what comes from now on. A second call changes nothing. If no socket can be made at all (its code did not load), the state is `offline` and the next call
   * tries again.
   */
  readonly open = async (seq?: number | (() => number | undefined)): Promise<void> => {
    if (this.opened) return;
    this.opened = true;
    this.seq = typeof seq === 'number' ? seq : undefined;
    const turn = ++this.turn;
    try {
      const socket = await this.connect((answer) => {
        this.named = this.seq ?? (typeof seq === 'function' ? seq() : undefined);
        answer(this.named === undefined ? {} : { seq: this.named });
      });
      if (turn !== this.turn) return;
      this.socket = socket;
      this.listen(socket);
      socket.connect();
    } catch {
      if (turn !== this.turn) return;
      this.opened = false;
      this.set({ ...this.state, connection: 'offline' });
    }
  };

  /** Ends the connection and forgets what came over it: the next `open` starts anew. */
  readonly close = (): void => {
    this.turn += 1;
    const socket = this.socket;
    this.socket = undefined;
    this.opened = false;
    this.seq = undefined;
    socket?.disconnect();
    this.set(IDLE);
  };

  private listen(socket: LiveSocket): void {
    const current = () => this.socket === socket;
    const knockLater = () =>
      setTimeout(() => {
        if (current()) socket.connect();
      }, REFUSED_PAUSE_MS);

    socket.on('connect', () => {
      this.failures = 0;
      this.set({ ...this.state, connection: 'connected', connects: this.state.connects + 1, named: this.named });
    });
    socket.on('disconnect', () => {
      if (!current()) return;
      this.set({ ...this.state, connection: 'reconnecting' });
      if (!socket.active) knockLater();
    });
    socket.on('connect_error', () => {
      if (!current()) return;
      this.failures += 1;
      if (this.failures >= PATIENCE) this.set({ ...this.state, connection: 'offline' });
      if (!socket.active) knockLater();
    });
    socket.on('analytics:batch-update', (update) => {
      this.seq = update.seq;
      this.set({ ...this.state, latestUpdate: update });
      this.emit('analytics:batch-update', update);
    });
    socket.on('analytics:reorg', (reorg) => {
      this.set({ ...this.state, reorgs: [reorg, ...this.state.reorgs].slice(0, KEPT_REORGS) });
      this.emit('analytics:reorg', reorg);
    });
    socket.on('analytics:alert', (notice) => this.emit('analytics:alert', notice));
    socket.on('analytics:alerts-changed', () => this.emit('analytics:alerts-changed', undefined));
    socket.on('analytics:event-processed', (event) => this.emit('analytics:event-processed', event));
    socket.on('analytics:snapshot-recorded', (snapshot) => this.emit('analytics:snapshot-recorded', snapshot));
  }

  private emit<E extends LiveEvent>(event: E, payload: LiveEvents[E]): void {
    for (const handler of this.handlers[event]) handler(payload);
  }

  private set(state: LiveState): void {
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}
