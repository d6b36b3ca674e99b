import { Deadline } from '../deadline.js';
import type { PrintPredicate } from './predicates.js';
import { isObject } from './json.js';

/**
 * The HTTP API of a Chainhook node (v1), as far as predicates go. The node answers everything with HTTP 200 and puts the
 * real status in the body; it takes registrations and removals up later than it answers them.
 */
export interface PredicateStatus {
  readonly uuid: string;
  /** `new`, `scanning`, `streaming`, `interrupted`, `unconfirmed_expiration`, `confirmed_expiration`. */
  readonly status: string;
  /** Height of the last block evaluated; null where the node tells none. */
  readonly lastBlock: number | null;
  /** Why it was interrupted, in the node's words. */
  readonly detail?: string;
}

/** The node could not be reached, or refused. `status` is the one in its answer, if it gave any. */
export class ChainhookNodeError extends Error {
  override readonly name = 'ChainhookNodeError';
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** States that a predicate never leaves by itself. While it scans a predicate is not yet `enabled`, and yet alive. */
const DEAD = new Set(['interrupted', 'unconfirmed_expiration', 'confirmed_expiration']);
const TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;
/** Of what a node says of a failure, in characters: it is told in the log. */
const MAX_SAID = 300;

export function isDead({ status }: Pick<PredicateStatus, 'status'>): boolean {
  return DEAD.has(status);
}

/** Whether the node still goes through blocks of the past for it. A state that is not known here is taken for streaming. */
export function isScanning({ status }: Pick<PredicateStatus, 'status'>): boolean {
  return status === 'new' || status === 'scanning';
}

export class ChainhookNode {
  readonly #url: string;
  readonly #signal: AbortSignal | undefined;

  /** @param signal ends calls that are under way. All methods throw `ChainhookNodeError`. */
  constructor(url: string, signal?: AbortSignal) {
    this.#url = url;
    this.#signal = signal;
  }

  /** Height of the node's newest block; undefined when it does not tell, as most versions do not. */
  async ping(): Promise<number | undefined> {
    const result = await this.#call('GET', '/ping');
    const stacks = isObject(result) ? result['stacks'] : undefined;
    const height = isObject(stacks) ? stacks['tip_height'] : undefined;
    return typeof height === 'number' ? height : undefined;
  }

  async register(predicate: PrintPredicate): Promise<void> {
    await this.#call('POST', '/v1/chainhooks', predicate);
  }

  /** Undefined: the node knows no such predicate. */
  async status(uuid: string): Promise<PredicateStatus | undefined> {
    try {
      return readStatus(uuid, await this.#call('GET', `/v1/chainhooks/${encodeURIComponent(uuid)}`));
    } catch (error) {
      if (error instanceof ChainhookNodeError && error.status === NOT_FOUND) return undefined;
      throw error;
    }
  }

  /** One that the node does not know is as good as removed. */
  async remove(uuid: string): Promise<void> {
    try {
      await this.#call('DELETE', `/v1/chainhooks/stacks/${encodeURIComponent(uuid)}`);
    } catch (error) {
      if (!(error instanceof ChainhookNodeError) || error.status !== NOT_FOUND) throw error;
    }
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const deadline = new Deadline(TIMEOUT_MS, this.#signal);
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${this.#url}${path}`, {
        method,
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: deadline.signal,
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw new ChainhookNodeError(`${this.#url} is not reachable: ${reasonOf(error)}`);
    } finally {
      deadline.end();
    }
    const answer = parse(text);
    if (isObject(answer) && typeof answer['status'] === 'number') status = answer['status'];
    if (status >= 200 && status < 300) return isObject(answer) ? answer['result'] : undefined;
    const said = isObject(answer) ? (answer['error'] ?? answer['message']) : undefined;
    const words = typeof said === 'string' ? said : JSON.stringify(said);
    const reason = said === undefined ? '' : `: ${words.slice(0, MAX_SAID)}`;
    throw new ChainhookNodeError(`${this.#url} answered ${method} ${path} with ${status}${reason}`, status);
  }
}

function readStatus(uuid: string, result: unknown): PredicateStatus {
  const status = isObject(result) ? result['status'] : undefined;
  // As of a proxy that answers in the node's place: taken for a predicate that streams, it would have no hole to fill.
  if (!isObject(status) || typeof status['type'] !== 'string')
    throw new ChainhookNodeError(`the answer about predicate ${uuid} does not tell its status`);
  const info = status['info'];
  const lastBlock = isObject(info) ? info['last_evaluated_block_height'] : undefined;
  return {
    uuid,
    status: status['type'],
    lastBlock: typeof lastBlock === 'number' ? lastBlock : null,
    ...(typeof info === 'string' && { detail: info }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` says "fetch failed" and hides why (`ECONNREFUSED`, …) in the cause. */
function reasonOf(error: unknown): string {
  const cause = isObject(error) ? error['cause'] : undefined;
  if (isObject(cause) && typeof cause['code'] === 'string') return cause['code'];
  return error instanceof Error ? error.message : String(error);
}
