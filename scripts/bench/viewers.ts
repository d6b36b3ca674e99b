import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Viewers as cheap as they can be: WebSocket connections that speak just enough of Socket.IO (Engine.IO 4) to be told, and
 * that note when an event arrives without parsing it. A thousand real clients would spend more on JSON than is measured.
 */
const EVENT = '42["analytics:batch-update"';
/** Handshakes under way at a time. */
const CONNECTING = 50;
/** The masking key that every client frame carries; zeros change nothing. */
const NO_MASK = Buffer.alloc(4);
const TEXT_FRAME = 0x81;
/** Longest wait until all have been told of a batch. */
const ROUND_WITHIN_MS = 30_000;

export interface Told {
  /** What the event says it was sent at, in ms since the epoch. */
  readonly atMs: number;
  /** When the last viewer had it, in ms since the epoch. */
  readonly lastMs: number;
}

export class Viewers {
  readonly #sockets: Socket[] = [];
  #waiting:
    | { left: number; atMs: number; readonly resolve: (told: Told) => void; readonly reject: (error: Error) => void }
    | undefined;
  #lost: Error | undefined;

  private constructor(private readonly roundWithinMs: number) {}

  /** Resolves when `count` of them are connected and admitted. */
  static async connect(url: string, token: string, count: number, roundWithinMs = ROUND_WITHIN_MS): Promise<Viewers> {
    const viewers = new Viewers(roundWithinMs);
    for (let connected = 0; connected < count; connected += CONNECTING)
      await Promise.all(
        Array.from({ length: Math.min(CONNECTING, count - connected) }, () => viewers.#connectOne(url, token)),
      );
    return viewers;
  }

  /** Resolves when each viewer has been told of one batch more; rejects when one is lost, or not told in time. */
  next(): Promise<Told> {
    const count = this.#sockets.length;
    let late: NodeJS.Timeout | undefined;
    const told = new Promise<Told>((resolve, reject) => {
      if (this.#lost !== undefined) return reject(this.#lost);
      const waiting = (this.#waiting = { left: count, atMs: 0, resolve, reject });
      late = setTimeout(
        () =>
          reject(new Error(`${waiting.left} of ${count} viewers were not told within ${this.roundWithinMs / 1_000} s`)),
        this.roundWithinMs,
      );
    }).finally(() => {
      clearTimeout(late);
      this.#waiting = undefined;
    });
    // Told where it is waited for: until then one that is lost must not end the run.
    told.catch(() => undefined);
    return told;
  }

  close(): void {
    this.#waiting = undefined;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connectOne(url: string, token: string): Promise<void> {
    const socket = await upgrade(url);
    this.#sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      let why = '';
      // Its `close` follows.
      socket.on('error', ({ message }) => (why = `: ${message}`));
      socket.once('close', () => {
        const lost = (this.#lost ??= new Error(`a viewer was disconnected${why}`));
        reject(lost);
        this.#waiting?.reject(lost);
      });
      eachText(socket, (text) => {
        if (text.startsWith(EVENT)) this.#note(text);
        else if (text.startsWith('0')) send(socket, `40${JSON.stringify({ token })}`);
        else if (text === '2') send(socket, '3');
        else if (text.startsWith('44')) reject(new Error(`a viewer was refused: ${text}`));
        else if (text.startsWith('40')) resolve();
      });
    });
  }

  #note(text: string): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    if (waiting.atMs === 0) waiting.atMs = Date.parse(/"at":"([^"]+)"/.exec(text)?.[1] ?? '');
    waiting.left -= 1;
    if (waiting.left > 0) return;
    // By the clock that names `atMs`.
    waiting.resolve({ atMs: waiting.atMs, lastMs: Date.now() });
  }
}

function upgrade(url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/socket.io/?EIO=4&transport=websocket`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    asked.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.once('response', ({ statusCode }) => reject(new Error(`no WebSocket, but ${statusCode}`)));
    asked.once('error', reject);
    asked.end();
  });
}

/** Text frames of a server: never masked, and here never in fragments. */
function eachText(socket: Socket, take: (text: string) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (let frame = frameIn(received); frame !== undefined; frame = frameIn(received)) {
      const text = received.toString('utf8', frame.start, frame.end);
      received = received.subarray(frame.end);
      take(text);
    }
  });
}

function frameIn(bytes: Buffer): { start: number; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  return bytes.length < start + length ? undefined : { start, end: start + length };
}

/** @param text of some hundred characters at most */
function send(socket: Socket, text: string): void {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([TEXT_FRAME, 0x80 | payload.length])
      : Buffer.from([TEXT_FRAME, 0x80 | 126, payload.length >>> 8, payload.length & 0xff]);
  socket.write(Buffer.concat([head, NO_MASK, payload]));
}
