import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PrintPredicate, PrintSpecification } from '../../src/chain/predicates.js';
import { badgeMinted, payload, recentBlock, tx } from './payloads.js';

/**
 * A Chainhook node (v1) as seen over HTTP: its predicate API with the real status in the body, a chain of blocks of its
 * own, a scan from `start_block` upon registration, each predicate at its own speed, and deliveries in 3 attempts, after
 * which the predicate is interrupted. Delivers a block to a predicate when the block has a print of its contract; each
 * print of a `badge-issuer` mints the badge whose id is the height.
 */
export interface MinedBlock {
  readonly height: number;
  /** Blocks of one fork are linked by their parents. */
  readonly fork: string;
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
  /** Calls that are taken and never answered, such as `POST /v1/chainhooks`. */
  readonly unanswered = new Set<string>();
  /** Calls that fail inside the node, such as `GET /ping`. */
  readonly failing = new Set<string>();
  /** Heights that a scan leaves out, as real ones do now and then. */
  readonly skipped = new Set<number>();
  /** Whether `/ping` tells the height of the newest block, as some versions do. */
  tellsTip = false;
  /** Whether a status tells the last height that was evaluated. */
  tellsReach = true;
  readonly #held = new Map<string, Promise<void>>();
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
    const mined = { height: this.blocks.length + 1, fork: this.blocks.at(-1)?.fork ?? 'A', contracts };
    this.blocks.push(mined);
    await Promise.all([...this.#registered.values()].map((registered) => this.#deliver(registered, mined)));
  }

  /** The blocks from `height` up are replaced by those of another fork without prints, and nobody is told. */
  replaceFrom(height: number, fork: string): void {
    for (const old of this.blocks.splice(height - 1)) this.blocks.push({ height: old.height, fork, contracts: [] });
  }

  /** Evaluates no further block for the predicate of `contract` until the returned function is called. */
  hold(contract: string): () => void {
    let release = (): void => undefined;
    this.#held.set(contract, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(contract);
      release();
    };
  }

  /** The predicate of `contract` comes to an end that is none of ours, such as `confirmed_expiration`. */
  end(contract: string, type: string): void {
    for (const registered of this.#registered.values())
      if (registered.specification.if_this.contract_identifier === contract) {
        registered.status = { type, info: {} };
        registered.enabled = false;
      }
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

  #deliver(registered: Registered, mined: MinedBlock): Promise<void> {
    registered.queue = registered.queue.then(() => this.#evaluate(registered, mined));
    return registered.queue;
  }

  async #evaluate(registered: Registered, mined: MinedBlock): Promise<void> {
    const { predicate, specification } = registered;
    const { contract_identifier: contract } = specification.if_this;
    await this.#held.get(contract);
    const isActive = (): boolean => this.#registered.get(predicate.uuid) === registered && registered.enabled;
    if (!isActive() || mined.height < specification.start_block) return;
    const isLeftOut = registered.status.type === 'scanning' && this.skipped.has(mined.height);
    if (mined.contracts.includes(contract) && !isLeftOut && !(await this.#attempt(registered, mined, isActive))) return;
    registered.status.info = { last_evaluated_block_height: mined.height };
  }

  async #attempt(registered: Registered, mined: MinedBlock, isActive: () => boolean): Promise<boolean> {
    const { predicate, specification } = registered;
    for (let attempt = 1; attempt <= ATTEMPTS && isActive(); attempt += 1) {
      const status = await post(specification.then_that.http_post, payloadOf(predicate, specification, mined));
      this.attempts.push(status);
      if (status >= 200 && status < 300) return true;
      if (attempt < ATTEMPTS) await sleep(this.attemptDelayMs);
    }
    registered.status = { type: 'interrupted', info: `unable to deliver block ${mined.height}` };
    registered.enabled = false;
    return false;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = `${request.method} ${request.url}`;
    const answer = this.#handle(call, Buffer.concat(chunks).toString());
    if (this.unanswered.has(call)) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }

  #handle(call: string, body: string): Record<string, unknown> {
    const uuid = call.slice(call.lastIndexOf('/') + 1);
    if (this.failing.has(call)) return { status: 500, error: 'unable to read from database' };
    if (call === 'GET /ping') {
      const tip = { stacks: { tip_height: this.blocks.length } };
      return { status: 200, result: this.tellsTip ? tip : 'chainhook service up and running' };
    }
    if (call === 'POST /v1/chainhooks') return this.#register(JSON.parse(body) as PrintPredicate);
    if (call.startsWith('GET /v1/chainhooks/')) {
      const found = this.#registered.get(uuid);
      if (found === undefined) return { status: 404 };
      const status = this.tellsReach ? found.status : { type: found.status.type };
      return { status: 200, result: { chain: 'stacks', uuid, status, enabled: found.enabled } };
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
    const isNew = this.blocks.length < specification.start_block;
    const registered: Registered = {
      predicate,
      specification,
      status: {
        type: isNew ? 'streaming' : 'scanning',
        info: { last_evaluated_block_height: Math.min(this.blocks.length, specification.start_block - 1) },
      },
      enabled: true,
      queue: Promise.resolve(),
    };
    this.#registered.set(predicate.uuid, registered);
    for (const mined of this.blocks) void this.#deliver(registered, mined);
    registered.queue = registered.queue.then(() => {
      if (registered.enabled) registered.status.type = 'streaming';
    });
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

function payloadOf({ uuid }: PrintPredicate, { if_this }: PrintSpecification, { height, fork }: MinedBlock): unknown {
  const contract = if_this.contract_identifier;
  const prints = contract.endsWith('.badge-issuer') ? [{ ...badgeMinted(height), contract }] : [];
  const described = recentBlock(height, [tx(`${contract} ${height}`, prints)], { fork });
  return { ...(payload('raw', { apply: [described] }) as object), chainhook: { uuid, is_streaming_blocks: true } };
}
