import type { Logger } from 'pino';
import { MAX_LISTED_BLOCKS, type BlockReference, type DeliveryReceipt } from '../contract/index.js';
import type { Fact } from '../events/fact.js';
import { skimCommit } from '../log/codec.js';
import type { Commit, EventLog, LogEntry } from '../log/log.js';
import { BlockIndex, type Moves, type Reorgs } from './blocks.js';
import { CanonicalChain, type Decision } from './canonical.js';
import { contractsOf } from './contracts.js';
import { Decisions } from './decisions.js';
import { decodeBlock, type DecodedBlock, type SetAside } from './decode.js';
import { FactIds } from './factIds.js';
import { Gate, type GateLimits } from './gate.js';
import { listedMoves } from './listedMoves.js';
import { parsePayload, payloadOf, takenBackIn, type PayloadVersion, type Problem, type RawBlock } from './payload.js';

/**
 * Takes deliveries of the chain. One is answered only when everything that it brought, and everything that it was found
 * to repeat, is on disk. Deliveries are decided one at a time and in order, but do not wait for each other's flush: they
 * share group commits. What could not be written is forgotten exactly, so that its redelivery counts once.
 */
export interface IntakeOptions {
  readonly log: EventLog;
  readonly quarantine: QuarantineSink;
  /** Principal whose contracts are ours. */
  readonly deployer: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly logger: Logger;
  readonly limits?: Partial<GateLimits>;
  /** What a checkpoint knew of the log; the rest is read from there. */
  readonly blocks?: BlockIndex;
}

/** Where input goes that was not understood. Adding the same input again changes nothing. Durable when it resolves. */
export interface QuarantineSink {
  addAll(items: readonly NotUnderstood[]): Promise<void>;
}

export interface NotUnderstood extends Problem {
  readonly source: 'chainhook-v1' | 'chainhook-v2' | 'chainhook';
  readonly input: unknown;
}

/** What became durable, told in the order of the log. */
export interface Committed extends Moves {
  readonly entries: readonly LogEntry[];
}

export interface IntakeStatus {
  /** The highest block that counts; `atMs` is its block time. */
  readonly tip: (BlockReference & { readonly atMs: number }) | null;
  /** When a chain node last delivered anything, in ms; null since the start of the process. */
  readonly lastDeliveryAtMs: number | null;
  readonly reorgs: Reorgs;
  /** Blocks that count though nothing proves them, highest first, `MAX_LISTED_BLOCKS` at most. */
  readonly unproven: readonly (BlockReference & { readonly atMs: number; readonly reason: string })[];
  /** All of them. */
  readonly unprovenCount: number;
  /** Deliveries under way or waiting for their turn. */
  readonly queued: number;
}

/** Entries, some milliseconds. */
const READ_IN_ONE_TURN = 2_000;

const DEFAULT_LIMITS: GateLimits = { maxPending: 64, maxWaitMs: 10_000 };

export class Intake {
  readonly #ours: ReadonlySet<string>;
  readonly #gate: Gate;
  readonly #chain: CanonicalChain;
  readonly #decisions: Decisions;
  readonly #factIds: FactIds;
  readonly #listeners = new Set<(committed: Committed) => void>();
  #lastDeliveryAtMs: number | null = null;

  /**
   * Reads what the log holds beyond `options.blocks`.
   * @throws {LogUnavailableError} when the log cannot be read. {LogFormatError} when a record of it is damaged; where what is
   * damaged is a field of a fact, the folds find it.
   */
  static async open(options: IntakeOptions): Promise<Intake> {
    const { log, logger } = options;
    let blocks = options.blocks ?? new BlockIndex();
    if (blocks.seq > log.head) {
      logger.warn({ seq: blocks.seq, head: log.head }, 'the checkpoint is ahead of the log: its blocks are not used');
      blocks = new BlockIndex();
    }
    let read = 0;
    for await (const commit of log.read(blocks.seq)) {
      const outline = skimCommit(commit);
      blocks.recordOutline(outline);
      read += outline.count;
      // A log of millions takes a while: signals and timers are heard meanwhile.
      if (read < READ_IN_ONE_TURN) continue;
      read = 0;
      await new Promise(setImmediate);
    }
    return new Intake(options, blocks);
  }

