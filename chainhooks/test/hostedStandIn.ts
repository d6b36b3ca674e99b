import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Chainhook, ChainhookDefinition } from '@hirosystems/chainhooks-client';

/** Hiro's hosted Chainhooks API as far as our commands call it, for the tests: one account, with one API key. */
export class HostedStandIn {
  readonly url: string;
  readonly chainhooks: Chainhook[] = [];
  secret: string | null = null;

  static async start(apiKey: string): Promise<HostedStandIn> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostedStandIn(server, apiKey);
  }

  private constructor(
    private readonly server: Server,
    apiKey: string,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => {
      void read(request).then((body) => {
        response.setHeader('content-type', 'application/json');
        response.statusCode = request.headers['x-api-key'] === apiKey ? 200 : 401;
        const answer = response.statusCode === 200 ? this.#answer(request, body) : { error: 'unauthorized' };
        if (answer === undefined) response.statusCode = 204;
        response.end(answer === undefined ? undefined : JSON.stringify(answer));
      });
    });
  }

  add(definition: ChainhookDefinition, status: Chainhook['status']['status'] = 'streaming'): Chainhook {
    const chainhook: Chainhook = {
      uuid: randomUUID(),
      definition,
      status: {
        status,
        enabled: true,
        created_at: 1,
        last_evaluated_at: 2,
        last_evaluated_block_height: 170_000,
        last_occurrence_at: null,
        last_occurrence_block_height: null,
        evaluated_block_count: 1,
        occurrence_count: 0,
      },
    };
    this.chainhooks.push(chainhook);
    return chainhook;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  #answer(request: IncomingMessage, body: string): unknown {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const call = `${request.method} ${pathname}`;
    if (call === 'GET /chainhooks/me/secret') return { secret: this.secret };
    if (call === 'POST /chainhooks/me') return this.add(JSON.parse(body) as ChainhookDefinition, 'new');
    if (call === 'GET /chainhooks/me') {
      const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
      const results = this.chainhooks.slice(offset, offset + limit);
      return { offset, limit, total: this.chainhooks.length, results };
    }
    const index = this.chainhooks.findIndex(({ uuid }) => call === `DELETE /chainhooks/me/${uuid}`);
    if (index >= 0) this.chainhooks.splice(index, 1);
    return undefined;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
