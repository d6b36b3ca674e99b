import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands between a client and a server on this machine, and breaks their connection where a test says: before a request
 * reaches the server, after it did but before its answer came back, or for as long as the test likes; or keeps it, silent.
 */
type Fate = 'lose' | 'hold' | 'cut the answer' | 'keep the answer';

/** How a request is known: by bytes that occur in it. */
export interface Rule {
  readonly needle: Buffer;
  readonly fate: Fate;
  /** For so many requests; then everything is let through again. */
  readonly times: number;
  /** So many are let through first; default 0. */
  readonly after?: number;
}

/** Longer than a try takes, and the driver's own one after it, also on a machine that is busy. */
const QUIET_MS = 2_000;

export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #rule: Rule | undefined;
  #isCut = false;
  #met = 0;
  readonly #held: (() => Promise<void>)[] = [];

  /** In front of a `port` of this machine. */
  static async start(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private constructor(port: number) {
    this.#server = createServer((client) => this.#join(client, connect(port, '127.0.0.1')));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many requests the rules have met so far. */
  get met(): number {
    return this.#met;
  }

  /**
   * Resolves when the rules have met no request for a while. A caller's last try may have begun before its refusal: let
   * through by a `mend`, it would be done after all.
   */
  async quiet(): Promise<void> {
    for (let met = -1; met !== this.#met; await sleep(QUIET_MS)) met = this.#met;
  }

  /** What happens to the next requests that hold `needle`. */
  break(rule: Rule): void {
    this.#rule = rule;
  }

  /** From here on nothing gets through, in either direction, and nobody is told: as when a cable is cut. */
  cut(): void {
    this.#isCut = true;
  }

  /** Lets everything through again. What was sent while the network was cut is lost, with its connection. */
  mend(): void {
    this.#rule = undefined;
    if (this.#isCut) for (const socket of this.#sockets) socket.destroy();
    this.#isCut = false;
  }

  /** Sends the first request that was held to the server, whose client has long gone; resolves when it is answered. */
  async release(): Promise<void> {
    await this.#held.shift()?.();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    let isCut = false;
    let isHeld = false;
    let isSilent = false;
    const end = (): void => {
      client.destroy();
      if (!isHeld) server.destroy();
    };
    client.on('close', end);
    server.on('close', end);
    server.on('data', (answer) => {
      if (this.#isCut || isSilent) return;
      if (isCut) end();
      else client.write(answer);
    });
    client.on('data', (request) => {
      if (this.#isCut) return;
      const fate = this.#fateOf(request);
      if (fate === 'lose') return end();
      if (fate === 'cut the answer') isCut = true;
      if (fate === 'keep the answer') isSilent = true;
      if (fate === 'hold') {
        isHeld = true;
        this.#held.push(async () => {
          const answered = new Promise((resolve) => server.once('data', resolve));
          server.write(request);
          await answered;
          server.destroy();
        });
        return end();
      }
      server.write(request);
    });
  }

  #fateOf(request: Buffer): Fate | undefined {
    const rule = this.#rule;
    if (rule === undefined || !request.includes(rule.needle)) return undefined;
    if (rule.after !== undefined && rule.after > 0) {
      this.#rule = { ...rule, after: rule.after - 1 };
      return undefined;
    }
    this.#met += 1;
    this.#rule = rule.times > 1 ? { ...rule, times: rule.times - 1 } : undefined;
    return rule.fate;
  }
}

/** The bytes in which MongoDB's protocol names a command and its collection: a BSON string, length first. */
export function commandOn(command: string, collection: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32LE(collection.length + 1);
  return Buffer.concat([Buffer.from(`${command}\0`), length, Buffer.from(`${collection}\0`)]);
}