  private constructor(
    private readonly options: IntakeOptions,
    private readonly blocks: BlockIndex,
  ) {
    const { log, logger, deployer, limits } = options;
    this.#ours = contractsOf(deployer);
    this.#gate = new Gate({ ...DEFAULT_LIMITS, ...limits });
    this.#chain = new CanonicalChain(blocks);
    this.#factIds = new FactIds(log, blocks);
    this.#decisions = new Decisions({
      log,
      blocks,
      chain: this.#chain,
      logger,
      onDurable: (decision) => this.#tell(decision),
    });
  }

  /**
   * Takes the JSON body of one payload, whatever it is; what is not understood goes to quarantine. Resolves when all of
   * it is durable.
   * @throws {BusyError} when too many deliveries were under way for too long, {LogUnavailableError} when it could not be
   * written. In both cases it may be delivered again and then counts once.
   */
  deliver(body: unknown): Promise<DeliveryReceipt> {
    this.#lastDeliveryAtMs = this.options.clock();
    return this.#gate.run(() => this.#take(body, false));
  }

  /**
   * Takes quarantined input again, after a fix. It adds facts, but moves no block that is known, as what was delivered
   * since has decided, unless that waits for its word. What is still not understood is counted as `quarantined` and stays
   * there. Throws as `deliver`.
   */
  replay({ input }: { readonly input: unknown }): Promise<DeliveryReceipt> {
    return this.#gate.run(() => this.#take(input, true));
  }

  /** An admin's word that a block is on the winning fork. Undefined if no such block is known. Throws as `deliver`. */
  confirm(hash: string): Promise<DeliveryReceipt | undefined> {
    return this.#rule(hash, () => this.#chain.confirm(hash));
  }

  /** An admin's word that a block, and so what descends from it, is not. Undefined if no such block is known. */
  retract(hash: string): Promise<DeliveryReceipt | undefined> {
    return this.#rule(hash, () => this.#chain.retract(hash));
  }

  /** Takes over what another writer has appended; commits come in the order of the log, none twice. */
  follow(commit: Commit): Promise<void> {
    return this.#decisions.follow(commit);
  }

  /**
   * Tells that a node will deliver the blocks from height `from` again; those that it leaves out become unproven.
   * @param isOver whether it has delivered all up to this height; without it, the first block above tells so.
   */
  beginRescan(from: number, isOver?: (to: number) => boolean): void {
    this.#chain.beginRescan(from, isOver);
  }

  /** Ends a rescan that is over although no block above it came. Throws as `deliver`. */
  async endRescan(): Promise<void> {
    await this.#decisions.make(
      () => Promise.resolve(),
      () => ({ decision: this.#chain.endRescan(), factIds: new Map() }),
    );
  }

  /** Whether blocks are yet to be delivered again. */
  isRescanning(): boolean {
    return this.#chain.isRescanning;
  }

  status(): IntakeStatus {
    const tip = this.#chain.tip();
    return {
      tip: tip === undefined ? null : { height: tip.height, hash: tip.hash, atMs: tip.atMs },
      lastDeliveryAtMs: this.#lastDeliveryAtMs,
      reorgs: this.blocks.reorgs,
      unproven: this.#chain
        .unproven()
        .slice(0, MAX_LISTED_BLOCKS)
        .map(({ height, hash, atMs, reason }) => ({ height, hash, atMs, reason })),
      unprovenCount: this.#chain.unprovenCount,
      queued: this.#gate.queued,
    };
  }

  /** Calls `listener` after each flush that wrote anything. @returns how to end that. */
  onCommitted(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #take(body: unknown, late: boolean): Promise<DeliveryReceipt> {
    const payload = parsePayload(body);
    if (!payload.understood) {
      const { version, reason, field } = payload;
      const problem = { reason, ...(field !== undefined && { field }) };
      // Taken again: what it takes back was put in doubt when it came.
      if (!late) await this.#doubt(takenBackIn(body));
      await this.#setAside(version, [{ ...problem, input: body }]);
      return { ...NOTHING, quarantined: 1 };
    }
    const reading = new Reading(payload.apply, this.#ours);
    const blocks = [...payload.rollback, ...payload.apply];
    const { moves } = await this.#decisions.make(
      () => this.#knownIds(blocks),
      (known) => {
        const factsOf = (block: RawBlock) => reading.newFacts(block, known.get(block.hash) ?? new Set());
        const decision = late ? this.#chain.deliverLate(payload, factsOf) : this.#chain.deliver(payload, factsOf);
        return { decision, factIds: known };
      },
    );
    const { accepted, duplicates, ignored, setAside } = reading;
    const inputs = setAside.map(({ block, transaction, reason, field }) => {
      const { input, path } = payloadOf(transaction, block, payload.version);
      return { reason, field: field === '' ? path : `${path}.${field}`, input };
    });
    if (inputs.length > 0) await this.#setAside(payload.version, inputs);
    const quarantined = setAside.reduce((sum, { count }) => sum + count, 0);
    return { accepted, duplicates, ignored, quarantined, ...countOf(moves) };
  }

  /** Ids of the facts that are known of each block, on disk or on their way there. */
  async #knownIds(blocks: readonly RawBlock[]): Promise<Map<string, Set<string>>> {
    const known = new Map<string, Set<string>>();
    for (const { hash } of blocks) {
      if (known.has(hash)) continue;
      // First what is under way: what reaches the disk while the log is read is then in one of the two, or in both.
      const ids = new Set(this.#decisions.idsUnderWay(hash).flatMap((under) => [...under]));
      known.set(hash, ids);
      for (const id of await this.#factIds.of(hash)) ids.add(id);
    }
    return known;
  }

  async #doubt(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    await this.#decisions.make(
      () => Promise.resolve(),
      () => ({ decision: this.#chain.doubt(hashes), factIds: new Map() }),
    );
  }

  async #rule(hash: string, rule: () => Decision): Promise<DeliveryReceipt | undefined> {
    if (this.blocks.get(hash) === undefined) return undefined;
    const { moves } = await this.#decisions.make(
      () => Promise.resolve(),
      () => ({ decision: rule(), factIds: new Map() }),
    );
    return { ...NOTHING, ...countOf(moves) };
  }

  async #setAside(
    version: PayloadVersion | undefined,
    inputs: readonly Omit<NotUnderstood, 'source'>[],
  ): Promise<void> {
    // One line for all, as a delivery may have thousands: what is wrong with each is listed with it.
    const [{ reason, field } = {}] = inputs;
    this.options.logger.warn({ count: inputs.length, reason, field }, 'input set aside');
    const source = version === undefined ? 'chainhook' : (`chainhook-${version}` as const);
    await this.options.quarantine.addAll(inputs.map((input) => ({ source, ...input })));
  }

  #tell({ entries, moves }: Decision): void {
    const { rolledBack, applied } = moves;
    if (rolledBack.length > 0) this.options.logger.info(listedMoves(moves), 'blocks ceased to count');
    for (const listener of this.#listeners) {
      try {
        listener({ entries, rolledBack, applied });
      } catch (error) {
        this.options.logger.error({ err: error }, 'a listener failed');
      }
    }
  }
}

