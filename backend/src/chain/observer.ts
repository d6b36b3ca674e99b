import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventObserverOptions } from '@hirosystems/chainhook-client';
import type { Logger } from 'pino';
import type { Network } from '../config.js';
import type { PredicateState } from '../contract/index.js';
import { Deadline, unlessAborted } from '../deadline.js';
import { ChainhookNode, isDead } from './chainhookNode.js';
import { look } from './look.js';
import { PREDICATE_NAMES, printPredicates, startHeight, type PrintPredicate } from './predicates.js';
import { removeRegistered } from './registered.js';
import { advanced, begun, completeTo, NO_SCANS, type Scans, type ScanStore } from './scans.js';

/**
 * Keeps our predicates registered with a Chainhook node, from when the port for its payloads is open. Whatever ends a
 * registration (a restart on either side, deliveries that failed), the next one is of all predicates, with new ids, and
 * starts before the last block seen, or where its own scan was: it leaves no hole. A node that is not there is waited for.
 */
export interface ObserverOptions {
  /** Base URL of the node's API (`CHAINHOOK_NODE_URL`). */
  readonly nodeUrl: string;
  readonly network: Network;
  readonly deployer: string;
  /** Where its payloads are taken. */
  readonly host: string;
  readonly port: number;
  /** Base URL under which the node reaches that port. */
  readonly externalUrl: string;
  /** What the node must send as bearer token. */
  readonly token: string;
  readonly startBlock: number | undefined;
  readonly rewindBlocks: number;
  /** Resolves when they are: a node delivers at once, and gives up after three attempts. */
  readonly portOpen: Promise<unknown>;
  /** Directory for what the client notes of each predicate. Holds the token: mode 0700. */
  readonly stateDir: string;
  readonly registered: RegisteredStore;
  readonly intake: ObserverIntake;
  readonly scans: ScanStore;
  readonly logger: Logger;
  /** How often the predicates are looked at, and how long after a failure the next attempt comes. */
  readonly intervalMs: number;
  /** Default: `REGISTRATION_MS`. */
  readonly registrationMs?: number;
}

export interface ObserverIntake {
  /** The node is about to deliver the blocks from this height on again; `isOver` tells whether it has come past `to`. */
  beginRescan(fromHeight: number, isOver: (to: number) => boolean): void;
  /** Ends that if it is over. */
  endRescan(): Promise<void>;
  /** Whether there are blocks yet to come again. */
  isRescanning(): boolean;
  /** Height of the last block seen. */
  tipHeight(): number | undefined;
}

/**
 * Keeps the uuids of what is registered, with the log: whoever observes next, also in another process, tidies up after one
 * that was killed.
 */
export interface RegisteredStore {
  load(): Promise<readonly string[]>;
  /** Durable when it resolves. */
  save(uuids: readonly string[]): Promise<void>;
}

export interface Observer {
  /** As last seen, `intervalMs` ago at most while the node answers. */
  predicates(): PredicateState[];
  /** Height of the newest block that the node has told of; undefined when it has told of none yet. */
  nodeTip(): number | undefined;
  /** Removes the predicates from the node. */
  close(): Promise<void>;
}

/** Longest time that the end of a registration waits for the node: the whole service ends within 9 s. */
const REMOVAL_MS = 2_000;
/** Longest time that the node may take to register all predicates. The client itself would wait 300 s for each. */
const REGISTRATION_MS = 30_000;

/** Loaded when there is a node to register with: it brings a server and a client of HTTP, a fifth of a start's time. */
async function loadClient() {
  const [{ registerAllPredicatesOnObserverReady }, { logger }] = await Promise.all([
    import('@hirosystems/chainhook-client/dist/predicates.js'),
    import('@hirosystems/chainhook-client/dist/util/logger.js'),
  ]);
  // The client's own lines would bypass the service's log; what matters of them is seen on the node, and logged here.
  logger.level = 'silent';
  return registerAllPredicatesOnObserverReady;
}

export function startObserver(options: ObserverOptions): Observer {
  const registration = new Registration(options);
  const stopped = registration.run();
  return {
    predicates: () => registration.states,
    nodeTip: () => registration.nodeTip,
    close: () => {
      registration.stop();
      return stopped;
    },
  };
}

class Registration {
  states: PredicateState[] = unregistered('waiting for the node');
  nodeTip: number | undefined;
  #scans: Scans = NO_SCANS;
  /** What of them is known to be durable. */
  #saved: Scans = NO_SCANS;
  readonly #stopping = new AbortController();
  readonly #node: ChainhookNode;
  #lastFailure: string | undefined;
  /** Uuids that the node was asked to register, or is about to be. */
  #posted: readonly string[] = [];

  constructor(private readonly options: ObserverOptions) {
    this.#node = new ChainhookNode(options.nodeUrl, this.#stopping.signal);
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Registers, watches, and registers again, until stopped. Never rejects. */
  async run(): Promise<void> {
    // Once: what waits for a promise stays with it until it resolves.
    await unlessAborted(this.options.portOpen, this.#stopping.signal).catch((error: unknown) => this.#fail(error));
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#node.ping();
        await this.#remove(this.#node, await this.options.registered.load());
        const tip = this.options.intake.tipHeight();
        const predicates = await this.#predicates(tip);
        await this.#register(predicates);
        await this.#watch(predicates);
      } catch (error) {
        this.#fail(error);
        this.states = unregistered('not registered');
      }
      // What cannot be removed from the node now is left over for the next time.
      const node = new ChainhookNode(this.options.nodeUrl, AbortSignal.timeout(REMOVAL_MS));
      await this.#remove(node, this.#posted).catch((error: unknown) => this.#fail(error));
      await this.#pause();
    }
  }

