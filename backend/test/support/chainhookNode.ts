import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PrintPredicate, PrintSpecification } from '../../src/chain/predicates.js';

/**
 * A Chainhook node (v1) as seen over HTTP: its predicate API with the real status in the body, a chain of blocks of its
 * own, a scan from `start_block` upon registration, and deliveries in 3 attempts, after which the predicate is
 * interrupted. Delivers a block to a predicate when the block has a print of its contract.
 */
export interface MinedBlock {
  readonly height: number;
  readonly hash: string;
  /** Contract identifiers that printed in it. */
  readonly contracts: readonly string[];
}

interface Registered {
  readonly predicate: PrintPredicate;
  readonly specification: PrintSpecification;
  status: { type: string; info?: unknown };
  enabled: boolean;
  /** Deliveries of one predicate follow each other. */
  queue: Promise<void>;
}

const ATTEMPTS = 3;

export class StandInNode {
  readonly url: string;
  /** Every predicate ever posted, in order, those that were refused included. */
  readonly posted: PrintPredicate[] = [];
  readonly blocks: MinedBlock[] = [];
  /** HTTP status of each delivery attempt, 0 for a connection that was refused. */
  readonly attempts: number[] = [];
  /** Contracts whose predicates are refused, as for a bad expression. */
  readonly refused = new Set<string>();
  readonly #registered = new Map<string, Registered>();

  /** @param attemptDelayMs time between two attempts: 1,000 in a real node. */
  static async start(attemptDelayMs: number, port = 0): Promise<StandInNode> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new StandInNode(server, attemptDelayMs);
  }

  private constructor(
    private readonly server: Server,
    private readonly attemptDelayMs: number,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  get predicates(): readonly PrintPredicate[] {
    return [...this.#registered.values()].map(({ predicate }) => predicate);
  }

  statusOf(uuid: string): string | undefined {
    return this.#registered.get(uuid)?.status.type;
  }

  /** Adds a block on top and delivers it to the predicates that it concerns; resolves when all attempts are over. */
  async mine(...contracts: string[]): Promise<void> {
    const height = this.blocks.length + 1;
    const block = { height, hash: `0x${randomUUID().replaceAll('-', '').padStart(64, '0')}`, contracts };
    this.blocks.push(block);
    await Promise.all([...this.#registered.values()].map((registered) => this.#deliver(registered, block)));
  }

  /** Forgets every predicate, as a node does whose database was lost. */
  forget(): void {
    this.#registered.clear();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  #deliver(registered: Registered, block: MinedBlock): Promise<void> {
    registered.queue = registered.queue.then(() => this.#attempt(registered, block));
    return registered.queue;
  }

  async #attempt(registered: Registered, block: MinedBlock): Promise<void> {
    const { predicate, specification } = registered;
    const { contract_identifier: contract } = specification.if_this;
    const isActive = (): boolean => this.#registered.get(predicate.uuid) === registered && registered.enabled;
    if (!isActive() || block.height < specification.start_block || !block.contracts.includes(contract)) return;
    for (let attempt = 1; attempt <= ATTEMPTS && isActive(); attempt += 1) {
      const status = await post(specification.then_that.http_post, payloadOf(predicate, contract, block));
      this.attempts.push(status);
      if (status >= 200 && status < 300) {
        registered.status = { type: 'streaming', info: { last_evaluated_block_height: block.height } };
        return;
      }
      if (attempt < ATTEMPTS) await sleep(this.attemptDelayMs);
    }
    registered.status = { type: 'interrupted', info: `unable to deliver block ${block.height}` };
    registered.enabled = false;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = this.#handle(`${request.method} ${request.url}`, Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  #handle(call: string, body: string): Record<string, unknown> {
    const uuid = call.slice(call.lastIndexOf('/') + 1);
    if (call === 'GET /ping') return { status: 200, result: 'chainhook service up and running' };
    if (call === 'POST /v1/chainhooks') return this.#register(JSON.parse(body) as PrintPredicate);
    if (call.startsWith('GET /v1/chainhooks/')) {
      const found = this.#registered.get(uuid);
      if (found === undefined) return { status: 404 };
      return { status: 200, result: { chain: 'stacks', uuid, status: found.status, enabled: found.enabled } };
    }
    if (call.startsWith('DELETE /v1/chainhooks/stacks/')) {
      this.#registered.delete(uuid);
      return { status: 200, result: 'Ok' };
    }
    return { status: 404 };
  }

  #register(predicate: PrintPredicate): Record<string, unknown> {
    this.posted.push(predicate);
    const [specification] = Object.values(predicate.networks);
    if (specification === undefined || this.refused.has(specification.if_this.contract_identifier))
      return { status: 422, error: "invalid 'if_this' value" };
    if (this.#registered.has(predicate.uuid)) return { status: 409, error: 'Predicate uuid already in use' };
    const info = { last_evaluated_block_height: this.blocks.length };
    const registered = {
      predicate,
      specification,
      status: { type: 'streaming', info },
      enabled: true,
      queue: Promise.resolve(),
    };
    this.#registered.set(predicate.uuid, registered);
    for (const block of this.blocks) void this.#deliver(registered, block);
    return { status: 200, result: predicate.uuid };
  }
}

async function post(target: PrintSpecification['then_that']['http_post'], payload: unknown): Promise<number> {
  try {
    const response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: target.authorization_header },
      body: JSON.stringify(payload),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

function payloadOf(predicate: PrintPredicate, contract: string, { height, hash }: MinedBlock): unknown {
  return {
    apply: [
      {
        block_identifier: { index: height, hash },
        parent_block_identifier: { index: height - 1, hash: '0x00' },
        timestamp: 1_760_000_000 + height,
        metadata: {},
        transactions: [],
      },
    ],
    rollback: [],
    chainhook: {
      uuid: predicate.uuid,
      predicate: { scope: 'print_event', contract_identifier: contract },
      is_streaming_blocks: true,
    },
  };
}