const NOTHING: DeliveryReceipt = {
  accepted: 0,
  duplicates: 0,
  ignored: 0,
  quarantined: 0,
  applied: 0,
  rolledBack: 0,
};

const countOf = ({ applied, rolledBack }: Moves) => ({ applied: applied.length, rolledBack: rolledBack.length });

/** What one payload says, block by block, and how it is counted. */
class Reading {
  accepted = 0;
  duplicates = 0;
  ignored = 0;
  readonly setAside: (SetAside & { readonly block: RawBlock })[] = [];
  readonly #decoded = new Map<RawBlock, DecodedBlock>();

  /** Decodes `apply` at once, outside the turn of a decision; rolled back blocks are mostly known and never decoded. */
  constructor(
    apply: readonly RawBlock[],
    private readonly ours: ReadonlySet<string>,
  ) {
    for (const block of apply) this.#decoded.set(block, decodeBlock(block, ours));
  }

  /** The facts of a block that are not among `known`, which then holds them. */
  newFacts(block: RawBlock, known: Set<string>): readonly Fact[] {
    const decoded = this.#decoded.get(block) ?? decodeBlock(block, this.ours);
    this.ignored += decoded.ignored;
    for (const item of decoded.setAside) this.setAside.push({ ...item, block });
    const facts = decoded.facts.filter(({ id }) => {
      if (known.has(id)) return false;
      known.add(id);
      return true;
    });
    this.accepted += facts.length;
    this.duplicates += decoded.facts.length - facts.length;
    return facts;
  }
}
