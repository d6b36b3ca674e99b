import { pack, unpack } from 'msgpackr';
import type { Logger } from 'pino';
import { Aggregator } from '../analyzers/aggregator.js';
import { ownPart, packedPart, type Part } from '../analyzers/columns/dump.js';
import { BlockIndex, type BlockIndexDump } from '../chain/blocks.js';
import { LogUnavailableError, type EventLog } from '../log/log.js';
import { mismatch } from '../log/position.js';
import { CheckpointFile } from './checkpoint.js';

/**
 * The folds and what they know of blocks, at one log position, kept over restarts. A checkpoint that is missing, damaged,
 * of another code version or of another log is not used: the log is folded from its start, to the same metrics.
 */
export interface FoldState {
  readonly aggregator: Aggregator;
  readonly blocks: BlockIndex;
}

/** Goes up with every change of how a fact is folded or of what the parts hold. */
const CODE_VERSION = 10;

/** Blocks that make a part, packed in half a millisecond. */
const BLOCKS_A_PART = 500;

/** The last part, as msgpack. Before it come those of the aggregator, then slices of the blocks and of their commits. */
interface Rest extends Pick<BlockIndexDump, 'seq' | 'lastEntry' | 'reorgs'> {
  readonly aggregatorParts: number;
}
type Slice = Pick<BlockIndexDump, 'blocks' | 'commits'>;

export class FoldStateFile {
  readonly #file: CheckpointFile;

  constructor(
    path: string,
    private readonly log: EventLog,
    private readonly logger: Logger,
  ) {
    this.#file = new CheckpointFile(path, CODE_VERSION, logger);
  }

  /** Whether a log with entries has left a checkpoint, even one that is damaged or not of this log. */
  isOfEntries(): Promise<boolean> {
    return this.#file.isOfEntries();
  }

  /**
   * The state to go on from: that of the checkpoint, or an empty one. Its position is `blocks.seq`.
   * @throws {LogUnavailableError} when the log is away, which tells nothing against the checkpoint.
   */
  async load(): Promise<FoldState> {
    const checkpoint = await this.#file.load();
    if (checkpoint === undefined) return empty();
    try {
      const { seq, parts } = checkpoint;
      const { aggregatorParts, ...rest } = unpack(parts.at(-1) ?? new Uint8Array()) as Rest;
      const strange = await mismatch(this.log, { seq, lastEntry: rest.lastEntry });
      if (strange === undefined) {
        const slices = parts.slice(aggregatorParts, -1).map((part) => unpack(part) as Slice);
        const blocks = slices.flatMap((slice) => slice.blocks);
        const commits = slices.flatMap((slice) => slice.commits);
        return {
          aggregator: Aggregator.load(parts.slice(0, aggregatorParts)),
          blocks: BlockIndex.load({ ...rest, blocks, commits }),
        };
      }
      this.logger.warn({ reason: strange }, 'checkpoint is not of this log: everything is folded anew');
    } catch (error) {
      if (error instanceof LogUnavailableError) throw error;
      this.logger.warn({ err: error }, 'checkpoint could not be loaded: everything is folded anew');
    }
    return empty();
  }

  /**
   * Writes `state` as it is at the call; on disk when it resolves. Folding may go on at once: of what it changes 4 KB are
   * copied first as long as they are not written, which comes to the size of the state at the most. The log is not asked.
   */
  async save({ aggregator, blocks }: FoldState): Promise<void> {
    const known = blocks.dump();
    const lent = aggregator.dump();
    try {
      await this.#file.save(known.seq, partsOf(lent, known));
    } finally {
      for (const part of lent) part.release();
    }
  }
}

/** The long ones are packed as they are written, so that a long list of blocks holds nothing up. */
function* partsOf(lent: readonly Part[], known: BlockIndexDump): Generator<Part> {
  yield* lent;
  const { seq, lastEntry, blocks, commits, reorgs } = known;
  for (let at = 0; at < Math.max(blocks.length, commits.length); at += BLOCKS_A_PART) {
    const end = at + BLOCKS_A_PART;
    yield packedPart((): Slice => ({ blocks: blocks.slice(at, end), commits: commits.slice(at, end) }));
  }
  const rest: Rest = { seq, reorgs, lastEntry, aggregatorParts: lent.length };
  yield ownPart(pack(rest));
}

function empty(): FoldState {
  return { aggregator: new Aggregator(), blocks: new BlockIndex() };
}
