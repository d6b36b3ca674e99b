import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChainhookEventObserver } from '@hirosystems/chainhook-client';
import { PINO_CONFIG, logger as clientLogger } from '@hirosystems/chainhook-client/dist/util/logger.js';
import type { Logger } from 'pino';
import type { Network } from '../config.js';
import type { PredicateState } from '../contract/index.js';
import { ChainhookNode, isDead } from './chainhookNode.js';
import { isObject } from './json.js';
import { PREDICATE_NAMES, printPredicates, startHeight, type PrintPredicate } from './predicates.js';

/**
 * Keeps our predicates registered with a Chainhook node and takes its payloads on a port of their own. Whatever ends a
 * registration (a restart on either side, deliveries that failed), the next one is of all predicates, with new ids, and
 * starts before the last block seen: it leaves no hole. A node that is not there is waited for in the background.
 */
export interface ObserverOptions {
  /** Base URL of the node's API (`CHAINHOOK_NODE_URL`). */
  readonly nodeUrl: string;
  readonly network: Network;
  readonly deployer: string;
  /** Where to listen for payloads. */
  readonly host: string;
  readonly port: number;
  /** Base URL under which the node reaches that port; default: `host` and `port` themselves. */
  readonly externalUrl: string | undefined;
  /** What the node must send as bearer token. */
  readonly token: string;
  readonly startBlock: number | undefined;
  readonly rewindBlocks: number;
  readonly bodyLimitBytes: number;
  /** Directory for what is registered, so that a process that was killed is tidied up after. Holds the token: mode 0700. */
  readonly stateDir: string;
  readonly intake: ObserverIntake;
  readonly logger: Logger;
  /** How often the predicates are looked at, and how long after a failure the next attempt comes. */
  readonly intervalMs: number;
}

export interface ObserverIntake {
  /** Rejects when the payload could not be made durable: the node is told 500 and tries again. */
  deliver(body: unknown): Promise<unknown>;
  /** The node is about to deliver the blocks from this height on again. */
  beginRescan(fromHeight: number): void;
  /** Height of the last block seen. */
  tipHeight(): number | undefined;
}

export interface Observer {
  /** As last seen, `intervalMs` ago at most while the node answers. */
  predicates(): PredicateState[];
  /** Removes the predicates from the node and stops listening. */
  close(): Promise<void>;
}

export function startObserver(options: ObserverOptions): Observer {
  // The client's own lines would bypass the service's log; what matters of them is seen on the node, and logged here.
  clientLogger.level = 'silent';
  PINO_CONFIG.level = 'silent';
  const registration = new Registration(options);
  const stopped = registration.run();
  return {
    predicates: () => registration.states,
    close: () => {
      registration.stop();
      return stopped;
    },
  };
}

class Registration {
  states: PredicateState[] = unregistered('waiting for the node');
  readonly #stopping = new AbortController();
  readonly #node: ChainhookNode;
  #lastFailure: string | undefined;

  constructor(private readonly options: ObserverOptions) {
    this.#node = new ChainhookNode(options.nodeUrl, this.#stopping.signal);
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Registers, watches, and registers again, until stopped. Never rejects. */
  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const listener = this.#listener();
      try {
        await this.#node.ping();
        await this.#removeLeftovers();
        const predicates = await this.#register(listener);
        await this.#watch(predicates);
      } catch (error) {
        this.#fail(error);
        this.states = unregistered('not registered');
      }
      // The client removes from the node what it registered; what it cannot remove is left over for the next time.
      await listener.close().catch((error: unknown) => this.#fail(error));
      await this.#pause();
    }
  }

