import type { Logger } from 'pino';
import type { Commit, EventLog, LogEntry } from '../log/log.js';
import type { BlockIndex } from './blocks.js';
import type { CanonicalChain, Decision } from './canonical.js';

/**
 * Makes decisions durable. They are made one at a time and appended in that order, without waiting for the flush of the
 * one before. Each is acknowledged only when it and all before it are on disk. When one could not be written, all that
 * are not on disk are undone before the next is made, so that the chain is again what the log says.
 */
export interface Made {
  readonly decision: Decision;
  /** By block hash, the ids of facts that must not be taken for new while this is under way. */
  readonly factIds: ReadonlyMap<string, ReadonlySet<string>>;
}

interface Pending extends Made {
  readonly appended: ReturnType<EventLog['append']>;
  acknowledged: boolean;
  /** Of a decision that is too large for one commit: where the others begin, once it is on disk. */
  furtherCommits: readonly number[];
}

export interface DecisionsOptions {
  readonly log: EventLog;
  readonly blocks: BlockIndex;
  readonly chain: CanonicalChain;
  readonly logger: Logger;
  /** Told of each decision that is on disk, in the order of the log. */
  readonly onDurable: (decision: Decision) => void;
}

/**
 * Entries under way at once, some 25 MB: the next decision waits until they are on disk. Well below what the log refuses,
 * since a refusal would undo all that is under way.
 */
const MAX_ENTRIES_UNDER_WAY = 50_000;

export class Decisions {
  #turn: Promise<void> = Promise.resolve();
  /** Settles when all that was appended so far is on disk. */
  #tail: Promise<void> = Promise.resolve();
  readonly #pending = new Set<Pending>();
  #failure: unknown;

  constructor(private readonly options: DecisionsOptions) {}

  /**
   * Resolves when what `decide` decided, and everything decided before, is on disk.
   * @param prepare reads what the decision needs; no other decision is made meanwhile.
   * @throws {LogUnavailableError} when it could not be written; then nothing of it remains.
   */
  async make<Prepared>(prepare: () => Promise<Prepared>, decide: (prepared: Prepared) => Made): Promise<Decision> {
    // The flush is no part of the turn: the next decision is made while this one is being written.
    const { decision, durable } = await this.#alone(async () => {
      await this.#room();
      const prepared = await prepare();
      // What it would be based on is being undone.
      if (this.#failure !== undefined) throw this.#failure;
      const made = decide(prepared);
      return { decision: made.decision, durable: this.#append(made) };
    });
    await durable;
    return decision;
  }

  /** Takes over a commit of another writer, when what could not be written here has been undone. */
  async follow({ seq, entries }: Commit): Promise<void> {
    await this.#alone(() => {
      this.options.chain.forgetRescan();
      const moves = this.options.chain.adopt(entries);
      this.#note(entries, seq);
      this.options.blocks.noteMoves(moves, seq);
      return Promise.resolve();
    });
  }

  /** Ids of the facts of a block that are on their way to the disk. */
  idsUnderWay(blockHash: string): readonly ReadonlySet<string>[] {
    const found: ReadonlySet<string>[] = [];
    for (const { factIds } of this.#pending) {
      const ids = factIds.get(blockHash);
      if (ids !== undefined) found.push(ids);
    }
    return found;
  }

  /** Resolves when there is room for one more decision, or when those under way have failed. */
  async #room(): Promise<void> {
    let underWay = 0;
    for (const { decision } of this.#pending) underWay += decision.entries.length;
    if (underWay >= MAX_ENTRIES_UNDER_WAY) await this.#tail.catch(() => undefined);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#turn.then(async () => {
      if (this.#failure !== undefined) await this.#undoUnwritten();
      return work();
    });
    this.#turn = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  /** @returns what resolves when it is on disk. */
  #append(made: Made): Promise<void> {
    // It may repeat what is under way, and must not be acknowledged before that is on disk. Nor by a process that another
    // has followed as the writer: where this one knows nothing new, that one may.
    if (made.decision.entries.length === 0)
      return Promise.all([this.#tail, this.options.log.confirm()]).then(() => undefined);
    const pending: Pending = {
      ...made,
      appended: this.options.log.append(made.decision.entries).then((position) => {
        pending.furtherCommits = position.furtherCommits ?? [];
        return position;
      }),
      acknowledged: false,
      furtherCommits: [],
    };
    this.#pending.add(pending);
    const durable = Promise.all([this.#tail, pending.appended]).then(([, { commitSeq }]) => {
      this.#acknowledge(pending, commitSeq);
      this.#pending.delete(pending);
    });
    durable.catch((error: unknown) => this.#fail(pending, error));
    this.#tail = durable;
    return durable;
  }

  #acknowledge(pending: Pending, commitSeq: number): void {
    if (pending.acknowledged) return;
    pending.acknowledged = true;
    const { decision } = pending;
    const { blocks, onDurable } = this.options;
    this.#note(decision.entries, commitSeq, pending.furtherCommits);
    blocks.noteMoves(decision.moves, commitSeq);
    onDurable(decision);
  }

  /** @param furtherCommits when there are any, `entries` begin with the first commit. */
  #note(entries: readonly LogEntry[], commitSeq: number, furtherCommits: readonly number[] = []): void {
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'fact' && entry.fact.chain !== undefined) {
        const holding = furtherCommits.findLast((begin) => begin <= commitSeq + index) ?? commitSeq;
        this.options.blocks.noteFacts(entry.fact.chain.blockHash, holding);
      }
    }
  }

  #fail(pending: Pending, error: unknown): void {
    // Of several that fail together, the first to be heard of undoes them all.
    if (this.#failure !== undefined || !this.#pending.has(pending)) return;
    this.#failure = error;
    this.options.logger.debug({ err: error, decisions: this.#pending.size }, 'deliveries could not be written');
    // Whoever comes next undoes it; if nobody comes, this does.
    void this.#alone(() => Promise.resolve());
  }

  /** Runs alone, so nothing is added meanwhile; but those before the one that failed may reach the disk, and be told. */
  async #undoUnwritten(): Promise<void> {
    const { chain } = this.options;
    const pending = [...this.#pending];
    const outcomes = await Promise.allSettled(pending.map(({ appended }) => appended));
    this.#pending.clear();
    const firstLost = outcomes.findIndex(({ status }) => status === 'rejected');
    const undone = firstLost === -1 ? [] : pending.slice(firstLost);
    for (const { decision } of undone.toReversed()) chain.undo(decision);
    for (const [i, made] of pending.entries()) {
      const outcome = outcomes[i];
      if (outcome?.status !== 'fulfilled') continue;
      // One that was appended in the moment before the failure was known may have been written all the same. It stays,
      // as the log says, though its delivery is refused: what it was based on has gone.
      if (undone.includes(made)) chain.adopt(made.decision.entries);
      this.#acknowledge(made, outcome.value.commitSeq);
    }
    this.#tail = Promise.resolve();
    this.#failure = undefined;
  }
}
