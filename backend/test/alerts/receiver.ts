import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import type { AlertMessage } from '../../src/contract/index.js';

/** A receiver of webhooks that checks signatures with a library that is not ours, and answers as a test wants. */
export class Receiver {
  /** What came with a good signature, in order: its id and what it says. */
  readonly taken: { readonly id: string; readonly message: AlertMessage }[] = [];
  /** Attempts that were refused because the test wanted it. */
  refused = 0;
  /** Status of the answers. */
  status = 204;
  secret = '';
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    await receiver.listen();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/alerts?key=not-to-be-shown`;
  }

  /** `firing 1`, `resolved 1`, … */
  get told(): string[] {
    return this.taken.map(({ message }) => `${message.data.event} ${message.data.incident}`);
  }

  /** Listens, again on the port that it had. */
  async listen(): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        const message = new Verifier(this.secret).verify(body, headers) as AlertMessage;
        if (this.status < 300) this.taken.push({ id: headers['webhook-id'] ?? '', message });
        else this.refused += 1;
        response.writeHead(this.status).end();
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