  #listener(): ChainhookEventObserver {
    const { nodeUrl, host, port, token, bodyLimitBytes, stateDir } = this.options;
    return new ChainhookEventObserver(
      {
        hostname: host,
        port,
        auth_token: token,
        external_base_url: this.#externalUrl(),
        body_limit: bodyLimitBytes,
        node_type: 'chainhook',
        predicate_disk_file_path: stateDir,
        validate_chainhook_payloads: false,
        // The client waits for a node for ever and cannot be stopped from it, and its health check takes a predicate that
        // still scans for a dead one and starts it again and again: both are done here instead.
        wait_for_chainhook_node: false,
      },
      { base_url: nodeUrl },
    );
  }

  #externalUrl(): string {
    const { externalUrl, host, port } = this.options;
    return externalUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  async #register(listener: ChainhookEventObserver): Promise<PrintPredicate[]> {
    const { network, deployer, token, startBlock, rewindBlocks, intake, logger } = this.options;
    const tip = intake.tipHeight();
    const from = startHeight(tip, rewindBlocks, startBlock);
    const url = `${this.#externalUrl()}/payload`;
    const predicates = printPredicates({
      network,
      deployer,
      startBlock: from,
      delivery: { url, token },
      uuidOf: () => randomUUID(),
    });
    // Gives each predicate a new uuid, in place, before it posts it; listens only after the last one.
    await listener.start(predicates, async (payload) => {
      await intake.deliver(payload);
    });
    if (tip !== undefined) intake.beginRescan(from);
    this.#lastFailure = undefined;
    this.states = predicates.map(({ name, uuid }) => ({ name, uuid, status: 'registering', lastBlock: null }));
    logger.info({ node: this.options.nodeUrl, from, url }, 'predicates registered');
    return predicates;
  }

  /** Ends when a predicate is dead or unknown to the node, or when stopped. A node that is away keeps its predicates. */
  async #watch(predicates: readonly PrintPredicate[]): Promise<void> {
    let unknownBefore = new Set<string>();
    while (!this.#stopping.signal.aborted) {
      const unknown = new Set<string>();
      try {
        const lost = await this.#look(predicates, unknown);
        const gone = lost ?? predicates.find(({ uuid }) => unknown.has(uuid) && unknownBefore.has(uuid))?.name;
        if (gone !== undefined) {
          const state = this.states.find(({ name }) => name === gone);
          this.options.logger.warn(
            { predicate: gone, status: state?.status },
            'predicate lost: all are registered again',
          );
          return;
        }
        this.#lastFailure = undefined;
      } catch (error) {
        this.#fail(error);
        this.states = this.states.map((state) => ({ ...state, status: 'node not reachable' }));
      }
      unknownBefore = unknown;
      await this.#pause();
    }
  }

  /** @returns the name of a predicate that is dead. Those that the node does not know, or not yet, go to `unknown`. */
  async #look(predicates: readonly PrintPredicate[], unknown: Set<string>): Promise<string | undefined> {
    let dead: string | undefined;
    const states: PredicateState[] = [];
    for (const { name, uuid } of predicates) {
      const seen = await this.#node.status(uuid);
      if (seen === undefined) unknown.add(uuid);
      else if (isDead(seen)) dead = name;
      states.push({ name, uuid, status: seen?.status ?? 'unknown to the node', lastBlock: seen?.lastBlock ?? null });
    }
    this.states = states;
    return dead;
  }

  /** What a process that was killed, or a node that was away, left registered would deliver twice, and to a stale token. */
  async #removeLeftovers(): Promise<void> {
    const { stateDir } = this.options;
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    for (const file of await readdir(stateDir)) {
      if (!file.endsWith('.json')) continue;
      const path = join(stateDir, file);
      const uuid = uuidIn(await readFile(path, 'utf8'));
      if (uuid !== undefined) await this.#node.remove(uuid);
      await rm(path);
    }
  }

  /** Logs a failure once, however often it is met again. */
  #fail(error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    if (reason !== this.#lastFailure) this.options.logger.warn({ reason }, 'chainhook node: trying again');
    this.#lastFailure = reason;
  }

  async #pause(): Promise<void> {
    await sleep(this.options.intervalMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

function unregistered(status: string): PredicateState[] {
  return PREDICATE_NAMES.map((name) => ({ name, uuid: '', status, lastBlock: null }));
}

function uuidIn(text: string): string | undefined {
  try {
    const predicate: unknown = JSON.parse(text);
    return isObject(predicate) && typeof predicate['uuid'] === 'string' ? predicate['uuid'] : undefined;
  } catch {
    // Cut off while it was written: nothing tells which predicate it was.
    return undefined;
  }
}