  /**
   * What the client wants to know. It only registers: its listener compares tokens with `===`, its health check takes a
   * predicate that still scans for a dead one, and its removal overlooks what its own schema of predicates does not allow.
   * @param end when it is aborted, nothing more is posted.
   */
  #client(end: AbortSignal): { client: EventObserverOptions; node: { base_url: string } } {
    const { nodeUrl, externalUrl, host, port, token, stateDir, registered } = this.options;
    return {
      client: {
        hostname: host,
        port,
        auth_token: token,
        external_base_url: externalUrl,
        node_type: 'chainhook',
        predicate_disk_file_path: stateDir,
        // Before each is posted, with the uuid that it was just given.
        predicate_re_register_callback: async (predicate) => {
          end.throwIfAborted();
          this.#posted = [...this.#posted, predicate.uuid];
          await registered.save(this.#posted);
          return predicate;
        },
      },
      node: { base_url: nodeUrl },
    };
  }

  /** Remembers, before anything is asked of the node, that all of them begin to scan. */
  async #predicates(tip: number | undefined): Promise<PrintPredicate[]> {
    const { network, deployer, externalUrl, token, startBlock, rewindBlocks, scans } = this.options;
    const before = await scans.load();
    const heightFrom = (reached: number | undefined): number => startHeight(reached, rewindBlocks, startBlock);
    const rescanFrom = tip === undefined ? undefined : Math.min(heightFrom(tip), before.rescanFrom ?? Infinity);
    const startOf = (name: string): number =>
      Math.min(heightFrom(completeTo(before, name, tip)), rescanFrom ?? Infinity);
    this.#scans = begun(before, PREDICATE_NAMES, tip, { none: heightFrom(undefined), rescanFrom });
    await this.#saveScans();
    const delivery = { url: `${externalUrl}/payload`, token };
    return printPredicates({ network, deployer, startOf, delivery, uuidOf: () => randomUUID() });
  }

  async #register(predicates: PrintPredicate[]): Promise<void> {
    const { nodeUrl, externalUrl, intake, logger, registrationMs = REGISTRATION_MS } = this.options;
    const { rescanFrom } = this.#scans;
    this.states = unregistered('registering');
    if (rescanFrom !== undefined) intake.beginRescan(rescanFrom, (to) => this.#isPast(to));
    // Gives each predicate a new uuid, in place, and keeps it in `stateDir`.
    const register = await loadClient();
    const deadline = new Deadline(registrationMs, this.#stopping.signal);
    try {
      const { client, node } = this.#client(deadline.signal);
      // What the client has under way cannot be ended: it is left to itself.
      await unlessAborted(register(predicates, client, node), deadline.signal);
    } catch (error) {
      if (!deadline.isPassed) throw error;
      throw new Error(`${nodeUrl} did not register the predicates within ${registrationMs} ms`);
    } finally {
      deadline.end();
    }
    this.#lastFailure = undefined;
    this.states = predicates.map(({ name, uuid }) => ({ name, uuid, status: 'registering', lastBlock: null }));
    const from = rescanFrom ?? this.options.startBlock ?? 1;
    logger.info({ node: nodeUrl, from, url: `${externalUrl}/payload` }, 'predicates registered');
  }

  /** Whether every predicate has delivered what it scans up to this height. */
  #isPast(height: number): boolean {
    return this.states.every(
      ({ name, lastBlock }) => (this.#scans.predicates[name]?.streams ?? true) || (lastBlock ?? -1) >= height,
    );
  }

  /** Ends when a predicate is dead or unknown to the node, or when stopped. A node that is away keeps its predicates. */
  async #watch(predicates: readonly PrintPredicate[]): Promise<void> {
    let unknownBefore: ReadonlySet<string> = new Set<string>();
    while (!this.#stopping.signal.aborted) {
      let unknown: ReadonlySet<string> = new Set<string>();
      try {
        unknown = await this.#look(predicates);
        const lost = this.states.find(
          (state) => isDead(state) || (unknown.has(state.uuid) && unknownBefore.has(state.uuid)),
        );
        if (lost !== undefined) {
          const { name: predicate, status } = lost;
          this.options.logger.warn({ predicate, status }, 'predicate lost: all are registered again');
          return;
        }
      } catch (error) {
        this.#fail(error);
        this.states = this.states.map((state) => ({ ...state, status: 'node not reachable' }));
      }
      unknownBefore = unknown;
      await this.#pause();
    }
  }

  /** @returns uuids of those that the node does not know, or not yet. */
  async #look(predicates: readonly PrintPredicate[]): Promise<ReadonlySet<string>> {
    const seen = this.options.intake.tipHeight();
    const { states, told, unknown, tip, failures } = await look(this.#node, predicates, this.states);
    if (tip !== undefined) this.nodeTip = tip;
    this.states = states;
    const problems = [...failures];
    await this.#noteScans(told, seen).catch((error: unknown) => void problems.push(error));
    if (problems.length > 0) this.#fail(problems[0]);
    else this.#lastFailure = undefined;
    return unknown;
  }

  async #noteScans(seen: readonly PredicateState[], tip: number | undefined): Promise<void> {
    const { intake } = this.options;
    this.#scans = advanced(this.#scans, seen, tip);
    await intake.endRescan();
    if (!intake.isRescanning()) this.#scans = { predicates: this.#scans.predicates };
    if (JSON.stringify(this.#scans) !== JSON.stringify(this.#saved)) await this.#saveScans();
  }

  async #saveScans(): Promise<void> {
    const scans = this.#scans;
    await this.options.scans.save(scans);
    this.#saved = scans;
  }

  async #remove(node: ChainhookNode, uuids: readonly string[]): Promise<void> {
    await removeRegistered(node, uuids, this.options.stateDir);
    this.#posted = [];
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
